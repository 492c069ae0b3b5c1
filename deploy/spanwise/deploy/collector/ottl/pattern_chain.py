"""Ordered patterns with a value each, tried in a few statements instead of one for every pattern.

A regular expression can say which of its alternatives matched only by what its groups hold. So the values are written
behind the name, on a line of their own, and each alternative's group catches its value there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from spanwise.cost.match import Clause
from spanwise.deploy.collector.ottl.expression import absent, joined, put, slot, text
from spanwise.deploy.collector.ottl.name_table import condition


_MOST: Final = 24
"""Alternatives of one expression; more make it slow to match and its literal slow to parse."""

_LINE: Final = r"[^\n]*"


def chained(entries: Sequence[tuple[Clause, str]], name: str, found: str, *where: str) -> Iterator[str]:
    """The statements that put the value of the first clause that holds for slot `name` into slot `found`.

    Values have one width. Uses slot `j`. About 20 to 50 us for each expression that is tried.
    """
    asked = (absent(slot(found)), *where)
    for group in _groups(entries):
        if isinstance(group, tuple):
            clause, value = group
            yield put(slot(found), text(value), *asked, condition(clause, slot(name)))
            continue
        width = len(group[0][1])
        values = "".join(value for _, value in group)
        alternatives = (
            f"{pattern}{_LINE}\\n.{{{width * index}}}(.{{{width}}})" for index, (pattern, _) in enumerate(group)
        )
        expression = f"(?m)\\A(?:{'|'.join(alternatives)})(?s:.*)\\z"
        caught = "".join(f"${index + 1}" for index in range(len(group)))
        yield put(slot("j"), joined(slot(name), text("\n" + values)), *asked)
        yield f"replace_pattern({slot('j')}, {text(expression)}, {text(caught)}) where {' and '.join(asked)}"
        yield put(slot(found), slot("j"), *asked, f"Len({slot('j')}) == {width}")


def _groups(entries: Iterable[tuple[Clause, str]]) -> Iterator[tuple[Clause, str] | list[tuple[str, str]]]:
    """The entries in their order: runs of expressions, and what cannot be one."""
    run: list[tuple[str, str]] = []
    for clause, value in entries:
        pattern = expression_of(clause)
        if pattern is not None:
            run.append((pattern, value))
        if run and (pattern is None or len(run) == _MOST):
            yield run
            run = []
        if pattern is None:
            yield clause, value
    if run:
        yield run


def expression_of(clause: Clause) -> str | None:
    """A clause as an expression that begins where a line does; `None` where it would not mean the same."""
    kind, operand = clause
    if kind == "starts":
        return re.escape(str(operand))
    if kind == "contains":
        return _LINE + re.escape(str(operand))
    if kind == "ends":
        return f"{_LINE}{re.escape(operand)}$"
    if kind == "or":
        parts = [expression_of(part) for part in operand]
        return None if None in parts else f"(?:{'|'.join(part for part in parts if part is not None)})"
    if kind == "regex" and not re.search(r"\[\^|\\[sSWDAzZbB]|\(\?[^:]|\((?!\?)", operand):
        return f"(?:{_LINE}(?:{operand}))"
    return None
