"""Events of CrewAI as runs."""

from __future__ import annotations

import sys
from contextvars import Token
from typing import Any, Final, TypeAlias

from opentelemetry.context import Context, attach, detach
from opentelemetry.trace import Status, StatusCode

from spanwise.instrument.core.capture import capture
from spanwise.instrument.framework.crewai_frame import Chain, Frame, Identity
from spanwise.instrument.framework.crewai_model import answered, asked_content, made_content, request
from spanwise.instrument.framework.crewai_step import ENDS, FORM_OF, STARTS, given, is_internal, made, named, said
from spanwise.instrument.framework.runs import Runs
from spanwise.semconv import attributes as attr


Thing: TypeAlias = Any
"""An event of CrewAI's, and who emitted it."""

_UNKNOWN_ERROR: Final = "_OTHER"
_CHUNK: Final = "llm_stream_chunk"
_UNTOLD: Final = frozenset({"llm", "tool"})
"""Steps whose end some releases do not tell. One that begins again in itself has ended."""


class Steps:
    """What is done for an event, in the context of who emits it.

    Args:
        runs: those in progress.
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._chain = Chain(runs)
        self._homes: dict[int, Frame | None] = {}

    def start(self, source: Thing, event: Thing) -> None:
        """A step begins, if the event tells that. Called before the application's handlers are."""
        kind = STARTS.get(event.type)
        if kind is None:
            if event.type == _CHUNK:
                self._chunk(source, event)
            return
        if is_internal(kind, source):
            return
        identity = _identity(kind, source, event)
        around = self._chain.here()
        if around is not None and kind in _UNTOLD and around.identity[:2] == identity[:2]:
            self._close(around, None)
            around = self._chain.here()
        again = around is not None and kind == "agent" and around.identity == identity
        # A memory is saved to in a thread of its own, which may start when the agent is over.
        parent = (self._chain.cause() if kind == "save" else around) or self._home(kind, source, event)
        frame = self._chain.begin(identity)
        if again:  # older releases try again in the middle of the first try
            self._runs.skip(frame, parent)
        elif kind == "llm":
            self._ask(frame, parent, source, event)
        else:
            self._open(frame, parent, source, event)

    def end(self, source: Thing, event: Thing) -> None:
        """A step is over, if the event tells that. Called after the application's handlers, or when those are told."""
        kind, failed = ENDS.get(event.type, ("", False))
        if not kind or is_internal(kind, source):
            return
        frame = self._chain.ending(_identity(kind, source, event))
        if frame is None:
            return
        error = _error(event) if failed else None
        self.unwind(frame.depth, error)
        if kind == "llm":
            self._answer(frame, event, error, failed=failed)
            return
        run = self._runs.run(frame)
        if run is not None:
            made(run, kind, event)
            if failed and error is None:
                run.fail(_UNKNOWN_ERROR)
        self._close(frame, error)

    def depth(self) -> int:
        """How deep the current code is in steps."""
        here = self._chain.here()
        return 0 if here is None else here.depth

    def unwind(self, depth: int, error: BaseException | None) -> None:
        """End the steps that are nested deeper than that: nobody tells their end any more.

        Args:
            depth: of the step that stays.
            error: what ended them; `None` where nothing was raised.
        """
        frames = self._chain.deeper(depth)
        if error is not None and not isinstance(error, Exception):
            # A cancellation or an exit went through other threads and tasks as well, and no event told of that.
            frames = self._chain.elsewhere(frames) + frames
        for frame in frames:
            self._close(frame, error)

    def carry(self, source: Thing) -> Token[Context] | None:
        """The step that `source` began goes on in this thread, which older releases start without a context.

        Returns:
            What `put_down` wants when it is done here; `None` where nothing was to carry.
        """
        frame = self._homes.get(id(source))
        run = self._runs.run(frame)
        if frame is None or run is None or self._chain.here() is not None:
            return None
        self._chain.go_on(frame)
        return attach(run.within())

    def put_down(self, token: Token[Context]) -> None:
        """What was carried into this thread is no longer current."""
        detach(token)

    def _open(self, frame: Frame, parent: Frame | None, source: Thing, event: Thing) -> None:
        kind = frame.identity.kind
        run = self._runs.open(
            frame, parent, kind=FORM_OF[kind], name=named(kind, source, event), attributes=said(kind, event)
        )
        given(run, kind, source, event)
        run.enter()
        for thing in _known_by(kind, source):
            # Two agents in progress may share a model: then nothing is known by it.
            held = self._homes.get(id(thing))
            self._homes[id(thing)] = frame if held is None or held not in self._runs else None

    def _ask(self, frame: Frame, parent: Frame | None, source: Thing, event: Thing) -> None:
        attributes = request(source, event)
        named_by = (attributes[attr.GEN_AI_OPERATION_NAME], attributes.get(attr.GEN_AI_REQUEST_MODEL))
        name = " ".join(str(each) for each in named_by if each)
        asked = self._runs.ask(frame, parent, name=name, attributes=attributes)
        if capture():
            asked.content = asked_content(event)

    def _chunk(self, source: Thing, event: Thing) -> None:
        frame = self._chain.ending(_identity("llm", source, event))
        asked = self._runs.asked(frame) if frame is not None else None
        if asked is not None:
            asked.chunk()

    def _answer(self, frame: Frame, event: Thing, error: BaseException | None, *, failed: bool) -> None:
        asked = self._runs.answered(frame)
        self._chain.over(frame)
        span = asked.missed() if asked is not None else None
        if asked is None or span is None:
            return
        found = answered(event)
        if failed:
            error_type = _UNKNOWN_ERROR if error is None else type(error).__qualname__
            span.set_status(Status(StatusCode.ERROR, error_type))
            found[attr.ERROR_TYPE] = error_type
        elif capture():
            asked.content = {**asked.content, **made_content(event)}
        asked.finish(span, found)

    def _close(self, frame: Frame, error: BaseException | None) -> None:
        if frame.identity.kind == "llm" and error is not None:
            self._answer(frame, None, error, failed=True)
            return
        self._runs.close(frame, error)
        self._chain.over(frame)
        for thing in [thing for thing, held in self._homes.items() if held is frame]:
            del self._homes[thing]

    def _home(self, kind: str, source: Thing, event: Thing) -> Frame | None:
        """The step around one that began in a thread without a context, as older releases start: by who takes part."""
        for thing in _belongs_to(kind, source, event):
            frame = self._homes.get(id(thing))
            if frame is not None and frame in self._runs:
                return frame
        return None


def _identity(kind: str, source: Thing, event: Thing) -> Identity:
    detail = getattr(event, "method_name" if kind == "method" else "call_id", None)
    return Identity(kind, id(source), detail if isinstance(detail, str) else "")


def _known_by(kind: str, source: Thing) -> tuple[Thing, ...]:
    if kind == "agent":
        llm = getattr(source, "llm", None)
        return (source,) if llm is None or isinstance(llm, str) else (source, llm)
    return (source,) if kind in ("crew", "task") else ()


def _belongs_to(kind: str, source: Thing, event: Thing) -> tuple[Thing, ...]:
    if kind == "task":
        return (getattr(getattr(source, "agent", None), "crew", None),)
    if kind == "agent":
        return (getattr(event, "task", None), getattr(source, "crew", None))
    if kind == "llm":
        return (source,)
    return (getattr(event, "agent", None),) if kind == "tool" else ()


def _error(event: Thing) -> BaseException | None:
    """What a step failed with: of most events that is only its message, which may quote content."""
    told = getattr(event, "error", None)
    return told if isinstance(told, BaseException) else sys.exc_info()[1]
