"""Context: what the caller does between chunks, and after a call, is no child of the call."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator, Generator

from opentelemetry import trace

from tests.torture.case.case import Case, Expect, Scene
from tests.torture.observation import Caught, Logged
from tests.torture.sdk import TriedSdk
from tests.torture.sdk.tried import LONG, STREAMED


PROMISE = "context is the caller's between chunks and after a call"


def _between(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client, scene.tracer.start_as_current_span("work"):
        for _ in scene.sdk.stream(client):
            with scene.tracer.start_as_current_span("between"):
                pass
        with scene.tracer.start_as_current_span("after"):
            pass


async def _between_async(scene: Scene) -> None:
    async with scene.sdk.async_client(STREAMED) as client:
        with scene.tracer.start_as_current_span("work"):
            async for _ in await scene.sdk.stream(client):
                with scene.tracer.start_as_current_span("between"):
                    pass
            with scene.tracer.start_as_current_span("after"):
                pass


def _left_open(scene: Scene) -> None:
    with scene.sdk.client(LONG) as client:
        with scene.tracer.start_as_current_span("work"):
            stream = scene.sdk.stream(client)
            next(iter(stream))
            with scene.tracer.start_as_current_span("between"):
                pass
        with scene.tracer.start_as_current_span("after"):
            list(stream)
        with scene.tracer.start_as_current_span("later"):
            pass


def _after_an_error(scene: Scene) -> None:
    with scene.sdk.client("error_400") as client, scene.tracer.start_as_current_span("work"):
        with Caught():
            scene.sdk.plain(client)
        with scene.tracer.start_as_current_span("after"):
            pass


async def _after_an_error_async(scene: Scene) -> None:
    async with scene.sdk.async_client("error_400") as client:
        with scene.tracer.start_as_current_span("work"):
            with Caught():
                await scene.sdk.plain(client)
            with scene.tracer.start_as_current_span("after"):
                pass


def _generator_closed_elsewhere(scene: Scene) -> None:
    with scene.sdk.client(LONG) as client, Logged("opentelemetry") as logged:

        def answer() -> Generator[str, None, None]:
            for chunk in scene.sdk.stream(client):
                yield scene.sdk.text(chunk)

        words = answer()
        contextvars.copy_context().run(next, words)
        contextvars.copy_context().run(words.close)
        del words
        scene.settle(1)
    scene.facts["logged"] = logged.messages


async def _generator_closed_elsewhere_async(scene: Scene) -> None:
    async with scene.sdk.async_client(LONG) as client:
        with Logged("opentelemetry") as logged:

            async def answer() -> AsyncIterator[str]:
                stream = await scene.sdk.stream(client)
                try:
                    async for chunk in stream:
                        yield scene.sdk.text(chunk)
                finally:
                    await scene.sdk.close(stream)

            words = answer()
            await asyncio.create_task(_next(words))
            await asyncio.create_task(words.aclose())  # type: ignore[attr-defined] # it is a generator
            scene.settle(1)
    scene.facts["logged"] = logged.messages


async def _next(words: AsyncIterator[str]) -> str:
    return await anext(words)


def _nothing_current(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client:
        scene.sdk.plain(client)
        after = trace.get_current_span().get_span_context().is_valid
        between = [trace.get_current_span().get_span_context().is_valid for _ in scene.sdk.stream(client)]
    scene.facts["current"] = after or any(between)


async def _tasks_do_not_mix(scene: Scene) -> None:
    async with scene.sdk.async_client(STREAMED) as client:

        async def work(number: int) -> None:
            with scene.tracer.start_as_current_span(f"work {number}"):
                async for _ in await scene.sdk.stream(client):
                    with scene.tracer.start_as_current_span(f"between {number}"):
                        await asyncio.sleep(0)

        await asyncio.gather(*(work(number) for number in range(4)))


def cases(sdk: TriedSdk) -> list[Case]:
    """The sync ones, and the async ones where the SDK has them."""
    parents = Expect(parent="work", parents={"between": "work", "after": "work"})
    found = [
        Case(PROMISE, "between chunks sync", _between, parents),
        Case(PROMISE, "a stream left open", _left_open,
             Expect(parent="work", parents={"between": "work", "after": None, "later": None})),
        Case(PROMISE, "after an error sync", _after_an_error, Expect(parent="work", parents={"after": "work"})),
        Case(PROMISE, "a generator closed in another context", _generator_closed_elsewhere,
             Expect(facts={"logged": []})),
        Case(PROMISE, "nothing is current", _nothing_current, Expect(spans=2, facts={"current": False})),
    ]  # fmt: skip
    if sdk.has_async:
        each = {f"between {number}": f"work {number}" for number in range(4)}
        found += [
            Case(PROMISE, "between chunks async", _between_async, parents),
            Case(PROMISE, "after an error async", _after_an_error_async,
                 Expect(parent="work", parents={"after": "work"})),
            Case(PROMISE, "an async generator closed in another task", _generator_closed_elsewhere_async,
                 Expect(facts={"logged": []})),
            Case(PROMISE, "tasks do not mix", _tasks_do_not_mix, Expect(spans=4, parents=dict(each))),
        ]  # fmt: skip
    return found
