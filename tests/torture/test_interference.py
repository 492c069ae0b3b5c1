"""Non-interference: the same program with and without us, and with a failure inside each of our hooks.

For every SDK that `tests/torture/sdk` has a module for; one that is laid over its environment is tried by
`tests/versions`, with these tests inside of it. The hooks are found by themselves: whatever is passed to
`shield` while a program runs fails once, before it did its work and after it.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from opentelemetry import trace

from spanwise.instrument.core.call import CURRENT
from spanwise.pipeline import boundary
from tests.emulator import Emulator
from tests.instrument.telemetry import instrumented
from tests.torture.case.transparency import FAILURES, STREAM_FAILURES
from tests.torture.observation import observe
from tests.torture.sdk import NAMES, tried


Seen: TypeAlias = Any
"""What a program's caller saw, as JSON has it."""

SCENARIO = "default;chunks=3"
WHOLE = ("anthropic", "google_genai", "openai")
"""Whose failures are all tried each time; of the others two, and all where slow tests run."""
SLOW = ("litellm",)
"""Whose import alone takes as long as the programs of all others."""
FIRST = ("error_400", "stream_error;chunks=9;after=3")
_SHIELD = boundary.shield


class PlantedError(Exception):
    """A failure of ours that the application must not see."""


class Hooks:
    """Stands in for `shield`, counts, and lets one call fail inside the real one.

    Args:
        fail_at: which call, from 1; 0 for none.
        late: whether it fails after it has done its work.
    """

    def __init__(self, fail_at: int = 0, *, late: bool = False) -> None:
        self.count = 0
        self._fail_at = fail_at
        self._late = late

    def shield(self, step: str, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """As the real one."""
        self.count += 1
        if self.count != self._fail_at:
            return _SHIELD(step, call, *args, **kwargs)

        def failing(*args: Any, **kwargs: Any) -> None:
            if self._late:
                call(*args, **kwargs)
            raise PlantedError

        return _SHIELD(step, failing, *args, **kwargs)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Stand in everywhere, those modules included that import it when they need it."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(boundary, "shield", self.shield)
            for name, module in sys.modules.copy().items():
                if name.startswith("spanwise.instrument") and vars(module).get("shield") is _SHIELD:
                    patch.setattr(module, "shield", self.shield)
            yield


class Stage:
    """One SDK's client, kept for all runs of a program, and a loop where it is async."""

    def __init__(self, stack: ExitStack, emulator: Emulator, sdk: str, scenario: str, *, is_async: bool) -> None:
        self.sdk = tried(sdk, emulator.url)
        self._loop = stack.enter_context(asyncio.Runner()) if is_async else None
        if self._loop is None:
            self._client = stack.enter_context(self.sdk.client(scenario))
            return
        entered, loop = self.sdk.async_client(scenario), self._loop
        self._client = loop.run(entered.__aenter__())
        stack.callback(lambda: loop.run(entered.__aexit__(None, None, None)))

    def see(self, run: Callable[[Any], Any]) -> Seen:
        """What the caller of `run` sees, in a context of its own that is to be left as it was."""
        # A connection that the run before left to the collector is warned of here, not in this run.
        gc.collect()
        context = contextvars.Context()
        if self._loop is None:
            seen = context.run(observe, lambda: run(self._client))
        else:
            loop = self._loop
            seen = observe(lambda: loop.run(_awaited(run, self._client), context=context))
        seen["current"] = context.run(_current)
        return seen


async def _awaited(run: Callable[[Any], Any], client: Any) -> Any:
    return await run(client)


@cache
def _freeze(modules: int) -> None:
    """What so many modules left in memory stays: no collection looks at their hundred thousand objects again."""
    del modules
    gc.collect()
    gc.freeze()


def _current() -> list[bool]:
    return [CURRENT.get() is None, trace.get_current_span().get_span_context().is_valid]


def programs() -> Iterator[Any]:
    """Every operation and failure of every SDK, sync and async, as parameters of a test."""
    for name in NAMES:
        sdk = tried(name)
        if sdk.overlay and find_spec(sdk.module) is None:
            continue
        for operation in sdk.operations:
            for run, is_async in ((operation.run, False), (operation.run_async, True)):
                if run is not None:
                    marks = [pytest.mark.slow] if name in SLOW else []
                    label = _id(name, operation.name, is_async=is_async)
                    yield pytest.param(name, SCENARIO, run, is_async, id=label, marks=marks)
        for scenario in FAILURES if sdk.has_sync else ():
            yield _failing(name, scenario, sdk.plain, "", is_async=False)
        for scenario in STREAM_FAILURES:
            if sdk.has_sync:
                yield _failing(name, scenario, _read(name), "stream ", is_async=False)
            if sdk.has_async:
                yield _failing(name, scenario, _read_async(name), "stream ", is_async=True)


def _failing(name: str, scenario: str, run: Callable[[Any], Any], kind: str, *, is_async: bool) -> Any:
    """A parameter; slow where it is one of many of its kind."""
    is_slow = name in SLOW or (
        name not in WHOLE and (scenario not in FIRST or (scenario == "error_400" and kind != ""))
    )
    label = _id(name, f"{kind}{scenario}", is_async=is_async)
    return pytest.param(name, scenario, run, is_async, id=label, marks=[pytest.mark.slow] if is_slow else [])


def _id(sdk: str, name: str, *, is_async: bool) -> str:
    return f"{sdk} {name.partition(';')[0]} {'async' if is_async else 'sync'}".replace(" ", "-")


def _read(sdk: str) -> Callable[[Any], Any]:
    return lambda client: list(tried(sdk).stream(client))


def _read_async(sdk: str) -> Callable[[Any], Any]:
    async def read(client: Any) -> Any:
        return [chunk async for chunk in await tried(sdk).stream(client)]

    return read


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for the module."""
    with Emulator() as running:
        yield running


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning", "ignore:Unclosed connection:ResourceWarning")
@pytest.mark.parametrize(("sdk", "scenario", "run", "is_async"), list(programs()))
def test_interference(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, sdk: str, scenario: str, run: Any, *, is_async: bool
) -> None:
    """Results, types, exceptions, warnings and output are the same without us, with us, and with us failing."""
    # Every client would read some hundred certificates, for an emulator that has none.
    monkeypatch.setenv("SSL_CERT_FILE", str(Path(__file__).with_name("loopback.pem")))
    with ExitStack() as stack:
        # botocore leaves the connection of a stream that broke off to the collector, with us and without.
        stack.callback(gc.collect)
        stage = Stage(stack, emulator, sdk, scenario, is_async=is_async)
        stage.see(run)  # some SDKs warn of themselves once
        _freeze(len(sys.modules))
        bare = stage.see(run)
        classes = [written.partition(":") for written in tried(sdk).instrumentors]
        stack.enter_context(instrumented(*(getattr(import_module(home), name)() for home, _, name in classes)))
        hooks = Hooks()
        with hooks.in_place():
            assert stage.see(run) == bare
        assert hooks.count > 0
        # A stream that we asked for its usage has a chunk more where the hook that keeps it back is the one that fails;
        # `test_endings` looks at that. All else is the same to the letter.
        monkeypatch.setenv("SPANWISE_INCLUDE_USAGE", "never")
        for late in (False, True):
            for number in range(1, hooks.count + 1):
                with Hooks(number, late=late).in_place():
                    # The hook that fails may be the one that takes back what is current; what the caller gets of the
                    # SDK must be the same nevertheless.
                    seen = stage.see(run) | {"current": bare["current"]}
                    assert seen == bare, f"hook {number} of {hooks.count} failed, {'late' if late else 'early'}"
