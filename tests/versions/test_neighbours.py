"""Other instrumentations of the same SDKs, installed beside ours, under `opentelemetry-instrument`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.versions.overlay import environment, overlay


PROGRAM = """
import anthropic, openai
with openai.OpenAI() as sdk:
    sdk.chat.completions.create(model="gpt-4.1-mini", messages=[{"role": "user", "content": "a"}])
    list(sdk.chat.completions.create(model="gpt-4.1-mini", messages=[{"role": "user", "content": "a"}], stream=True))
    sdk.embeddings.create(model="text-embedding-3-small", input="a")
with anthropic.Anthropic() as claude:
    message = [{"role": "user", "content": "a"}]
    claude.messages.create(model="claude-haiku-4-5", max_tokens=9, messages=message)
    list(claude.messages.create(model="claude-haiku-4-5", max_tokens=9, messages=message, stream=True))
"""
CALLS = ["chat claude-haiku-4-5"] * 2 + ["chat gpt-4.1-mini"] * 2 + ["embeddings text-embedding-3-small"]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for the module."""
    with Emulator() as running:
        yield running


def spans(ran: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    """The spans a console exporter printed."""
    decoder, text, found = json.JSONDecoder(), ran.stdout, []
    while (start := text.find("{")) >= 0:
        span, end = decoder.raw_decode(text[start:])
        found.append(span)
        text = text[start + end :]
    return found


def run(emulator: Emulator, folder: Path, program: str = PROGRAM, **variables: str) -> list[dict[str, object]]:
    """The spans of `program` under plain `opentelemetry-instrument`."""
    variables = {
        "OPENAI_BASE_URL": emulator.openai_url,
        "ANTHROPIC_BASE_URL": emulator.anthropic_url,
        "OPENAI_API_KEY": "k",
        "ANTHROPIC_API_KEY": "k",
        "OTEL_TRACES_EXPORTER": "console",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        **variables,
    }
    ran = subprocess.run(
        [str(Path(sys.executable).parent / "opentelemetry-instrument"), sys.executable, "-c", program],
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr, ran.stderr
    return spans(ran)


def test_alone_with_native_tracing(emulator: Emulator, tmp_path: Path) -> None:
    """With the Anthropic SDK's own tracing on, each call is one span, ours, priced."""
    found = run(emulator, tmp_path)
    assert sorted(str(span["name"]) for span in found) == CALLS
    for span in found:
        attributes = span["attributes"]
        assert isinstance(attributes, dict)
        assert attributes["spanwise.cost.status"] == "exact", attributes


@pytest.mark.slow
def test_beside_the_official_instrumentation(emulator: Emulator, tmp_path: Path) -> None:
    """With OpenTelemetry's own instrumentations of both SDKs installed, each call is still one priced span."""
    folder = overlay(
        tmp_path / "official",
        "opentelemetry-instrumentation-genai-openai==1.3b0",
        "opentelemetry-instrumentation-genai-anthropic==1.3b0",
        "opentelemetry-util-genai==1.3b0",
        dependencies=False,
    )
    found = run(emulator, folder)
    assert sorted(str(span["name"]) for span in found) == CALLS
    for span in found:
        attributes = span["attributes"]
        assert isinstance(attributes, dict)
        assert "spanwise.cost.status" in attributes


def test_disabled_by_name(emulator: Emulator, tmp_path: Path) -> None:
    """Our instrumentors can be switched off one by one; the requests of that SDK are plain ones then, or nothing."""
    off = "spanwise-openai"
    found = run(emulator, tmp_path, OTEL_PYTHON_DISABLED_INSTRUMENTATIONS=off, SPANWISE_HTTP="off")
    assert sorted(str(span["name"]) for span in found) == ["chat claude-haiku-4-5"] * 2
    found = run(emulator, tmp_path, OTEL_PYTHON_DISABLED_INSTRUMENTATIONS=off)
    assert sorted(str(span["name"]) for span in found) == sorted(CALLS)


def test_sdk_disabled(emulator: Emulator, tmp_path: Path) -> None:
    """`OTEL_SDK_DISABLED` leaves nothing of us."""
    assert run(emulator, tmp_path, OTEL_SDK_DISABLED="true") == []
