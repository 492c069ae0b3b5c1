"""`Chain`: the steps of CrewAI that the current code is in. An event that tells an end does not say of which one."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final, NamedTuple

from spanwise.instrument.framework.runs import Runs


class Identity(NamedTuple):
    """What the event of a step's start and that of its end have in common.

    Attributes:
        kind: of step.
        source: the identity of the object that tells.
        detail: the name of a method, or the id of a model call; empty for others.
    """

    kind: str
    source: int
    detail: str


class Frame:
    """A step that began in this context.

    Args:
        identity: how its end will be recognised.
        outer: the step around it that began in this context.
    """

    __slots__ = ("depth", "identity", "outer")

    def __init__(self, identity: Identity, outer: Frame | None) -> None:
        self.identity = identity
        self.outer = outer
        self.depth: int = 1 if outer is None else outer.depth + 1


_INNERMOST: Final[ContextVar[Frame | None]] = ContextVar("spanwise_crewai_frame", default=None)
_INSIDE_AGENT: Final = frozenset({"guardrail", "knowledge", "llm", "memory", "save", "tool"})
"""What an agent does ends before the agent does: the end of such a step is never that of one around the agent."""


class Chain:
    """Frames from the innermost outwards. Threads and tasks of CrewAI's have copies of the context, and go on from it.

    Args:
        runs: those in progress, by their frames. A frame that is none of them is over, wherever it was ended.
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def here(self) -> Frame | None:
        """The innermost step in progress."""
        return next(iter(self), None)

    def cause(self) -> Frame | None:
        """The innermost step that began here, even if it is over: what goes on in the background began inside it."""
        return _INNERMOST.get()

    def __iter__(self) -> Iterator[Frame]:
        frame = _INNERMOST.get()
        while frame is not None:
            outer = frame.outer
            if frame in self._runs:
                yield frame
            frame = outer

    def begin(self, identity: Identity) -> Frame:
        """A new innermost frame, which is the key of a run that the caller opens next."""
        frame = Frame(identity, self.here())
        _INNERMOST.set(frame)
        return frame

    def go_on(self, frame: Frame) -> None:
        """The current code, which is in no step, is in this one."""
        _INNERMOST.set(frame)

    def ending(self, identity: Identity) -> Frame | None:
        """The step in progress that ends with an event of this identity, if there is one."""
        for frame in self:
            if frame.identity == identity:
                return frame
            if frame.identity.kind == "agent" and identity.kind in _INSIDE_AGENT:
                return None
        return None

    def deeper(self, depth: int) -> list[Frame]:
        """The steps in progress that are nested deeper than that, innermost first."""
        return [frame for frame in self if frame.depth > depth]

    def elsewhere(self, frames: list[Frame]) -> list[Frame]:
        """The steps in progress that began inside one of these in another thread or task, innermost first."""
        found = []
        for key in self._runs:
            outer = key.outer if isinstance(key, Frame) and key not in frames else None
            while outer is not None and outer not in frames:
                outer = outer.outer
            if outer is not None and isinstance(key, Frame):
                found.append(key)
        return sorted(found, key=lambda frame: -frame.depth)

    def over(self, frame: Frame) -> None:
        """The run of this frame was ended."""
        if _INNERMOST.get() is frame:
            _INNERMOST.set(frame.outer)
