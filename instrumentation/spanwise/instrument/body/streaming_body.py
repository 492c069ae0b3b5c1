"""Observing the bodies that botocore and aiobotocore hand to the application to read.

A `StreamingBody` is read by `read` and what is built on it, in parts or at once, or through the raw response that
`with body as raw` gives. The methods are held at the class; a body of ours carries a `Watch`, all others pass after one
look. The raw response gets a `read` of its own where it is reachable. Types and identities stay as they are.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from spanwise.instrument.body.reading import Reading, reading
from spanwise.instrument.core.call import Call
from spanwise.pipeline.boundary import shield


Anything: TypeAlias = Any
"""Bodies, responses and methods of libraries that need not be installed where this is checked."""

_WATCH: Final = "_self_spanwise_watch"
"""Where a body carries its watch: names of this beginning stay on a proxy of `wrapt`, which aiobotocore 2 uses."""


def observe(body: Anything, call: Call, headers: Mapping[str, str]) -> None:
    """Have `call` follow `body`, which nobody has read yet: one JSON document."""
    length = headers.get("content-length", "")
    watch = Watch(reading(call, ""), int(length) if length.isdecimal() else None)
    setattr(body, _WATCH, watch)
    raw = getattr(body, "__wrapped__", None)
    if raw is not None and not hasattr(raw, "aread"):
        # aiobotocore 2 on aiohttp: everything but reading in parts goes to the response itself. A body on httpx, whose
        # response has no async `read`, is read by its own.
        watch.reach(raw, _arrive_async)
        raw.close = _leave(weakref.ref(raw), watch)


class Watch:
    """How far the reading of one body has come. Goes away with the body, and then says so."""

    def __init__(self, reading: Reading, left: int | None) -> None:
        self._reading = reading
        self._left = left
        self._is_reached = False

    def reach(self, raw: Anything, arrive: Callable[[Anything, Anything], Anything]) -> None:
        """Follow what is read from the raw response; it must not keep itself alive by that."""
        self._is_reached = True
        raw.read = arrive(weakref.ref(raw), self)

    def took(self, data: bytes, *, asked: int | None) -> None:
        """The application asked for `asked` bytes, `None` for all, and is about to get `data`."""
        self._reading.chunk(data)
        if self._left is not None:
            self._left -= len(data)
        if asked is None or asked < 0 or (asked > 0 and not data) or self._left == 0:
            self._reading.drained()

    def took_part(self, data: bytes, *, asked: int | None) -> None:
        """The same from the body itself, unless it reads by way of the raw response."""
        if not self._is_reached:
            self.took(data, asked=asked)

    def failed(self, error: BaseException) -> None:
        """Reading raised `error`."""
        self._reading.failed(error)

    def closed(self) -> None:
        """The application closes the body."""
        self._reading.closed()

    def __del__(self) -> None:
        self._reading.abandon()


def reads(original: Anything) -> Anything:
    """For `Tap.replace`: `read` of a body."""

    def read(body: Anything, *args: Anything, **kwargs: Anything) -> Anything:
        watch = getattr(body, _WATCH, None)
        if watch is None:
            return original(body, *args, **kwargs)
        try:
            data = original(body, *args, **kwargs)
        except BaseException as error:
            watch.failed(error)
            raise
        shield("instrument", watch.took_part, data, asked=_asked(args, kwargs))
        return data

    return read


def reads_into(original: Anything) -> Anything:
    """For `Tap.replace`: `readinto` of a body."""

    def readinto(body: Anything, buffer: Anything) -> Anything:
        watch = getattr(body, _WATCH, None)
        if watch is None:
            return original(body, buffer)
        try:
            size = original(body, buffer)
        except BaseException as error:
            watch.failed(error)
            raise
        shield("instrument", watch.took_part, bytes(memoryview(buffer)[:size]), asked=len(buffer))
        return size

    return readinto


def reads_lines(original: Anything) -> Anything:
    """For `Tap.replace`: `readlines` of a body that reads the raw response by itself."""

    def readlines(body: Anything) -> Anything:
        watch = getattr(body, _WATCH, None)
        if watch is None:
            return original(body)
        try:
            lines = original(body)
        except BaseException as error:
            watch.failed(error)
            raise
        shield("instrument", watch.took_part, b"".join(lines), asked=None)
        return lines

    return readlines


def reads_async(original: Anything) -> Anything:
    """For `Tap.replace`: `read` of a body that a coroutine reads."""

    async def read(body: Anything, *args: Anything, **kwargs: Anything) -> Anything:
        watch = getattr(body, _WATCH, None)
        if watch is None:
            return await original(body, *args, **kwargs)
        try:
            data = await original(body, *args, **kwargs)
        except BaseException as error:
            watch.failed(error)
            raise
        shield("instrument", watch.took, data, asked=_asked(args, kwargs))
        return data

    return read


def reads_into_async(original: Anything) -> Anything:
    """For `Tap.replace`: `readinto` of a body that a coroutine reads."""

    async def readinto(body: Anything, buffer: Anything) -> Anything:
        watch = getattr(body, _WATCH, None)
        if watch is None:
            return await original(body, buffer)
        try:
            size = await original(body, buffer)
        except BaseException as error:
            watch.failed(error)
            raise
        shield("instrument", watch.took, bytes(memoryview(buffer)[:size]), asked=len(buffer))
        return size

    return readinto


def closes(original: Anything) -> Anything:
    """For `Tap.replace`: `close` of a body, whether it closes at once or gives a coroutine, and the end of `with`."""

    def close(body: Anything, *args: Anything) -> Anything:
        if (watch := getattr(body, _WATCH, None)) is not None:
            shield("instrument", watch.closed)
        return original(body, *args)

    return close


def enters(original: Anything) -> Anything:
    """For `Tap.replace`: the beginning of `with body as raw`, which hands out the raw response."""

    def enter(body: Anything) -> Anything:
        raw = original(body)
        if (watch := getattr(body, _WATCH, None)) is not None and raw is not body:
            shield("instrument", watch.reach, raw, _arrive)
        return raw

    return enter


def _arrive(reference: Callable[[], Anything], watch: Watch) -> Anything:
    """A `read` for the raw response of urllib3: that of its class, watched."""

    def read(*args: Anything, **kwargs: Anything) -> Anything:
        raw = reference()
        try:
            data = type(raw).read(raw, *args, **kwargs)
        except BaseException as error:
            watch.failed(error)
            raise
        shield("instrument", watch.took, data, asked=_asked(args, kwargs))
        return data

    return read


def _arrive_async(reference: Callable[[], Anything], watch: Watch) -> Anything:
    """A `read` for the response of aiohttp, which reads all of it: that of its class, watched."""

    async def read() -> Anything:
        raw = reference()
        try:
            data = await type(raw).read(raw)
        except BaseException as error:
            watch.failed(error)
            raise
        shield("instrument", watch.took, data, asked=None)
        return data

    return read


def _leave(reference: Callable[[], Anything], watch: Watch) -> Anything:
    """A `close` for the response of aiohttp: that of its class, watched."""

    def close() -> Anything:
        shield("instrument", watch.closed)
        raw = reference()
        return type(raw).close(raw)

    return close


def _asked(args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> int | None:
    asked = args[0] if args else kwargs.get("amt")
    return asked if isinstance(asked, int) else None
