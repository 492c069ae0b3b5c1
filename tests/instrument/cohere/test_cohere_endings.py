"""Streams of the `cohere` SDK that end in every way but the intended one, and faults of ours."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from tests.emulator import Emulator
from tests.instrument.cohere.sdk import MESSAGES, MODEL, RELEASE, aclient, client
from tests.instrument.telemetry import Telemetry


CHAT: dict[str, Any] = {"model": MODEL, "messages": MESSAGES}
CHAT_V1: dict[str, Any] = {"model": "command-r-08-2024", "message": "Where is my parcel?"}
closable = pytest.mark.skipif(RELEASE < (5, 14), reason="before 5.14 a stream of the SDK swallows what closes it")


@closable
@pytest.mark.parametrize("api", [1, 2])
def test_abandoned_to_the_garbage_collector(telemetry: Telemetry, emulator: Emulator, api: int) -> None:
    """A stream read in part and dropped is one span with what was known by then, and no error."""
    with client(emulator, "default;chunks=50", api=api) as sdk:
        events = sdk.chat_stream(**(CHAT if api == 2 else CHAT_V1))
        next(iter(events))
        del events
        gc.collect()
        span = telemetry.one()
    found = dict(span.attributes or {})
    assert found["spanwise.stream.outcome"] in ("closed", "abandoned")
    assert found["gen_ai.response.id"]
    assert span.status.status_code is StatusCode.UNSET


def test_never_read(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream nobody reads is no call: the SDK sends nothing before the first event is asked for."""
    with client(emulator) as sdk:
        events = sdk.chat_stream(**CHAT)
        del events
        gc.collect()
    assert telemetry.spans() == []
    assert emulator.requests == []


@closable
@pytest.mark.parametrize("api", [1, 2])
def test_closed_early(telemetry: Telemetry, emulator: Emulator, api: int) -> None:
    """A stream closed early is one span without an error."""
    with client(emulator, "default;chunks=50", api=api) as sdk:
        events = sdk.chat_stream(**(CHAT if api == 2 else CHAT_V1))
        next(events)
        events.close()
    assert telemetry.attributes()["spanwise.stream.outcome"] == "closed"
    assert telemetry.one().status.status_code is StatusCode.UNSET


@closable
def test_exception_in_the_callers_loop(telemetry: Telemetry, emulator: Emulator) -> None:
    """The caller's own exception passes through and is not blamed on the call."""
    failure = RuntimeError("the caller's")
    with client(emulator, "default;chunks=50") as sdk:
        with pytest.raises(RuntimeError) as caught:
            for _ in sdk.chat_stream(**CHAT):
                raise failure
        assert caught.value is failure
    caught.value.__traceback__ = None
    span = telemetry.one()
    assert span.status.status_code is StatusCode.UNSET
    assert "error.type" not in (span.attributes or {})


async def test_cancelled(telemetry: Telemetry, emulator: Emulator) -> None:
    """A task cancelled in mid-stream is one span that says so, and the cancellation reaches the task."""
    async with aclient(emulator, "slow_chunks;delay_s=0.05;chunks=100") as sdk:
        started = asyncio.Event()

        async def read() -> None:
            async for _ in sdk.chat_stream(**CHAT):
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
    """Concurrent calls of one client do not mix: each has the tokens of its own words."""
    async with aclient(emulator, "echo") as sdk:

        async def ask(number: int) -> None:
            said = [{"role": "user", "content": "word " * 4 * number}]
            async for _ in sdk.chat_stream(model=f"m-{number}", messages=said):
                pass

        await asyncio.gather(*(ask(number) for number in range(1, 9)))
    spans = [dict(span.attributes or {}) for span in telemetry.spans()]
    spans.sort(key=lambda found: str(found["gen_ai.request.model"]))
    assert [found["gen_ai.usage.output_tokens"] for found in spans] == [5 * number for number in range(1, 9)]


def test_suppression_is_honoured(telemetry: Telemetry, emulator: Emulator) -> None:
    """Suppressed instrumentation makes no span, of a call or of a stream."""
    from opentelemetry.instrumentation.utils import suppress_instrumentation

    with client(emulator) as sdk, suppress_instrumentation():
        sdk.chat(**CHAT)
        assert list(sdk.chat_stream(**CHAT))
    assert telemetry.spans() == []


def test_our_failures_do_not_reach_the_caller(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every hook of ours broken the caller's results are the same."""
    from spanwise.instrument.body import feed
    from spanwise.instrument.core import call
    from spanwise.instrument.core.tap import Tap
    from spanwise.instrument.tap import cohere

    monkeypatch.delenv("SPANWISE_RAISE")

    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError("broken")

    with client(emulator, "text;text=all%20good;chunks=4") as sdk:
        for owner, name in (
            (cohere, "follow"), (cohere, "_goes_elsewhere"), (cohere.Body, "__getitem__"), (Tap, "begin"),
            (call.Call, "say"), (call.Call, "end"), (feed.EventFeed, "feed"), (feed.EventFeed, "settle"),
        ):  # fmt: skip
            with monkeypatch.context() as patch:
                patch.setattr(owner, name, broken)
                events = list(sdk.chat_stream(**CHAT))
                said = [event.delta.message.content.text for event in events if event.type == "content-delta"]
                assert "".join(said) == "all good", name
                assert sdk.chat(**CHAT).message.content, name
    gc.collect()
