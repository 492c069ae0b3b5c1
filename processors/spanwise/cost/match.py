"""Whether a name matches a clause of the price book."""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol, TypeAlias


Clause: TypeAlias = list[Any]
"""`[kind, operand]` as it stands in `book.json`; the operand is text in lower case, a clause, or a list of clauses."""

MAX_NAME = 256
"""Longest name that is looked up. The longest of the book has fewer than 100 characters."""


class Pattern(Protocol):
    """What a pattern of re2 can do."""

    def match(self, text: str, /) -> object | None:
        """A match at the start of `text`."""
        ...

    def search(self, text: str, /) -> object | None:
        """A match anywhere in `text`."""
        ...


def lookable(name: str) -> bool:
    """Whether `name` can be looked up: printable ASCII of at most `MAX_NAME` characters.

    Inside this alphabet re2 and Python's own engine agree on digits and line ends, and no name can be expensive.
    """
    return len(name) <= MAX_NAME and name.isascii() and name.isprintable()


def matches(clause: Clause, text: str) -> bool:
    """Whether `text`, lookable and in lower case, satisfies `clause`."""
    kind, operand = clause
    if kind == "equals":
        return bool(text == operand)
    if kind == "or":
        return any(matches(part, text) for part in operand)
    if kind == "starts":
        return text.startswith(operand)
    if kind == "contains":
        return operand in text
    if kind == "ends":
        return text.endswith(operand)
    if kind == "and":
        return all(matches(part, text) for part in operand)
    if kind == "not":
        return not matches(operand, text)
    return compiled(operand).search(text) is not None


@cache
def compiled(pattern: str) -> Pattern:
    """The pattern of a `regex` clause. The patterns come from the book, so the cache is bounded by it."""
    import re2

    matcher: Pattern = re2.compile(pattern)
    return matcher
