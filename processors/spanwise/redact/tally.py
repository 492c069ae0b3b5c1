"""`Tally`: what one walk took out, and how each value is replaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from spanwise.redact.kinds import label


Replace: TypeAlias = Callable[[str, str], str | None]
"""Given a kind and a value, the text that stands in for it: the value itself to keep it, `None` to drop the whole text
that holds it."""


class Finding(NamedTuple):
    """One value that was found: for people who ask why, never for telemetry.

    `start` and `end` are characters of the text that was read: of the string inside JSON, where it stands in one.
    """

    rule: str
    kind: str
    start: int
    end: int
    key: str
    replacement: str | None


class Tally:
    """What was taken out so far.

    Attributes:
        kinds: Values taken out, by kind.
        replace: What stands in for a value.
        findings: Every value with its rule and place, or `None` when nobody asks.
    """

    __slots__ = ("findings", "kinds", "replace")

    def __init__(self, replace: Replace | None = None, *, explain: bool = False) -> None:
        self.kinds: Counter[str] = Counter()
        self.replace = replace or masked
        self.findings: list[Finding] | None = [] if explain else None


def masked(kind: str, _value: str) -> str:
    """The label of `kind`: `[EMAIL]`."""
    return label(kind)
