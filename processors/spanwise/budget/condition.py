"""`Condition`: one comparison of an attribute, which a call must meet to count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from spanwise.policy import Form


FORM: Final = Form(
    r"[A-Za-z][A-Za-z0-9_.\-]{0,127} ?!?= ?[^\s=](?:.{0,254}[^\s])?",
    "an attribute, = or !=, and a value in which * stands for any characters, as in spanwise.metadata.plan=free",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """An attribute that is, or is not, a value.

    Attributes:
        attribute: Name of the attribute.
        pattern: The value; `*` stands for any characters.
        equal: Whether it must be that; otherwise it must not.
    """

    attribute: str
    pattern: str
    equal: bool = True

    @classmethod
    def parse(cls, text: str) -> Self:
        """The condition that `text` of the form above says."""
        name, _, pattern = text.partition("=")
        return cls(name.removesuffix("!").rstrip(), pattern.lstrip(), equal=not name.endswith("!"))

    def holds(self, get: Callable[[str], object]) -> bool:
        """Whether a call meets it. Of a list one item has to be the value; what is not said is no value."""
        found = get(self.attribute)
        values = found if isinstance(found, Sequence) and not isinstance(found, str | bytes) else (found,)
        return any(matches(self.pattern, text) for value in values if (text := _text(value)) is not None) is self.equal


@lru_cache(maxsize=4096)
def matches(pattern: str, value: str) -> bool:
    """Whether `value` is `pattern`, in which `*` stands for any characters. Time grows with the length, no faster."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == value
    *middle, last = rest
    if len(value) < len(first) + len(last) or not (value.startswith(first) and value.endswith(last)):
        return False
    start, end = len(first), len(value) - len(last)
    for part in middle:
        at = value.find(part, start, end)
        if at < 0:
            return False
        start = at + len(part)
    return True


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else None
