"""The demo application under plain `opentelemetry-instrument`: one correct span per call and no secret anywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator


ROOT = Path(__file__).parents[2]
SECRETS = ("4111 1111 1111 1111", "4111111111111111", "sk-proj-A1b2", "@example.", "A1b2A1b2")


@pytest.fixture(scope="module")
def output() -> Iterator[tuple[str, int]]:
    """What the demo prints with content on and a console exporter, and how many calls the provider answered."""
    with Emulator() as emulator:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "SPANWISE_"))}
        ran = subprocess.run(
            [str(Path(sys.executable).parent / "opentelemetry-instrument"), sys.executable, "demo/app.py"],
            cwd=ROOT,
            env={
                **inherited,
                "DEMO_EMULATOR": "1",
                "OPENAI_BASE_URL": emulator.openai_url,
                "OPENAI_API_KEY": "k",
                "ANTHROPIC_BASE_URL": emulator.anthropic_url,
                "ANTHROPIC_API_KEY": "k",
                "OTEL_TRACES_EXPORTER": "console",
                "OTEL_METRICS_EXPORTER": "none",
                "OTEL_LOGS_EXPORTER": "none",
                "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPAN_ONLY",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        yield ran.stdout + ran.stderr, len(emulator.requests)


def spans(text: str) -> list[dict[str, Any]]:
    """The spans among the lines of the application."""
    decoder, found, position = json.JSONDecoder(), [], 0
    while (start := text.find('{\n    "name"', position)) >= 0:
        span, position = decoder.raw_decode(text, start)
        found.append(span)
    return found


def test_one_span_per_call(output: tuple[str, int]) -> None:
    """Every request the provider got is one span or a retry inside one, and every span has what the convention asks."""
    text, requests = output
    calls = [s for s in spans(text) if s["attributes"].get("gen_ai.operation.name") in ("chat", "embeddings")]
    resent = sum(span["attributes"].get("http.request.resend_count", 0) for span in calls)
    assert len(calls) + resent == requests
    assert resent >= 1
    for span in calls:
        found = span["attributes"]
        assert span["kind"] == "SpanKind.CLIENT"
        assert span["name"] == f"{found['gen_ai.operation.name']} {found['gen_ai.request.model']}"
        required = {"gen_ai.provider.name", "gen_ai.response.model", "gen_ai.usage.input_tokens", "server.address"}
        assert required <= found.keys(), found
        assert found["spanwise.cost.status"] == "exact", found
        if found["gen_ai.operation.name"] == "chat":
            assert {
                "gen_ai.response.finish_reasons",
                "gen_ai.usage.output_tokens",
                "gen_ai.response.id",
            } <= found.keys()
            json.loads(found["gen_ai.input.messages"])
    operations = Counter(span["attributes"].get("gen_ai.operation.name") for span in spans(text))
    assert operations["execute_tool"] >= 1
    assert operations["retrieval"] == 1


def test_no_secret_in_the_spans(output: tuple[str, int]) -> None:
    """With content on, what the demo's prompts hold is redacted and counted; nothing printed shows it."""
    text, _ = output
    found = spans(text)
    printed = json.dumps(found)
    assert not [secret for secret in SECRETS if secret in text]
    kinds = {kind for span in found for kind in span["attributes"].get("spanwise.redaction.kinds", ())}
    assert {"card", "email", "openai_key"} <= kinds
    assert "[EMAIL]" in printed
    assert "[CARD]" in printed


@pytest.fixture(scope="module")
def whole() -> tuple[str, str]:
    """What `python -m demo`, which is what `make demo` runs, prints, and what it says beside that."""
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "SPANWISE_", "OPENAI_"))
    }
    ran = subprocess.run(
        [sys.executable, "-m", "demo"],
        cwd=ROOT,
        env=inherited,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout, ran.stderr


def test_the_whole_demo(whole: tuple[str, str]) -> None:
    """It ends well, with a summary, what calls did, and no secret."""
    out, errors = whole
    assistant, desk = [line for line in errors.splitlines() if re.match(r"spanwise: \d+ model calls", line)]
    assert "11 model calls, 3 models" in assistant
    assert "1 refused, 3 values redacted" in assistant
    assert "46 model calls, 2 models" in desk
    assert "sent again 1 time" in out
    assert "gpt-4.1-mini" in out
    assert "3 redacted: card, email, openai_key" in out
    assert "execute_tool look_up_order" in out
    assert not [secret for secret in SECRETS if secret in out + errors]


def test_what_a_desk_is_told(whole: tuple[str, str]) -> None:
    """Cost by user, the better version of the prompt, the refused answer, a warning of a budget, and an alert."""
    out, errors = whole
    assert re.search(r"gita +20 .*\$0\.0014", out)
    scored = {line.split()[0]: line for line in out.splitlines() if line.strip().startswith("answer_customer@")}
    assert "57.1 %" in scored["answer_customer@1"]
    assert "100.0 %" in scored["answer_customer@2"]
    assert re.search(r"finn +answer_customer@2", out)
    assert "budget customer of user gita: 100% reached" in errors
    assert "webhook got: [firing] budget desk: 100% reached" in out
