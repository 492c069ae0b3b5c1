"""However a stream ends: one span, its outcome, the right status, and the tokens so far."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import itertools
import threading
from collections.abc import Callable, Mapping
from typing import Any

import openai
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from tests.instrument.streams.wire import ANTHROPIC, OPENAI, PROVIDERS, WORDS, Broken, Provider, Sdk
from tests.instrument.telemetry import Telemetry


BOTH = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)


def expect(telemetry: Telemetry, outcome: str, *, output_tokens: int | None, error: str | None = None) -> ReadableSpan:
    """The only span, which ended as it should have."""
    span = telemetry.one()
    found: Mapping[str, Any] = dict(span.attributes or {})
    assert found["spanwise.stream.outcome"] == outcome
    assert found.get("gen_ai.usage.output_tokens") == output_tokens
    assert found.get("error.type") == error
    assert span.status.status_code is (StatusCode.UNSET if error is None else StatusCode.ERROR)
    return span


def so_far(provider: Provider) -> int | None:
    """Output tokens that are known before the end: Anthropic begins with one, OpenAI counts at the end."""
    return 1 if provider is ANTHROPIC else None


@BOTH
def test_drained(provider: Provider, telemetry: Telemetry) -> None:
    """A stream that was read to its end has everything, with the times of its chunks."""
    events = list(provider.ask(provider.client()))
    assert len(events) >= WORDS
    found: dict[str, Any] = dict(expect(telemetry, "drained", output_tokens=WORDS).attributes or {})
    assert found["gen_ai.usage.input_tokens"] == 11
    assert found["gen_ai.response.time_to_first_chunk"] > 0
    assert found["spanwise.response.time_per_output_chunk"] > 0


@BOTH
async def test_drained_by_a_coroutine(provider: Provider, telemetry: Telemetry) -> None:
    """The same for coroutines."""
    assert len([event async for event in await provider.ask(provider.aclient())]) >= WORDS
    expect(telemetry, "drained", output_tokens=WORDS)


@BOTH
def test_closed(provider: Provider, telemetry: Telemetry) -> None:
    """A stream that its reader closes is no error."""
    stream = provider.ask(provider.client())
    next(iter(stream))
    stream.close()
    found = dict(expect(telemetry, "closed", output_tokens=so_far(provider)).attributes or {})
    assert "spanwise.response.time_per_output_chunk" not in found


@BOTH
async def test_closed_by_a_coroutine(provider: Provider, telemetry: Telemetry) -> None:
    """The same for coroutines."""
    stream = await provider.ask(provider.aclient())
    await anext(aiter(stream))
    await stream.close()
    expect(telemetry, "closed", output_tokens=so_far(provider))


@BOTH
def test_abandoned(provider: Provider, telemetry: Telemetry) -> None:
    """A stream that nobody holds any more ends with the garbage collector, without an error."""
    stream = provider.ask(provider.client())
    next(iter(stream))
    del stream
    span = telemetry.one()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] in {"closed", "abandoned"}
    assert span.status.status_code is StatusCode.UNSET


@BOTH
async def test_cancelled(provider: Provider, telemetry: Telemetry) -> None:
    """A task that is cancelled while it reads says so, and the cancellation reaches it."""
    reading = asyncio.Event()

    async def read() -> None:
        async for _ in await provider.ask(provider.aclient()):
            reading.set()

    task = asyncio.create_task(read())
    await reading.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    del task
    expect(telemetry, "cancelled", output_tokens=so_far(provider), error="CancelledError")


@BOTH
def test_failed(provider: Provider, telemetry: Telemetry) -> None:
    """A connection that breaks in the middle is an error, and the reader gets the SDK's exception for it."""
    stream = provider.ask(provider.client(breaks_at=6))
    with pytest.raises((Broken, openai.APIConnectionError)):
        list(stream)
    expect(telemetry, "failed", output_tokens=so_far(provider), error="Broken")


@BOTH
async def test_failed_under_a_coroutine(provider: Provider, telemetry: Telemetry) -> None:
    """The same for coroutines."""
    stream = await provider.ask(provider.aclient(breaks_at=6))
    with pytest.raises((Broken, openai.APIConnectionError)):
        [event async for event in stream]
    expect(telemetry, "failed", output_tokens=so_far(provider), error="Broken")


@BOTH
def test_never_read(provider: Provider, telemetry: Telemetry) -> None:
    """A stream that nobody reads is one span, without tokens."""
    stream = provider.ask(provider.client())
    del stream
    span = telemetry.one()
    assert "gen_ai.usage.output_tokens" not in (span.attributes or {})
    assert span.status.status_code is StatusCode.UNSET


def _in_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def _in_context(work: Callable[[], None]) -> None:
    contextvars.Context().run(work)


@pytest.mark.parametrize("elsewhere", [_in_thread, _in_context])
@BOTH
def test_read_elsewhere(provider: Provider, elsewhere: Callable[..., None], telemetry: Telemetry) -> None:
    """Who reads is not who asked: the span is still a child of where it was asked, and ends once."""
    tracer = telemetry.provider.get_tracer("application")
    with tracer.start_as_current_span("asks") as asks:
        stream = provider.ask(provider.client())
    read: list[Sdk] = []
    elsewhere(lambda: read.extend(stream))
    assert len(read) >= WORDS
    (span,) = [span for span in telemetry.spans() if span.name != "asks"]
    assert span.parent == asks.get_span_context()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] == "drained"


@BOTH
def test_teed(provider: Provider, telemetry: Telemetry) -> None:
    """Two readers of one `tee` see the same events, and there is one span."""
    one, two = itertools.tee(provider.ask(provider.client()))
    assert list(one) == list(two)
    expect(telemetry, "drained", output_tokens=WORDS)


@BOTH
def test_iterated_twice(provider: Provider, telemetry: Telemetry) -> None:
    """The second loop goes on where the first stopped, as without us, and there is one span."""
    stream = provider.ask(provider.client())
    first = list(itertools.islice(stream, 3))
    rest = list(stream)
    assert len(first) == 3
    assert rest
    assert list(stream) == []
    expect(telemetry, "drained", output_tokens=WORDS)


@BOTH
def test_content_of_a_stream_is_that_of_the_call(
    provider: Provider, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs of text that are parsed as one say what all their events said."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    list(provider.ask(provider.client()))
    assert "word " * WORDS in telemetry.attributes()["gen_ai.output.messages"]


def test_a_hidden_usage_stays_hidden(telemetry: Telemetry) -> None:
    """The usage that we asked for is on the span and not among the events of the reader."""
    events = list(OPENAI.ask(OPENAI.client()))
    assert all(event.choices for event in events)
    expect(telemetry, "drained", output_tokens=WORDS)


def test_nothing_is_left_to_watch(telemetry: Telemetry) -> None:
    """After all streams have ended, none is waited for at exit."""
    from spanwise.instrument.core.orphan import ORPHANS

    before = len(ORPHANS._open)
    list(OPENAI.ask(OPENAI.client()))
    stream = ANTHROPIC.ask(ANTHROPIC.client())
    next(iter(stream))
    del stream
    gc.collect()
    assert len(telemetry.spans()) == 2
    assert len(ORPHANS._open) == before
