"""`Witness`: who asked for a model call learns whether an instrumentation of the provider's SDK made a span of it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final, NamedTuple

from opentelemetry.context import get_current


KEY: Final = "spanwise-witness"
"""Where the innermost witness is in an OpenTelemetry context. Contexts are copied to threads and tasks, it is not."""


class Witness:
    """Whether a model call was seen by somebody nearer to the provider while this stood in the context.

    Args:
        outer: the witness around this one, which learns what this one learns.
    """

    __slots__ = ("outer", "seen")

    def __init__(self, outer: Witness | None = None) -> None:
        self.outer = outer
        self.seen = False

    def see(self) -> None:
        """A call has its span."""
        witness: Witness | None = self
        while witness is not None and not witness.seen:
            witness.seen = True
            witness = witness.outer


class Sighting(NamedTuple):
    """A model call that got a span. Each is an object of its own.

    Attributes:
        model: that was asked for.
    """

    model: str


_LATEST: Final[ContextVar[Sighting | None]] = ContextVar("spanwise_latest_call", default=None)


def present() -> Witness | None:
    """The innermost witness here. One look-up in the context."""
    found = get_current().get(KEY)
    return found if isinstance(found, Witness) else None


def latest() -> Sighting | None:
    """The model call that began last in this thread or task."""
    return _LATEST.get()


def tell(model: str) -> None:
    """A call of `model` has its span: whoever asked for it here learns that."""
    _LATEST.set(Sighting(model))
    if (witness := present()) is not None:
        witness.see()
