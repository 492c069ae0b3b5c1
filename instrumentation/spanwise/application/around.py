"""`around`: a function of any kind with something around each piece of its code that runs."""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol, TypeAlias

from spanwise.pipeline.boundary import shield


Anything: TypeAlias = Any
"""Functions of an application, and what they take, yield and return."""


class Scope(Protocol):
    """What is around one call of a function."""

    def inside(self) -> AbstractContextManager[object]:
        """Entered around each piece of code that runs: all of a function, a generator from one item to the next."""
        ...

    def ended(self, result: Anything, error: BaseException | None) -> None:
        """The call is over, with this result or error; `GeneratorExit` where the rest of a generator is not wanted."""
        ...


Begin: TypeAlias = Callable[[tuple[Anything, ...], Mapping[str, Anything]], Scope]
"""Given the arguments of a call, what is around it."""


def around(function: Callable[..., Anything], begin: Begin) -> Callable[..., Anything]:
    """`function`, of the same kind, with the scope that `begin` makes around each of its calls.

    Results, items and exceptions pass untouched; between two items of a generator nothing is entered. A defect in the
    scope is counted, and the function runs without it.
    """
    if inspect.isasyncgenfunction(function):
        wrapped = _async_generator(function, begin)
    elif inspect.isgeneratorfunction(function):
        wrapped = _generator(function, begin)
    elif inspect.iscoroutinefunction(function):
        wrapped = _coroutine(function, begin)
    else:
        wrapped = _plain(function, begin)
    return functools.wraps(function)(wrapped)


class _Nothing:
    """The scope of a call for which none could be made."""

    def inside(self) -> AbstractContextManager[object]:
        return nullcontext()

    def ended(self, result: Anything, error: BaseException | None) -> None:
        """Nothing to do."""


def _scope(begin: Begin, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Scope:
    return shield("context", begin, args, kwargs) or _Nothing()


def _plain(function: Callable[..., Anything], begin: Begin) -> Callable[..., Anything]:
    def call(*args: Anything, **kwargs: Anything) -> Anything:
        scope = _scope(begin, args, kwargs)
        try:
            with scope.inside():
                result = function(*args, **kwargs)
        except BaseException as error:
            shield("context", scope.ended, None, error)
            raise
        shield("context", scope.ended, result, None)
        return result

    return call


def _coroutine(function: Callable[..., Anything], begin: Begin) -> Callable[..., Anything]:
    async def call(*args: Anything, **kwargs: Anything) -> Anything:
        scope = _scope(begin, args, kwargs)
        try:
            with scope.inside():
                result = await function(*args, **kwargs)
        except BaseException as error:
            shield("context", scope.ended, None, error)
            raise
        shield("context", scope.ended, result, None)
        return result

    return call


def _generator(function: Callable[..., Anything], begin: Begin) -> Callable[..., Anything]:
    def call(*args: Anything, **kwargs: Anything) -> Generator[Anything, Anything, Anything]:
        scope = _scope(begin, args, kwargs)
        try:
            with scope.inside():
                running = function(*args, **kwargs)
            result = yield from _Stepping(running, scope)
        except BaseException as error:
            shield("context", scope.ended, None, error)
            raise
        shield("context", scope.ended, result, None)
        return result

    return call


def _async_generator(function: Callable[..., Anything], begin: Begin) -> Callable[..., Anything]:
    async def call(*args: Anything, **kwargs: Anything) -> AsyncGenerator[Anything, Anything]:
        scope = _scope(begin, args, kwargs)
        try:
            with scope.inside():
                running = function(*args, **kwargs)
            step = _first(running)
            while True:
                try:
                    with scope.inside():
                        item = await step
                except StopAsyncIteration:
                    break
                try:
                    step = running.asend((yield item))
                except GeneratorExit:
                    with scope.inside():
                        await running.aclose()
                    raise
                except BaseException as error:  # noqa: BLE001 - thrown in by the reader: it belongs to the function
                    step = running.athrow(error)
        except BaseException as error:
            shield("context", scope.ended, None, error)
            raise
        shield("context", scope.ended, None, None)

    return call


def _first(running: AsyncGenerator[Anything, Anything]) -> Anything:
    return running.__anext__()


class _Stepping(Generator[Anything, Anything, Anything]):
    """A generator each of whose steps runs inside a scope."""

    def __init__(self, running: Generator[Anything, Anything, Anything], scope: Scope) -> None:
        self._running = running
        self._scope = scope

    def send(self, value: Anything) -> Anything:
        with self._scope.inside():
            return self._running.send(value)

    def throw(self, kind: Anything, value: Anything = None, traceback: Anything = None) -> Anything:  # noqa: ARG002
        with self._scope.inside():
            return self._running.throw(value if isinstance(value, BaseException) else kind)

    def close(self) -> None:
        with self._scope.inside():
            self._running.close()
