"""Four suites at once on the same SDKs: one counted span per call, and the right total."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.emulator import Emulator
from tests.versions.overlay import environment, overlay


Json: TypeAlias = Any
"""A parsed span of the store."""

SUITES = (
    "opentelemetry-instrumentation-genai-openai==1.3b0",
    "opentelemetry-instrumentation-genai-anthropic==1.3b0",
    "opentelemetry-util-genai==1.3b0",
    "openinference-instrumentation-openai==0.1.66",
    "openinference-instrumentation-anthropic==3.1.0",
    "openinference-instrumentation==0.1.72",
    "openinference-semantic-conventions==0.1.42",
    "opentelemetry-instrumentation-openai==0.62.4",
    "opentelemetry-instrumentation-anthropic==0.62.4",
    "opentelemetry-semantic-conventions-ai==0.5.1",
)
PROGRAM = """
import anthropic, openai
from concurrent.futures import ThreadPoolExecutor
from opentelemetry import trace
asked = [{"role": "user", "content": "Say hello."}]
usage = {"include_usage": True}
sdk, claude = openai.OpenAI(max_retries=0), anthropic.Anthropic(max_retries=0)
with trace.get_tracer("app").start_as_current_span("work"):
    for _ in range(2):
        sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked)
    list(sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked, stream=True, stream_options=usage))
    sdk.embeddings.create(model="text-embedding-3-small", input="hello")
    try:
        sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked, extra_headers={"x-emulator": "error_400"})
    except openai.BadRequestError:
        pass
    for _ in range(2):
        claude.messages.create(model="claude-haiku-4-5", max_tokens=64, messages=asked)
    list(claude.messages.create(model="claude-haiku-4-5", max_tokens=64, messages=asked, stream=True))
with ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda _: sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked), range(4)))
"""
CALLS = 12


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for the module."""
    with Emulator() as running:
        yield running


def summary(emulator: Emulator, folder: Path, project: Path) -> tuple[Json, list[Json]]:
    """What `spanwise run` says of the program, and every span that the store holds."""
    spanwise = str(Path(sys.executable).parent / "spanwise")
    variables = {
        "OPENAI_BASE_URL": emulator.openai_url,
        "ANTHROPIC_BASE_URL": emulator.anthropic_url,
        "OPENAI_API_KEY": "k",
        "ANTHROPIC_API_KEY": "k",
        "TRACELOOP_TELEMETRY": "false",
    }
    project.mkdir()

    def spanwise_says(*arguments: str) -> subprocess.CompletedProcess[str]:
        ran = subprocess.run(
            [spanwise, *arguments],
            cwd=project,
            env=environment(folder, **variables),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran

    ran = spanwise_says("run", "--json", sys.executable, "-c", PROGRAM)
    traces = json.loads(spanwise_says("traces", "--json", "--limit", "100").stdout)
    spans = [
        span for trace in traces for span in json.loads(spanwise_says("trace", trace["trace_id"], "--json").stdout)
    ]
    return json.loads(ran.stderr.splitlines()[-1]), spans


@pytest.mark.slow
def test_four_suites_at_once(emulator: Emulator, tmp_path: Path) -> None:
    """With three other suites beside ours, the sums are those of ours alone; others say what they repeat."""
    alone, own = summary(emulator, tmp_path / "none", tmp_path / "alone")
    assert (alone["calls"], alone["errors"], alone["unpriced"]) == (CALLS, 1, 1)
    assert len([span for span in own if span["model_call"]]) == CALLS
    folder = overlay(tmp_path / "suites", *SUITES, dependencies=False)
    together, spans = summary(emulator, folder, tmp_path / "together")
    scopes = {span["attributes"].get("spanwise.dialect") for span in spans}
    assert {"openinference", "openllmetry"} <= scopes
    for figure in ("calls", "models", "errors", "unpriced"):
        assert together[figure] == alone[figure], figure
    # The span that is seen first counts, with the usage its suite wrote: OpenLLMetry adds the first event's one output
    # token of a streamed message to the last event's sum.
    assert 0 <= together["tokens"] - alone["tokens"] <= 1
    assert together["cost_usd"] == pytest.approx(alone["cost_usd"], abs=6e-6)
    ids = {span["span_id"] for span in spans}
    repeats = [span for span in spans if span["duplicate_of"]]
    assert len(repeats) >= CALLS
    for span in repeats:
        assert span["duplicate_of"] in ids
        assert span["input_tokens"] is None
        assert span["cost"] is None
        assert not [name for name in span["attributes"] if name.startswith(("gen_ai.usage.", "llm.token_count."))]
