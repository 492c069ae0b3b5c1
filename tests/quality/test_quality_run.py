"""Checks of answers from a real program to the store."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from spanwise.store import Store
from tests.cli.command import spanwise
from tests.emulator import Emulator


PROGRAM = """
from urllib.parse import quote
from openai import OpenAI

client = OpenAI(api_key="any", max_retries=0)

def ask(scenario, **more):
    client.chat.completions.create(
        model="gpt-4.1-mini",
        messages=[{"role": "user", "content": "Where do I bring the old rake?"}],
        extra_headers={"x-emulator": scenario},
        **more,
    )

ask("refusal")
ask("length")
ask("text;text=" + quote("I'm sorry, but I can't help with that."))
wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object", "required": ["b"]}}}
ask("text;text=" + quote('{"a": 1}'), response_format=wanted)
ask("text;text=" + quote("Bring it to the depot."))
"""


def run(directory: Path, *, capture: str) -> list[tuple[str, str | None]]:
    """Name and label of each score that the store has after the program ran."""
    (directory / "app.py").write_text(PROGRAM, "utf-8")
    with Emulator() as emulator:
        ended = spanwise(
            directory,
            "run",
            sys.executable,
            "app.py",
            OPENAI_BASE_URL=emulator.openai_url,
            OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=capture,
        )
    assert ended.returncode == 0, ended.stderr
    store = Store(directory / ".spanwise" / "spanwise.duckdb")
    return sorted((score.name, score.label) for score in store.scores())


def test_findings_reach_the_store(tmp_path: Path) -> None:
    """With content each fault has its score in the store, and the good call has none."""
    assert run(tmp_path, capture="SPAN_ONLY") == [
        ("refusal", "refused"),
        ("refusal", "refused"),
        ("schema_match", "mismatch"),
        ("truncation", "cut_off"),
    ]
    ((checks,),) = (
        Store(tmp_path / ".spanwise" / "spanwise.duckdb")
        .sql("SELECT attributes->>'$.\"spanwise.quality.checks\"' FROM spans ORDER BY start DESC LIMIT 1")
        .rows
    )
    assert json.loads(str(checks)) == ["truncation", "refusal", "empty_output", "repetition"]


def test_without_content_what_the_response_says_is_left(tmp_path: Path) -> None:
    """Without content the provider's own mark of a refusal and the truncation are found, and no more."""
    assert run(tmp_path, capture="NO_CONTENT") == [("refusal", "refused"), ("truncation", "cut_off")]
