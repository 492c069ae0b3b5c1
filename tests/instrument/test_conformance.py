"""Everything we emit follows the conventions: spans as the instrumentors make them and as the pipeline leaves them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import anthropic
import openai
import pytest

from spanwise.pipeline import Pipeline
from spanwise.record.sdk import from_readable
from spanwise.semconv import check
from spanwise.semconv.checker import Severity
from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry


RELEASE = tuple(int(part) for part in openai.VERSION.split(".")[:2])
MESSAGES: Any = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Mail jane@doe.org."}]
TOOL: Any = {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}
IMAGE: Any = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


def chat(sdk: Any) -> None:
    """A plain chat with parameters."""
    sdk.chat.completions.create(model="gpt-4.1-mini", messages=MESSAGES, temperature=0.5, n=2, seed=7, stop=["x"])


def streamed(sdk: Any) -> None:
    """A streamed chat."""
    list(sdk.chat.completions.create(model="gpt-4.1-mini", messages=MESSAGES, stream=True))


def tools(sdk: Any) -> None:
    """A tool loop with an image in the question."""
    asked = [{"role": "user", "content": [{"type": "text", "text": "look"}, IMAGE]}]
    answer = sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked, tools=[TOOL])
    message = answer.choices[0].message
    results = [{"role": "tool", "tool_call_id": call.id, "content": '{"a": 1}'} for call in message.tool_calls]
    sdk.chat.completions.create(model="gpt-4.1-mini", messages=[*asked, message.model_dump(), *results], tools=[TOOL])


def embedding(sdk: Any) -> None:
    """An embedding."""
    sdk.embeddings.create(model="text-embedding-3-small", input="hello", dimensions=64)


def legacy(sdk: Any) -> None:
    """A legacy completion, whole and streamed."""
    sdk.completions.create(model="gpt-3.5-turbo-instruct", prompt="hello", max_tokens=9)
    list(sdk.completions.create(model="gpt-3.5-turbo-instruct", prompt="hello", max_tokens=9, stream=True))


def responses(sdk: Any) -> None:
    """The responses API, whole and streamed, with a tool."""
    if RELEASE >= (1, 66):
        sdk.responses.create(model="gpt-4.1-mini", input="hello", instructions="Be brief.")
        list(sdk.responses.create(model="gpt-4.1-mini", input=MESSAGES, stream=True))


def failing(sdk: Any) -> None:
    """A call that is refused by the provider, and one that fails in mid-stream."""
    with contextlib.suppress(openai.APIError):
        chat(sdk.with_options(default_headers={"x-emulator": "error_400"}, max_retries=0))
    with contextlib.suppress(openai.APIError):
        streamed(sdk.with_options(default_headers={"x-emulator": "stream_error"}, max_retries=0))


def refused(sdk: Any) -> None:
    """A refusal, a filtered answer and one cut short."""
    for scenario in ("refusal", "content_filter", "length"):
        chat(sdk.with_options(default_headers={"x-emulator": scenario}))


def abandoned(sdk: Any) -> None:
    """A stream closed after its first chunk."""
    with sdk.chat.completions.create(model="gpt-4.1-mini", messages=MESSAGES, stream=True) as stream:
        next(iter(stream))


def claude(sdk: Any) -> None:
    """Claude: whole, streamed, with a tool, refused, failing."""
    asked: Any = {"model": "claude-haiku-4-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hello"}]}
    tool = {"name": "f", "description": "d", "input_schema": {"type": "object"}}
    sdk.messages.create(**asked, system="Be brief.", stop_sequences=["x"])
    sdk.messages.create(**asked, tools=[tool])
    list(sdk.messages.create(**asked, stream=True))
    sdk.with_options(default_headers={"x-emulator": "refusal"}).messages.create(**asked)
    with contextlib.suppress(anthropic.APIError):
        sdk.with_options(default_headers={"x-emulator": "error_529"}, max_retries=0).messages.create(**asked)


@pytest.mark.parametrize("content", ["NO_CONTENT", "SPAN_ONLY"])
@pytest.mark.parametrize(
    "calls", [chat, streamed, tools, embedding, legacy, responses, failing, refused, abandoned, claude]
)
def test_no_violation(
    telemetry: Telemetry,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    calls: Callable[[Any], None],
    content: str,
) -> None:
    """The checker finds no violation in what these calls leave, before and after the pipeline."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", content)
    sdk: Any
    if calls is claude:
        sdk = anthropic.Anthropic(base_url=emulator.anthropic_url, api_key="k")
    else:
        sdk = openai.OpenAI(base_url=emulator.openai_url, api_key="k")
    with sdk:
        calls(sdk)
    raw = telemetry.spans()
    pipeline = Pipeline()
    processed = [pipeline.process(from_readable(span)) for span in raw]
    for spans in (raw, processed):
        report = check(spans)
        # A processed span may have events of its own: what checks of quality found.
        assert report.judged == len(raw) + sum(len(span.events) for span in spans if span is not None)
        violations = [finding for finding in report.findings if finding.severity is Severity.VIOLATION]
        assert violations == []
