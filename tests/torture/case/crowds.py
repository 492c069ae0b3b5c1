"""Crowds: many calls at once, each with its own span under its own parent."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from tests.torture.case.case import Case, Expect, Scene
from tests.torture.sdk import TriedSdk


PROMISE = "200 calls at once: 200 spans, each under its own parent"
CALLS, STREAMS = 200, 40
SHORT = "text;text=alpha%20beta;chunks=3"


def _threads(scene: Scene) -> None:
    with scene.sdk.client(SHORT) as client, ThreadPoolExecutor(16) as pool:

        def job(_: int) -> None:
            with scene.tracer.start_as_current_span("job"):
                scene.sdk.plain(client)

        list(pool.map(job, range(CALLS)))


async def _tasks(scene: Scene) -> None:
    async with scene.sdk.async_client(SHORT) as client:
        turn = asyncio.Semaphore(16)

        async def job() -> None:
            async with turn:
                with scene.tracer.start_as_current_span("job"):
                    await scene.sdk.plain(client)

        await asyncio.gather(*(job() for _ in range(CALLS)))


def _streams_in_turns(scene: Scene) -> None:
    """All open at once, read one chunk each in turn."""
    with scene.sdk.client(SHORT) as client:
        open_streams = []
        for _ in range(STREAMS):
            with scene.tracer.start_as_current_span("job"):
                stream = iter(scene.sdk.stream(client))
                if scene.sdk.streams_are_lazy:
                    next(stream)  # the call is made here
                open_streams.append(stream)
        ended: set[int] = set()
        while len(ended) < STREAMS:
            ended |= {number for number, stream in enumerate(open_streams) if next(stream, None) is None}


def _threads_of_tasks(scene: Scene) -> None:
    async def work() -> None:
        async with scene.sdk.async_client(SHORT) as client:

            async def job() -> None:
                with scene.tracer.start_as_current_span("job"):
                    async for _ in await scene.sdk.stream(client):
                        await asyncio.sleep(0)

            await asyncio.gather(*(job() for _ in range(STREAMS // 4)))

    threads = [threading.Thread(target=lambda: asyncio.run(work())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def cases(sdk: TriedSdk) -> list[Case]:
    """Threads, tasks, and both."""
    many, some = Expect(spans=CALLS, one_each=True), Expect(spans=STREAMS, one_each=True)
    found = [
        Case(PROMISE, "threads", _threads, many),
        Case(PROMISE, "open streams read in turns", _streams_in_turns, some),
    ]
    if sdk.has_async:
        found += [Case(PROMISE, "tasks", _tasks, many), Case(PROMISE, "threads of tasks", _threads_of_tasks, some)]
    return found
