"""`Witness`: who asked for a model call learns whether an instrumentation of the provider's SDK made a span of it."""

from __future__ import annotations

from typing import Final

from opentelemetry.context import get_value


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


def present() -> Witness | None:
    """The innermost witness here. One look-up in the context."""
    found = get_value(KEY)
    return found if isinstance(found, Witness) else None
