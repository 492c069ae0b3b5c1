"""`TriedSdk`: what the cases need to know of an SDK."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias


Anything: TypeAlias = Any
"""Clients, responses, streams and chunks of an SDK, which need not be installed where this is checked."""

TEXT = "alpha beta gamma delta epsilon zeta"
STREAMED = "text;text=alpha%20beta%20gamma%20delta%20epsilon%20zeta;chunks=6"
"""A scenario whose answer is `TEXT`, streamed in six pieces."""
LONG = "default;chunks=60"
"""A stream that nobody has read to its end by accident."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One way to make exactly one model call.

    Args:
        name: as the report has it.
        run: makes the call with a sync client and reads the whole answer; returns what the caller got.
        run_async: the same with an async client; `None` where there is none.
        basic: the plain operation it is a variant of; where a suite makes no span of that one, this is not supported
            rather than wrong.
        variant: whether it is another way to a call that there is a plain way to.
    """

    name: str
    run: Callable[[Anything], Anything] | None
    run_async: Callable[[Anything], Awaitable[Anything]] | None
    basic: str = ""
    variant: bool = False


def get(owner: Anything, path: str) -> Anything:
    """What is at a dotted path below `owner`."""
    for name in path.split("."):
        owner = getattr(owner, name)
    return owner


def operations_of(
    sdk: TriedSdk, *described: tuple[str, Callable[[Anything], Anything], bool, str]
) -> tuple[Operation, ...]:
    """Operations whose method is the same with a sync client and with an async one, as far as `sdk` has them.

    Args:
        sdk: whose they are.
        described: name, method, whether what it gives is a stream that is to be read, and the plain operation that it
            is a variant of, if it is one.
    """
    return tuple(
        Operation(
            name,
            (_drained(run) if streams else run) if sdk.has_sync else None,
            (_drained_async(run) if streams else _awaited(run)) if sdk.has_async else None,
            basic,
            variant=bool(basic),
        )
        for name, run, streams, basic in described
    )


def _drained(run: Callable[[Anything], Anything]) -> Callable[[Anything], Anything]:
    return lambda client: list(run(client))


def _drained_async(run: Callable[[Anything], Anything]) -> Callable[[Anything], Awaitable[Anything]]:
    async def drained(client: Anything) -> Anything:
        return [chunk async for chunk in await run(client)]

    return drained


def _awaited(run: Callable[[Anything], Anything]) -> Callable[[Anything], Awaitable[Anything]]:
    async def awaited(client: Anything) -> Anything:
        return await run(client)

    return awaited


class TriedSdk:
    """One SDK against the emulator. A method that an SDK has nothing for stays as it is here: `NotImplementedError`.

    Args:
        url: the root of the emulator.
    """

    name: ClassVar[str]
    distribution: ClassVar[str]
    instrumentors: ClassVar[tuple[str, ...]]
    """Ours, as `module:Class`: they are all switched on when this SDK is tried."""
    module: ClassVar[str]
    """What the application imports."""
    overlay: ClassVar[tuple[str, ...]] = ()
    """Requirements of an SDK that does not go with what is installed here, itself first: tried with them on top."""
    native_scopes: ClassVar[tuple[str, ...]] = ()
    """Instrumentation scopes of spans that the SDK makes itself."""
    has_sync: ClassVar[bool] = True
    has_async: ClassVar[bool] = True
    has_retries: ClassVar[bool] = True
    streams_are_blocks: ClassVar[bool] = True
    """Whether a stream is a context manager."""
    streams_are_lazy: ClassVar[bool] = False
    """Whether nothing is sent before a stream is read: one that is never read is no call then."""
    asks_for_usage: ClassVar[bool] = False
    """Whether a stream has no usage unless the request asks for it."""
    raises_in_stream: ClassVar[bool] = True
    """Whether an error event or a lost connection in the middle of a stream is an exception for the caller."""
    hides_lost_connections: ClassVar[tuple[str, ...]] = ()
    """Where (`sync`, `async`) a stream whose connection is lost ends as if it were complete: nobody is told."""
    retries_streams: ClassVar[bool] = True
    """Whether a stream that is refused is asked for again, as other calls are."""
    is_light: ClassVar[bool] = False
    """Whether it loads in less time than OpenTelemetry does, so that no start-up can be held against its own."""

    is_left_as_sent: ClassVar[bool] = False
    """Whether we change no request of it, so that nobody is told the usage of a stream that was not asked for."""
    figures: ClassVar[tuple[str, ...]] = ("input", "output", "cached", "reasoning")
    """What the provider's wire says of the tokens that were spent."""
    key: ClassVar[str] = "canary-key-4711"
    """The secret that every client has, and every request carries in a header."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Every way to make a call."""
        raise NotImplementedError

    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """A sync client, which is a context manager, whose every call meets `scenario`."""
        raise NotImplementedError

    def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """The same, async."""
        raise NotImplementedError

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """One call that is not streamed; with an async client, what is to be awaited."""
        raise NotImplementedError

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """One streamed call, not read yet; with an async client, what is to be awaited for the stream.

        Args:
            client: sync or async.
            prompt: what is asked.
            usage: whether the stream's usage is asked for.
        """
        raise NotImplementedError

    def close(self, stream: Anything) -> Anything:
        """Close a stream; with an async one, what is to be awaited."""
        return stream.close()

    def text(self, chunk: Anything) -> str:
        """The words in one chunk of a stream."""
        raise NotImplementedError

    def answer(self, response: Anything) -> str:
        """The words in a response that was not streamed."""
        raise NotImplementedError
