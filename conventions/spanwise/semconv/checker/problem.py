"""Input that cannot be read."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """A piece of input that was left out. `line` counts from 1 and is 0 where the whole is meant; `what` quotes none
    of the input.
    """

    source: str
    line: int
    what: str

    def __str__(self) -> str:
        """`file:line: what`."""
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: {self.what}" if place else self.what


class UnreadableTelemetry(ValueError):  # noqa: N818 - it names what was given
    """Nothing in the input could be read. The message is the first problem and quotes none of the input."""
