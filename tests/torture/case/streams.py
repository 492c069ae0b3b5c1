"""Streams that end in every way there is: one span each, no error where there was none, no word lost."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import itertools
import threading
from typing import Any

from tests.torture.case.case import Case, Expect, Scene
from tests.torture.observation import Caught
from tests.torture.sdk import TriedSdk
from tests.torture.sdk.tried import LONG, STREAMED, TEXT


DRAINED = "streams: drained, teed, read elsewhere"
CUT_SHORT = "streams: closed, left, abandoned, never read"
FAILED = "streams: failed or cancelled"


def _drained(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client:
        scene.facts["text"] = _joined(scene, scene.sdk.stream(client))


def _in_two_goes(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client:
        stream = scene.sdk.stream(client)
        begun = "".join(scene.sdk.text(chunk) for chunk in itertools.islice(stream, 4))
        scene.facts["text"] = begun + _joined(scene, stream)


def _iterated_twice(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client:
        stream = scene.sdk.stream(client)
        scene.facts["text"] = _joined(scene, stream) + _joined(scene, stream)


def _teed(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client:
        one, two = itertools.tee(scene.sdk.stream(client))
        scene.facts["text"] = _joined(scene, one)
        scene.facts["again"] = _joined(scene, two)


def _in_a_thread(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client:
        stream = scene.sdk.stream(client)
        thread = threading.Thread(target=lambda: scene.facts.update(text=_joined(scene, stream)))
        thread.start()
        thread.join()


def _in_a_context(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client:
        stream = scene.sdk.stream(client)
        scene.facts["text"] = contextvars.Context().run(_joined, scene, stream)


def _context_manager(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client, scene.sdk.stream(client) as stream:
        scene.facts["text"] = _joined(scene, stream)


def _closed_early(scene: Scene) -> None:
    with scene.sdk.client(LONG) as client:
        stream = scene.sdk.stream(client)
        next(iter(stream))
        scene.sdk.close(stream)


def _broken_out_of(scene: Scene) -> None:
    with scene.sdk.client(LONG) as client:
        for _ in scene.sdk.stream(client):
            break
        gc.collect()


def _abandoned(scene: Scene) -> None:
    with scene.sdk.client(LONG) as client:
        stream = scene.sdk.stream(client)
        next(iter(stream))
        del stream
        gc.collect()
        scene.settle(1)


def _never_read(scene: Scene) -> None:
    with scene.sdk.client(LONG) as client:
        stream = scene.sdk.stream(client)
        del stream
        gc.collect()
        scene.settle(1)


def _callers_exception(scene: Scene) -> None:
    failure = RuntimeError("the caller's")
    with scene.sdk.client(LONG) as client, Caught() as caught:
        for _ in scene.sdk.stream(client):
            raise failure
    scene.facts["same"] = caught.error is failure
    caught.error = None
    del failure
    gc.collect()


def _disconnected(scene: Scene) -> None:
    with scene.sdk.client("disconnect;chunks=9") as client, Caught() as caught:
        list(scene.sdk.stream(client))
    scene.facts["raised"] = caught.error is not None


def _error_event(scene: Scene) -> None:
    with scene.sdk.client("stream_error;chunks=9;after=3") as client, Caught() as caught:
        list(scene.sdk.stream(client))
    scene.facts["raised"] = caught.error is not None


async def _drained_async(scene: Scene) -> None:
    async with scene.sdk.async_client(STREAMED) as client:
        scene.facts["text"] = await _joined_async(scene, await scene.sdk.stream(client))


async def _iterated_twice_async(scene: Scene) -> None:
    async with scene.sdk.async_client(STREAMED) as client:
        stream = await scene.sdk.stream(client)
        scene.facts["text"] = await _joined_async(scene, stream) + await _joined_async(scene, stream)


async def _in_a_task(scene: Scene) -> None:
    async with scene.sdk.async_client(STREAMED) as client:
        stream = await scene.sdk.stream(client)
        reading = asyncio.create_task(_joined_async(scene, stream), context=contextvars.Context())
        scene.facts["text"] = await reading


async def _context_manager_async(scene: Scene) -> None:
    async with scene.sdk.async_client(STREAMED) as client, await scene.sdk.stream(client) as stream:
        scene.facts["text"] = await _joined_async(scene, stream)


async def _closed_early_async(scene: Scene) -> None:
    async with scene.sdk.async_client(LONG) as client:
        stream = await scene.sdk.stream(client)
        async for _ in stream:
            break
        await scene.sdk.close(stream)


async def _broken_out_of_async(scene: Scene) -> None:
    async with scene.sdk.async_client(LONG) as client:
        async for _ in await scene.sdk.stream(client):
            break
        gc.collect()
        await asyncio.sleep(0)


async def _never_read_async(scene: Scene) -> None:
    async with scene.sdk.async_client(LONG) as client:
        stream = await scene.sdk.stream(client)
        del stream
        gc.collect()
        await asyncio.sleep(0)


async def _callers_exception_async(scene: Scene) -> None:
    failure = RuntimeError("the caller's")
    async with scene.sdk.async_client(LONG) as client:
        with Caught() as caught:
            async for _ in await scene.sdk.stream(client):
                raise failure
        scene.facts["same"] = caught.error is failure
        caught.error = None
        del failure
        gc.collect()
        await asyncio.sleep(0)


async def _disconnected_async(scene: Scene) -> None:
    async with scene.sdk.async_client("disconnect;chunks=9") as client:
        with Caught() as caught:
            await _joined_async(scene, await scene.sdk.stream(client))
    scene.facts["raised"] = caught.error is not None


async def _error_event_async(scene: Scene) -> None:
    async with scene.sdk.async_client("stream_error;chunks=9;after=3") as client:
        with Caught() as caught:
            await _joined_async(scene, await scene.sdk.stream(client))
    scene.facts["raised"] = caught.error is not None


async def _cancelled(scene: Scene) -> None:
    async with scene.sdk.async_client("slow_chunks;delay_s=0.05;chunks=100") as client:
        begun = asyncio.Event()

        async def read() -> None:
            async for _ in await scene.sdk.stream(client):
                begun.set()

        task = asyncio.create_task(read())
        await begun.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        scene.facts["cancelled"] = task.cancelled()
        del task
        gc.collect()


async def _cancelled_before_the_first_byte(scene: Scene) -> None:
    async with scene.sdk.async_client("slow_first_byte;delay_s=2") as client:
        task = asyncio.create_task(_call(scene, client))
        await asyncio.sleep(0.1)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        scene.facts["cancelled"] = task.cancelled()


async def _call(scene: Scene, client: Any) -> None:
    await scene.sdk.plain(client)


def _joined(scene: Scene, stream: Any) -> str:
    return "".join(scene.sdk.text(chunk) for chunk in stream)


async def _joined_async(scene: Scene, stream: Any) -> str:
    return "".join([scene.sdk.text(chunk) async for chunk in stream])


def cases(sdk: TriedSdk) -> list[Case]:
    """The sync ones, and the async ones where the SDK has them."""
    read = Expect(failed=False, facts={"text": TEXT})
    twice = Expect(failed=False, facts={"text": TEXT, "again": TEXT})
    cut, own = Expect(failed=False), Expect(failed=False, facts={"same": True})
    unread = Expect(spans=0) if sdk.streams_are_lazy else cut
    raised, cancelled = Expect(failed=True, facts={"raised": True}), Expect(facts={"cancelled": True})
    lost = {
        side: Expect(facts={"raised": False}) if side in sdk.hides_lost_connections else raised
        for side in ("sync", "async")
    }
    told = Expect(failed=True, facts={"raised": sdk.raises_in_stream})
    found = [
        Case(DRAINED, "drained sync", _drained, read),
        Case(DRAINED, "in two goes sync", _in_two_goes, read),
        Case(DRAINED, "iterated twice sync", _iterated_twice, read),
        Case(DRAINED, "teed", _teed, twice),
        Case(DRAINED, "in another thread", _in_a_thread, read),
        Case(DRAINED, "in another context", _in_a_context, read),
        Case(CUT_SHORT, "closed early sync", _closed_early, cut),
        Case(CUT_SHORT, "broken out of sync", _broken_out_of, cut),
        Case(CUT_SHORT, "abandoned sync", _abandoned, cut),
        Case(CUT_SHORT, "never read sync", _never_read, unread),
        Case(CUT_SHORT, "the caller's exception sync", _callers_exception, own),
        Case(FAILED, "connection lost sync", _disconnected, lost["sync"]),
        Case(FAILED, "error event sync", _error_event, told),
    ]
    if sdk.has_async:
        found += [
            Case(DRAINED, "drained async", _drained_async, read),
            Case(DRAINED, "iterated twice async", _iterated_twice_async, read),
            Case(DRAINED, "in another task and context", _in_a_task, read),
            Case(CUT_SHORT, "closed early async", _closed_early_async, cut),
            Case(CUT_SHORT, "broken out of async", _broken_out_of_async, cut),
            Case(CUT_SHORT, "never read async", _never_read_async, unread),
            Case(CUT_SHORT, "the caller's exception async", _callers_exception_async, own),
            Case(FAILED, "connection lost async", _disconnected_async, lost["async"]),
            Case(FAILED, "error event async", _error_event_async, told),
            Case(FAILED, "task cancelled in mid-stream", _cancelled, cancelled),
            Case(FAILED, "task cancelled before the first byte", _cancelled_before_the_first_byte, cancelled),
        ]
    if sdk.streams_are_blocks:
        found.append(Case(DRAINED, "as a context manager sync", _context_manager, read))
        if sdk.has_async:
            found.append(Case(DRAINED, "as a context manager async", _context_manager_async, read))
    return found
