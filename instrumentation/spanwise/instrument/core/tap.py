"""`Tap`: the hold on one SDK, and what all taps do alike."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final, TypeAlias

from opentelemetry.context import get_current
from opentelemetry.trace import SpanKind, Tracer

from spanwise.budget.gate import GATE
from spanwise.instrument.codec import Attributes, Codec, Json
from spanwise.instrument.core.association import KEY
from spanwise.instrument.core.call import CURRENT, Call
from spanwise.instrument.core.capture import Capture, capture
from spanwise.instrument.core.estimate import OPERATIONS, estimates
from spanwise.instrument.core.fingerprint import fingerprint_of
from spanwise.instrument.core.prompted import Made, made_in
from spanwise.instrument.core.refusal import refusal, refuse
from spanwise.instrument.core.standing import is_watched
from spanwise.instrument.core.started import Started
from spanwise.instrument.core.witness import tell
from spanwise.pipeline.boundary import shield
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Anything: TypeAlias = Any
"""Objects, methods and arguments of an SDK, which need not be installed where this is checked."""

Start: TypeAlias = Callable[[Anything, tuple[Anything, ...], Mapping[str, Anything]], Started | None]
"""What makes a call of a method's instance and arguments; `None` leaves the call alone."""

Finish: TypeAlias = Callable[[Started, Anything], None]
"""What learns from the result of a method before `Started.finish` ends the call."""

_SUBJECTS: Final = {
    values.GEN_AI_OPERATION_NAME_INVOKE_AGENT: attr.GEN_AI_AGENT_NAME,
    values.GEN_AI_OPERATION_NAME_RETRIEVAL: attr.GEN_AI_DATA_SOURCE_ID,
}
"""What the name of a span says beside the operation where that is not the model."""


class Tap:
    """The hold on one SDK; `close` lets go of it.

    A subclass says in `open` which methods of the SDK's module it replaces, and with what: `around` and `around_async`
    for the method that makes one call. Its `Start` finds codec and request and asks `begin` for the call.
    """

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer
        self.active = True
        self._estimates = estimates()
        self._originals: list[tuple[Anything, str, Anything]] = []

    def open(self, module: ModuleType) -> None:
        """Take hold of the classes in `module`.

        Raises:
            NotImplementedError: always; every tap says what it holds.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Put the SDK's own methods back; objects that hold one of ours fall through it."""
        self.active = False
        for owner, name, original in reversed(self._originals):
            if getattr(vars(owner).get(name), "_spanwise_tap", None) is self:
                setattr(owner, name, original)
        self._originals.clear()

    def replace(self, owner: Anything, name: str, make: Callable[[Anything], Anything]) -> None:
        """Put what `make` makes of the function `owner.name` in its place, until `close`.

        Args:
            owner: the class or module that defines it; an inherited method is held where it is defined.
            name: a plain function or method, no static or class method.
            make: gets the original and returns the replacement, which must call it.
        """
        original = vars(owner)[name]
        ours: Anything = functools.wraps(original)(make(original))
        ours._spanwise_tap = self
        self._originals.append((owner, name, original))
        setattr(owner, name, ours)

    def around(self, start: Start, finish: Finish | None = None) -> Callable[[Anything], Anything]:
        """For `replace`: a method that makes one call. Its result and exceptions pass untouched.

        A call that a budget refuses is not made: `BudgetExceeded` is raised in its place, and nothing else of ours.
        """

        def make(original: Anything) -> Anything:
            def method(instance: Anything, *args: Anything, **kwargs: Anything) -> Anything:
                started = shield("instrument", start, instance, args, kwargs) if self.active else None
                if started is None:
                    return original(instance, *args, **kwargs)
                if started.call is not None and started.call.refused is not None:
                    raise refuse(started, started.call.refused)
                try:
                    result = original(instance, *started.args, **started.kwargs)
                except BaseException as error:
                    shield("instrument", started.leave)
                    shield("instrument", started.fail, error)
                    raise
                if finish is not None:
                    shield("instrument", finish, started, result)
                shield("instrument", started.leave)
                shield("instrument", started.finish)
                return result

            return method

        return make

    def around_async(self, start: Start, finish: Finish | None = None) -> Callable[[Anything], Anything]:
        """As `around`, for a coroutine function."""

        def make(original: Anything) -> Anything:
            async def method(instance: Anything, *args: Anything, **kwargs: Anything) -> Anything:
                started = shield("instrument", start, instance, args, kwargs) if self.active else None
                if started is None:
                    return await original(instance, *args, **kwargs)
                if started.call is not None and started.call.refused is not None:
                    raise refuse(started, started.call.refused)
                try:
                    result = await original(instance, *started.args, **started.kwargs)
                except BaseException as error:
                    shield("instrument", started.leave)
                    shield("instrument", started.fail, error)
                    raise
                if finish is not None:
                    shield("instrument", finish, started, result)
                shield("instrument", started.leave)
                shield("instrument", started.finish)
                return result

            return method

        return make

    def begin(  # noqa: PLR0913 - one keyword each for what a span begins with
        self,
        codec: Codec,
        request: Json,
        *,
        provider: str,
        host: str,
        port: int | None,
        hides_usage: bool = False,
    ) -> Call:
        """A call with its span started. Costs no more than the span where it is not recorded.

        Args:
            codec: the dialect of the API.
            request: the request's body as JSON.
            provider: the convention's provider name.
            host: the host that is called; empty where it is not known.
            port: its port.
            hides_usage: whether the usage of the stream was asked for by us, so that the caller must not see it.
        """
        found = codec.request(request)
        subject = found.get(_SUBJECTS.get(codec.operation, attr.GEN_AI_REQUEST_MODEL))
        tell(str(subject or ""))
        start: Attributes = {attr.GEN_AI_OPERATION_NAME: codec.operation, attr.GEN_AI_PROVIDER_NAME: provider}
        if host:
            start[attr.SERVER_ADDRESS] = host
        if port is not None:
            start[attr.SERVER_PORT] = port
        if (made := made_in(request)) is not None:
            start.update(_of_prompt(made))
        name = f"{codec.operation} {subject}" if subject else codec.operation
        said = {**start, **found}
        span = self.tracer.start_span(name, kind=SpanKind.CLIENT, attributes=said)
        refused = refusal(span, said) if GATE.is_watched else None
        if not span.is_recording():
            return Call(span, codec, owner=self, capture=Capture.NOWHERE, content={}, host=host, refused=refused)
        if made is None and (mark := _fingerprint(found, request)):
            span.set_attribute(attr.SPANWISE_PROMPT_FINGERPRINT, mark)
        mode = capture()
        content = {} if mode is Capture.NOWHERE else codec.request_content(request)
        if made is not None and mode:
            content.update({f"{attr.GEN_AI_PROMPT_VARIABLE}.{name}": text for name, text in made.variables.items()})
        estimated = request if self._estimates and codec.operation in OPERATIONS else None
        return Call(
            span,
            codec,
            owner=self,
            capture=mode,
            content=content,
            host=host,
            hides_usage=hides_usage,
            estimated=estimated,
            refused=refused,
        )

    def stands_aside(self, operation: str) -> bool:
        """Whether a call that starts here is part of one that has a span already, ours or another suite's."""
        return CURRENT.get() is not None or is_watched(operation)

    def current(self) -> Call | None:
        """The call of this very tap whose request is being made here, if it has not ended."""
        call = CURRENT.get() if self.active else None
        return call if call is not None and call.owner is self and not call.ended else None


def _fingerprint(found: Attributes, request: Json) -> str:
    """That of the request's prompt; empty where the prompt is known by name, or there is no instruction."""
    if attr.GEN_AI_PROMPT_NAME in found or not (mark := fingerprint_of(request)):
        return ""
    said = get_current().get(KEY)
    return "" if isinstance(said, Mapping) and attr.GEN_AI_PROMPT_NAME in said else mark


def _of_prompt(made: Made) -> Attributes:
    version: Attributes = {} if made.version is None else {attr.GEN_AI_PROMPT_VERSION: made.version}
    return {attr.GEN_AI_PROMPT_NAME: made.name, attr.SPANWISE_PROMPT_HASH: made.hash, **version}
