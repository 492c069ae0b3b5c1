"""Streams that end in every way but the intended one, and applications that do more than one thing at a time."""

from __future__ import annotations

import asyncio
import gc
import os
import threading

import anthropic
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from spanwise.instrument import OpenAIInstrumentor
from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry
from tests.instrument.test_openai_tap import MESSAGES, MODEL, Sdk, aclient, client


def stream(sdk: Sdk) -> Sdk:
    """A streamed chat completion."""
    return sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)


def test_abandoned_to_the_garbage_collector(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream read in part and dropped is one span with what was known by then, and no error."""
    with client(emulator, "default;chunks=50") as sdk:
        chunks = stream(sdk)
        next(iter(chunks))
        del chunks
        span = telemetry.one()
    found = dict(span.attributes or {})
    assert found["spanwise.stream.outcome"] in ("closed", "abandoned")
    assert found["gen_ai.response.id"]
    assert span.status.status_code is StatusCode.UNSET


def test_never_read(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream nobody ever reads is one span."""
    with client(emulator) as sdk:
        chunks = stream(sdk)
        del chunks
        gc.collect()
    assert telemetry.attributes()["gen_ai.request.stream"] is True


def test_garbage_collection_under_a_lock_of_the_sdk(emulator: Emulator) -> None:
    """A stream collected while the processor holds its lock does not deadlock."""
    lock = threading.Lock()
    exporter = InMemorySpanExporter()

    class Locking(SimpleSpanProcessor):
        def on_end(self, span: ReadableSpan) -> None:
            with lock:
                super().on_end(span)

    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(Locking(exporter))
    OpenAIInstrumentor().instrument(tracer_provider=provider)
    try:
        with client(emulator, "default;chunks=50") as sdk:
            chunks = stream(sdk)
            next(iter(chunks))
            with lock:
                del chunks
                gc.collect()
            assert len(Telemetry(provider, exporter).spans()) == 1
    finally:
        OpenAIInstrumentor().uninstrument()


def test_closed_early(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream closed early is one span, without an error."""
    with client(emulator, "default;chunks=50") as sdk:
        chunks = stream(sdk)
        next(iter(chunks))
        chunks.close()
    assert telemetry.attributes()["spanwise.stream.outcome"] == "closed"
    assert telemetry.one().status.status_code is StatusCode.UNSET


def test_exception_in_the_callers_loop(telemetry: Telemetry, emulator: Emulator) -> None:
    """The caller's own exception passes through and is not blamed on the call."""
    failure = RuntimeError("the caller's")
    with client(emulator, "default;chunks=50") as sdk:
        with pytest.raises(RuntimeError) as caught, stream(sdk) as chunks:
            for _ in chunks:
                raise failure
        assert caught.value is failure
        span = telemetry.one()
    assert span.status.status_code is StatusCode.UNSET
    assert "error.type" not in (span.attributes or {})


async def test_cancelled(telemetry: Telemetry, emulator: Emulator) -> None:
    """A task cancelled in mid-stream is one span that says so, and the cancellation reaches the task."""
    async with aclient(emulator, "slow_chunks;delay_s=0.05;chunks=100") as sdk:
        started = asyncio.Event()

        async def read() -> None:
            chunks = await sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
            async for _ in chunks:
                started.set()

        task = asyncio.create_task(read())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    span = telemetry.one()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] == "cancelled"
    assert span.status.status_code is StatusCode.ERROR


async def test_cancelled_before_the_first_byte(telemetry: Telemetry, emulator: Emulator) -> None:
    """A call cancelled while it waits is one error span."""
    async with aclient(emulator, "slow_first_byte;delay_s=1") as sdk:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(sdk.chat.completions.create(model=MODEL, messages=MESSAGES), 0.1)
    assert telemetry.attributes()["error.type"] == "CancelledError"


async def test_async_stream_abandoned(telemetry: Telemetry, emulator: Emulator) -> None:
    """An async stream left by `break` is one span."""
    async with aclient(emulator, "default;chunks=50") as sdk:
        chunks = await sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
        async for _ in chunks:
            break
        await chunks.close()
    assert telemetry.attributes()["spanwise.stream.outcome"] == "closed"


def test_two_threads_interleave(telemetry: Telemetry, emulator: Emulator) -> None:
    """Two streams read in turns by two threads keep their own tokens and never each other's parent."""
    tracer = telemetry.provider.get_tracer("application")
    barrier = threading.Barrier(2, timeout=10)

    def work(number: int) -> None:
        with (
            client(emulator, f"default;chunks=10;output_tokens={number}") as sdk,
            tracer.start_as_current_span(f"w{number}"),
        ):
            for _ in stream(sdk):
                if not barrier.broken:
                    barrier.wait()

    threads = [threading.Thread(target=work, args=(number,)) for number in (11, 22)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spans = telemetry.spans()
    parents = {span.context.span_id: span.name for span in spans if span.name.startswith("w")}
    chats = [span for span in spans if span.name.startswith("chat")]
    assert len(chats) == 2
    for span in chats:
        assert span.parent is not None
        assert span.attributes is not None
        assert parents[span.parent.span_id] == f"w{span.attributes['gen_ai.usage.output_tokens']!r}"


def test_stream_read_in_another_thread(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream handed to another thread ends its span there."""
    with client(emulator) as sdk:
        chunks = stream(sdk)
        reader = threading.Thread(target=list, args=(chunks,))
        reader.start()
        reader.join()
    assert telemetry.attributes()["spanwise.stream.outcome"] == "drained"


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_fork(telemetry: Telemetry, emulator: Emulator) -> None:
    """A forked child makes its own spans, abandoned streams included, and the parent keeps its own."""
    with client(emulator) as sdk:
        stream(sdk).close()
        assert len(telemetry.spans()) == 1
        child = os.fork()
        if child == 0:
            code = 1
            try:
                telemetry.exporter.clear()
                with client(emulator, "default;chunks=50") as own:
                    chunks = stream(own)
                    next(iter(chunks))
                    del chunks
                    code = 0 if len(telemetry.spans()) == 1 else 2
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
    assert len(telemetry.spans()) == 1


def test_instrument_twice(telemetry: Telemetry, emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    """Instrumenting twice is one span per call."""
    OpenAIInstrumentor().instrument(tracer_provider=telemetry.provider)
    assert "already instrumented" in caplog.text
    with client(emulator) as sdk:
        sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert len(telemetry.spans()) == 1


def test_uninstrument_undoes_everything(telemetry: Telemetry, emulator: Emulator) -> None:
    """After uninstrument the SDK's methods are its own, and a client that holds one of ours falls through it."""
    from openai._base_client import SyncAPIClient

    with client(emulator) as sdk:
        held = sdk.request
        ours = vars(SyncAPIClient)["request"]
        OpenAIInstrumentor().uninstrument()
        assert vars(SyncAPIClient)["request"] is not ours
        assert not hasattr(vars(SyncAPIClient)["request"], "_spanwise_tap")
        sdk.request = held
        sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert telemetry.spans() == []


def test_suppression_is_honoured(telemetry: Telemetry, emulator: Emulator) -> None:
    """Suppressed instrumentation makes no span."""
    from opentelemetry.instrumentation.utils import suppress_instrumentation

    with client(emulator) as sdk, suppress_instrumentation():
        sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert telemetry.spans() == []


def test_our_failures_do_not_reach_the_caller(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every hook of ours broken the caller's results are the same."""
    from spanwise.instrument.body import feed
    from spanwise.instrument.core import call
    from spanwise.instrument.core.tap import Tap
    from spanwise.instrument.tap import stainless

    monkeypatch.delenv("SPANWISE_RAISE")

    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError("broken")

    with (
        client(emulator, "text;text=all%20good;chunks=4") as sdk,
        anthropic.Anthropic(base_url=emulator.anthropic_url, api_key="k") as claude,
    ):
        for owner, name in (
            (stainless, "_attend"), (stainless, "_attempt"), (Tap, "begin"),
            (stainless.StainlessTap, "_call"), (stainless.StainlessTap, "_start"),
            (call.Call, "say"), (call.Call, "end"), (feed.EventFeed, "feed"), (feed.EventFeed, "flush"),
            (feed.EventFeed, "settle"),
        ):  # fmt: skip
            with monkeypatch.context() as patch:
                patch.setattr(owner, name, broken)
                text = "".join(chunk.choices[0].delta.content or "" for chunk in stream(sdk) if chunk.choices)
                assert text == "all good", name
                assert sdk.chat.completions.create(model=MODEL, messages=MESSAGES).choices, name
                assert claude.messages.create(
                    model="claude-haiku-4-5", max_tokens=9, messages=[{"role": "user", "content": "a"}]
                ).content
    gc.collect()
