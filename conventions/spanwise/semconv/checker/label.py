"""Names and short values made safe to show."""

from __future__ import annotations

from typing import Final


MAX_NAME: Final = 128
MAX_VALUE: Final = 64


def label(name: str) -> str:
    """`name` as one printable line of at most 128 characters: what a terminal could act on becomes `?`."""
    cut = name if len(name) <= MAX_NAME else name[: MAX_NAME - 3] + "..."
    return cut if cut.isprintable() else "".join(one if one.isprintable() else "?" for one in cut)


def variant(value: str) -> str:
    """`value` in quotes when it looks like an enum's, that is printable and at most 64 characters; else `a value`."""
    return f'"{value}"' if 0 < len(value) <= MAX_VALUE and value.isprintable() else "a value"
