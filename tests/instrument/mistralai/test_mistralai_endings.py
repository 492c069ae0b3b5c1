"""Streams of the `mistralai` SDK that end in every way but the intended one, its own tracing, and faults of ours."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from tests.emulator import Emulator
from tests.instrument.mistralai.sdk import ERRORS, MESSAGES, MODEL, RELEASE, aclient, client
from tests.instrument.telemetry import Telemetry


CHAT: dict[str, Any] = {"model": MODEL, "messages": MESSAGES}


def test_abandoned_to_the_garbage_collector(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream read in part and dropped is one span with what was known by then, and no error."""
    with client(emulator, "default;chunks=50") as sdk:
        events = sdk.chat.stream(**CHAT)
        next(iter(events))
        del events
        gc.collect()
        span = telemetry.one()
    found = dict(span.attributes or {})
    assert found["spanwise.stream.outcome"] in ("closed", "abandoned")
    assert found["gen_ai.response.id"]
    assert span.status.status_code is StatusCode.UNSET


def test_never_read(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream nobody ever reads is one span."""
    with client(emulator) as sdk:
        events = sdk.chat.stream(**CHAT)
        del events
        gc.collect()
    assert telemetry.attributes()["gen_ai.request.stream"] is True


@pytest.mark.skipif(RELEASE < (1, 3), reason="streams became context managers later")
def test_closed_early(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream closed early is one span without an error, and the caller's own exception is not blamed on the call."""
    failure = RuntimeError("the caller's")
    with client(emulator, "default;chunks=50") as sdk:
        with pytest.raises(RuntimeError) as caught, sdk.chat.stream(**CHAT) as events:
            for _ in events:
                raise failure
        assert caught.value is failure
        span = telemetry.one()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] == "closed"
    assert span.status.status_code is StatusCode.UNSET


async def test_cancelled(telemetry: Telemetry, emulator: Emulator) -> None:
    """A task cancelled in mid-stream is one span that says so, and the cancellation reaches the task."""
    async with aclient(emulator, "slow_chunks;delay_s=0.05;chunks=100") as sdk:
        started = asyncio.Event()

        async def read() -> None:
            async for _ in await sdk.chat.stream_async(**CHAT):
                started.set()

        task = asyncio.create_task(read())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    span = telemetry.one()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] == "cancelled"
    assert span.status.status_code is StatusCode.ERROR


async def test_many_at_once(telemetry: Telemetry, emulator: Emulator) -> None:
    """Concurrent calls of one client do not mix."""
    async with aclient(emulator, "echo") as sdk:

        async def ask(number: int) -> None:
            model = f"m-{number}"
            async for _ in await sdk.chat.stream_async(model=model, messages=MESSAGES):
                pass

        await asyncio.gather(*(ask(number) for number in range(8)))
    spans = [dict(span.attributes or {}) for span in telemetry.spans()]
    assert {found["gen_ai.request.model"] for found in spans} == {f"m-{number}" for number in range(8)}
    assert all(found["gen_ai.request.model"] == found["gen_ai.response.model"] for found in spans)


@pytest.fixture
def own_spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What the SDK traces itself, on a global provider."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    # Since 2.6 it has to be asked for.
    monkeypatch.setenv("MISTRAL_SDK_TELEMETRY", "global")
    yield exporter
    provider.shutdown()


@pytest.mark.skipif(RELEASE < (1, 10), reason="the SDK traces itself since 1.10")
@pytest.mark.parametrize("is_async", [False, True])
async def test_the_sdks_own_spans_are_replaced(
    telemetry: Telemetry, emulator: Emulator, own_spans: InMemorySpanExporter, *, is_async: bool
) -> None:
    """A call of a model has our span and not the SDK's; what we have no span for keeps the SDK's."""
    if is_async:
        async with aclient(emulator) as sdk:
            await sdk.chat.complete_async(**CHAT)
    else:
        with client(emulator) as sdk:
            sdk.chat.complete(**CHAT)
            list(sdk.chat.stream(**CHAT))
            telemetry.exporter.clear()
            sdk.chat.complete(**CHAT)
    assert telemetry.one().name == f"chat {MODEL}"
    assert own_spans.get_finished_spans() == ()
    with client(emulator) as sdk, pytest.raises(ERRORS.SDKError):
        sdk.models.list()
    assert len(own_spans.get_finished_spans()) == 1


def test_suppression_is_honoured(telemetry: Telemetry, emulator: Emulator) -> None:
    """Suppressed instrumentation makes no span."""
    from opentelemetry.instrumentation.utils import suppress_instrumentation

    with client(emulator) as sdk, suppress_instrumentation():
        sdk.chat.complete(**CHAT)
    assert telemetry.spans() == []


def test_our_failures_do_not_reach_the_caller(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every hook of ours broken the caller's results are the same."""
    from spanwise.instrument.body import feed
    from spanwise.instrument.core import call
    from spanwise.instrument.core.tap import Tap
    from spanwise.instrument.tap import mistralai

    monkeypatch.delenv("SPANWISE_RAISE")

    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError("broken")

    with client(emulator, "text;text=all%20good;chunks=4") as sdk:
        for owner, name in (
            (mistralai, "follow"), (mistralai.MistralTap, "_codec"), (mistralai.MistralTap, "_replaces"),
            (Tap, "begin"), (call.Call, "say"), (call.Call, "end"), (feed.EventFeed, "feed"),
            (feed.EventFeed, "settle"),
        ):  # fmt: skip
            with monkeypatch.context() as patch:
                patch.setattr(owner, name, broken)
                events = list(sdk.chat.stream(**CHAT))
                text = "".join(event.data.choices[0].delta.content for event in events)
                assert text == "all good", name
                assert sdk.chat.complete(**CHAT).choices, name
    gc.collect()


def test_cloud_clients_name_their_clouds(emulator: Emulator) -> None:
    """The provider of the clients for Azure and Google Cloud is that cloud, wherever they point."""
    from spanwise.instrument.tap.mistralai import _provider

    for home, name in (
        ("mistralai_azure.chat", "azure.ai.inference"),
        ("mistralai.azure.client.chat", "azure.ai.inference"),
        ("mistralai_gcp.chat", "gcp.vertex_ai"),
        ("mistralai.gcp.client.chat", "gcp.vertex_ai"),
        ("mistralai.client.chat", "mistral_ai"),
    ):
        assert _provider(type("Chat", (), {"__module__": home})(), emulator.url) == name
