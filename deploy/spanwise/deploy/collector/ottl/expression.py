"""Pieces of OTTL, the language of the Collector's transform processor, as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final


TRUE: Final = "true"


def text(value: str) -> str:
    """A string literal. `$` is doubled, because the Collector takes a single one for a variable of its environment."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'.replace("\t", "\\t").replace("$", "$$")


def attribute(name: str) -> str:
    """The path of a span's attribute."""
    return f"span.attributes[{text(name)}]"


def slot(name: str) -> str:
    """The path of a value that is kept while one group of statements runs over one span."""
    return f'span.cache["{name}"]'


def put(path: str, value: str, *where: str) -> str:
    """The statement that sets `path` where all of `where` hold; a `value` of nothing changes nothing."""
    return f"set({path}, {value}){_where(where)}"


def drop(name: str, *where: str) -> str:
    """The statement that removes a span's attribute."""
    return f"delete_key(span.attributes, {text(name)}){_where(where)}"


def both(*conditions: str) -> str:
    """All of these."""
    return " and ".join(conditions)


def either(*conditions: str) -> str:
    """One of these, in brackets."""
    return f"({' or '.join(conditions)})"


def present(path: str) -> str:
    """Whether there is a value."""
    return f"{path} != nil"


def absent(path: str) -> str:
    """Whether there is none."""
    return f"{path} == nil"


def is_text(path: str) -> str:
    """Whether there is a string that is not empty."""
    # Asking a value that is not there for its type makes an error, which costs more than the look-up.
    return f'{path} != nil and IsString({path}) and {path} != ""'


def joined(*parts: str) -> str:
    """The parts as one string; each must be there."""
    return f'Concat([{", ".join(parts)}], "")'


def piece(of: str, start: int | str, length: int | str) -> str:
    """Some bytes of a string; outside of it is an error."""
    return f"Substring({of}, {start}, {length})"


def matches(path: str, pattern: str) -> str:
    """Whether a pattern of RE2 matches somewhere."""
    return f"IsMatch({path}, {text(pattern)})"


def one_of(path: str, values: Iterable[str]) -> str:
    """Whether a value is one of these strings."""
    return either(*(f"{path} == {text(value)}" for value in values))


def on(flag: str) -> str:
    """Whether a flag is set that was put to false before: cheaper than to look for what may not be there."""
    return f"{slot(flag)} == true"


def only(flag: str, statements: Iterable[str]) -> Iterator[str]:
    """The statements, each of which asks for the flag before anything else."""
    for statement in statements:
        found = _WHERE.match(statement)
        if found is None:
            yield f"{statement} where {on(flag)}"
        else:
            yield f"{found[1]} where {on(flag)} and ({statement[found.end() :]})"


_WHERE: Final = re.compile(r'((?:[^"]|"(?:\\.|[^"\\])*")*?) where ')


def _where(conditions: tuple[str, ...]) -> str:
    return f" where {' and '.join(conditions)}" if conditions else ""
