"""Transparency: the application sees what it would see without the suite. Each program is run before and after."""

from __future__ import annotations

import asyncio
import copy
import inspect
import pickle
from collections.abc import Awaitable, Callable
from typing import Any

from tests.torture.case.case import Case, Expect, Scene
from tests.torture.observation import describe_type, observe
from tests.torture.sdk import TriedSdk
from tests.torture.sdk.tried import LONG, STREAMED


RESULTS = "results, types, warnings and output are unchanged"
EXCEPTIONS = "the user's exception is the very one"
OBJECTS = "clients and streams are what they were (type, is, copy, pickle)"

FAILURES = ("error_400", "error_401", "error_404", "rate_limit;times=always", "error_500", "error_529", "drop",
            "malformed_body")  # fmt: skip
STREAM_FAILURES = ("error_400", "disconnect;chunks=9", "stream_error;chunks=9;after=3", "malformed_stream")


def _seen(run: Callable[[Any], Any], scenario: str = "default") -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        with scene.sdk.client(scenario) as client:
            scene.facts["seen"] = observe(lambda: run(client))

    return program


def _seen_async(run: Callable[[Any], Awaitable[Any]], scenario: str = "default") -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        async def all_of_it() -> object:
            async with scene.sdk.async_client(scenario) as client:
                return await run(client)

        scene.facts["seen"] = observe(lambda: asyncio.run(all_of_it()))

    return program


def _plain(scenario: str) -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        _seen(scene.sdk.plain, scenario)(scene)

    return program


def _plain_async(scenario: str) -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        _seen_async(scene.sdk.plain, scenario)(scene)

    return program


def _streamed(scenario: str) -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        _seen(lambda client: list(scene.sdk.stream(client)), scenario)(scene)

    return program


def _streamed_async(scenario: str) -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        async def read(client: Any) -> Any:
            return [chunk async for chunk in await scene.sdk.stream(client)]

        _seen_async(read, scenario)(scene)

    return program


def _types(scene: Scene) -> None:
    with scene.sdk.client(LONG) as client:
        scene.facts["client"] = describe_type(type(client))
        scene.facts["response"] = describe_type(type(scene.sdk.plain(client)))
        stream = scene.sdk.stream(client)
        scene.facts["stream"] = describe_type(type(stream))
        scene.facts["chunk"] = describe_type(type(next(iter(stream))))
        scene.facts["public"] = sorted(name for name in dir(stream) if not name.startswith("_"))
        scene.sdk.close(stream)


async def _types_async(scene: Scene) -> None:
    async with scene.sdk.async_client(LONG) as client:
        scene.facts["client"] = describe_type(type(client))
        made = scene.sdk.plain(client)
        scene.facts["awaited"] = [type(made).__qualname__, inspect.iscoroutine(made)]
        scene.facts["response"] = describe_type(type(await made))
        stream = await scene.sdk.stream(client)
        scene.facts["stream"] = describe_type(type(stream))
        async for chunk in stream:
            scene.facts["chunk"] = describe_type(type(chunk))
            break
        await scene.sdk.close(stream)


def _pickled(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client:
        response = scene.sdk.plain(client)
        again = pickle.loads(pickle.dumps(response))
        scene.facts["equal"] = again == response
        scene.facts["type"] = type(again) is type(response)
        chunk = next(iter(scene.sdk.stream(client)))
        scene.facts["chunk"] = pickle.loads(pickle.dumps(chunk)) == chunk


def _copied(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client:

        def copied() -> object:
            again = copy.deepcopy(client)
            return scene.sdk.answer(scene.sdk.plain(again))

        scene.facts["seen"] = observe(copied)


def _signatures(scene: Scene) -> None:
    """The methods that a caller and its tools look at: docstrings, names, signatures, kinds."""
    with scene.sdk.client() as client:
        found = {}
        for path, method in _methods(client):
            found[path] = [
                getattr(method, "__name__", None),
                (getattr(method, "__doc__", None) or "")[:40],
                str(inspect.signature(method)),
                inspect.iscoroutinefunction(method),
                inspect.ismethod(method),
                type(method).__qualname__,
            ]
        scene.facts["methods"] = found


def _methods(client: Any) -> list[tuple[str, Any]]:
    found = []
    for path in ("chat.completions.create", "responses.create", "embeddings.create", "messages.create",
                 "messages.stream", "beta.messages.create", "models.generate_content", "converse", "chat"):  # fmt: skip
        owner = client
        for name in path.split("."):
            owner = getattr(owner, name, None)
        if callable(owner):
            found.append((path, owner))
    return found


def cases(sdk: TriedSdk) -> list[Case]:
    """Everything here compares with a run before anything was instrumented; spans are not judged."""
    any_spans = Expect(spans=None)
    found = []

    def add(promise: str, name: str, run: Callable[[Scene], object]) -> None:
        found.append(Case(promise, name, run, any_spans, bare=True))

    for operation in sdk.operations:
        if operation.run is not None:
            add(RESULTS, f"{operation.name} sync", _seen(operation.run))
        if operation.run_async is not None:
            add(RESULTS, f"{operation.name} async", _seen_async(operation.run_async))
    for scenario in FAILURES:
        add(EXCEPTIONS, f"{scenario.partition(';')[0]} sync", _plain(scenario))
        if sdk.has_async:
            add(EXCEPTIONS, f"{scenario.partition(';')[0]} async", _plain_async(scenario))
    for scenario in STREAM_FAILURES:
        add(EXCEPTIONS, f"{scenario.partition(';')[0]} stream sync", _streamed(scenario))
        if sdk.has_async:
            add(EXCEPTIONS, f"{scenario.partition(';')[0]} stream async", _streamed_async(scenario))
    add(OBJECTS, "types sync", _types)
    if sdk.has_async:
        add(OBJECTS, "types async", _types_async)
    add(OBJECTS, "pickled responses", _pickled)
    add(OBJECTS, "a deep copy of the client", _copied)
    add(OBJECTS, "signatures of methods", _signatures)
    return found
