"""Lifecycle: imports before and after, twice, undone, forked, shut down, and what a start costs."""

from __future__ import annotations

import gc
import os
import sys
import time
import types
from importlib import import_module

from tests.torture.case.case import Case, Expect, Scene
from tests.torture.sdk import TriedSdk
from tests.torture.sdk.tried import LONG, STREAMED, TEXT


PROMISE = "import order, twice, uninstrument, fork, shutdown"
START = "start-up"


def _sdk_first(scene: Scene) -> None:
    import_module(scene.sdk.module)
    scene.instrument()
    _one_call(scene)


def _sdk_last(scene: Scene) -> None:
    scene.facts["loaded"] = scene.sdk.module in sys.modules
    scene.instrument()
    import_module(scene.sdk.module)
    _one_call(scene)


def _client_first(scene: Scene) -> None:
    with scene.sdk.client() as client:
        scene.instrument()
        scene.sdk.plain(client)


def _twice(scene: Scene) -> None:
    scene.instrument()
    scene.instrument()
    _one_call(scene)


def _undone(scene: Scene) -> None:
    import_module(scene.sdk.module)
    with scene.sdk.client() as client:
        scene.sdk.plain(client)
        list(scene.sdk.stream(client))
        before = _functions(scene.sdk.module)
        scene.instrument()
        scene.uninstrument()
        after = _functions(scene.sdk.module)
        scene.facts["changed"] = sorted(name for name in before if after.get(name) is not before[name])
        scene.sdk.plain(client)


def _undone_with_an_open_stream(scene: Scene) -> None:
    scene.instrument()
    with scene.sdk.client(STREAMED) as client:
        stream = scene.sdk.stream(client)
        scene.uninstrument()
        scene.facts["text"] = "".join(scene.sdk.text(chunk) for chunk in stream)


def _back_again(scene: Scene) -> None:
    scene.instrument()
    scene.uninstrument()
    scene.instrument()
    _one_call(scene)


def _forked(scene: Scene) -> None:
    with scene.sdk.client() as client:
        scene.sdk.plain(client)
    scene.settle(1)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            scene.exporter.clear()
            with scene.sdk.client(LONG) as own:
                stream = scene.sdk.stream(own)
                next(iter(stream))
                del stream
                gc.collect()
                scene.sdk.plain(own)
            scene.settle(2)
            os.write(write, str(scene.model_spans()).encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    scene.facts["child"] = os.read(read, 16).decode()
    os.close(read)


def _shut_down(scene: Scene) -> None:
    with scene.sdk.client(STREAMED) as client:
        stream = scene.sdk.stream(client)
        begun = scene.sdk.text(next(iter(stream)))
        scene.provider.shutdown()
        scene.facts["text"] = begun + "".join(scene.sdk.text(chunk) for chunk in stream)
        scene.facts["answer"] = scene.sdk.answer(scene.sdk.plain(client))


def _bare_start(scene: Scene) -> None:
    scene.facts["cpu_s"] = _start_s(scene, instrumented=False)


def _start(scene: Scene) -> None:
    scene.facts["cpu_s"] = _start_s(scene, instrumented=True)


async def _bare_start_async(scene: Scene) -> None:
    scene.facts["cpu_s"] = await _start_async_s(scene, instrumented=False)


async def _start_async(scene: Scene) -> None:
    scene.facts["cpu_s"] = await _start_async_s(scene, instrumented=True)


def _start_s(scene: Scene, *, instrumented: bool) -> float:
    began_s = time.process_time()
    _load(scene, instrumented=instrumented)
    with scene.sdk.client():
        return time.process_time() - began_s


async def _start_async_s(scene: Scene, *, instrumented: bool) -> float:
    began_s = time.process_time()
    _load(scene, instrumented=instrumented)
    async with scene.sdk.async_client():
        return time.process_time() - began_s


def _load(scene: Scene, *, instrumented: bool) -> None:
    if instrumented:
        scene.instrument()
    import_module(scene.sdk.module)


def _one_call(scene: Scene) -> None:
    with scene.sdk.client() as client:
        scene.sdk.plain(client)


def _functions(module: str) -> dict[str, object]:
    """Every function and method of the SDK's loaded modules, by its place."""
    found: dict[str, object] = {}
    for name, loaded in list(sys.modules.items()):
        if name != module and not name.startswith(f"{module}."):
            continue
        for key, value in list(getattr(loaded, "__dict__", {}).items()):
            if isinstance(value, types.FunctionType):
                found[f"{name}.{key}"] = value
            elif isinstance(value, type) and value.__module__ == name:
                for inner, item in list(vars(value).items()):
                    if isinstance(item, types.FunctionType):
                        found[f"{name}.{key}.{inner}"] = item
    return found


def cases(sdk: TriedSdk) -> list[Case]:
    """Each in a process of its own."""
    bare, ours = (_bare_start, _start) if sdk.has_sync else (_bare_start_async, _start_async)

    def alone(name: str, run: object, expect: Expect) -> Case:
        return Case(PROMISE, name, run, expect, alone=True, instrumented=False)  # type: ignore[arg-type] # a program

    return [
        alone("the SDK imported first", _sdk_first, Expect(failed=False)),
        alone("the SDK imported afterwards", _sdk_last, Expect(failed=False, facts={"loaded": False})),
        alone("a client made first", _client_first, Expect(failed=False)),
        alone("instrumented twice", _twice, Expect(failed=False)),
        alone("uninstrumented: methods are the SDK's own", _undone, Expect(spans=0, facts={"changed": []})),
        alone("uninstrumented with an open stream", _undone_with_an_open_stream,
              Expect(spans=None, facts={"text": TEXT})),
        alone("instrumented again", _back_again, Expect(failed=False)),
        Case(PROMISE, "forked", _forked, Expect(failed=False, facts={"child": "2"}), alone=True),
        Case(PROMISE, "shut down with an open stream", _shut_down,
             Expect(spans=None, facts={"text": TEXT, "answer": TEXT}), alone=True),
        Case(START, "without", bare, Expect(spans=None), alone=True, instrumented=False),
        Case(START, "with", ours, Expect(spans=None), alone=True, instrumented=False),
    ]  # fmt: skip
