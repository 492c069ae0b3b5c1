"""Texts that were made of a prompt, so that a call which is given one says which prompt that was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias


Value: TypeAlias = Any
"""One value of a request."""

_MOST: Final = 1024
"""Texts that are remembered: their hashes, not themselves."""

_DEEPEST: Final = 6
_MOST_VALUES: Final = 500


class Made(NamedTuple):
    """What a text was made of: name, version and hash of a prompt, and the values of its variables: content."""

    name: str
    version: str | None
    hash: str
    variables: Mapping[str, str]


_RECENT: Final[dict[int, Made]] = {}


def remember(text: str, made: Made) -> None:
    """Know `text` again in a request that is made of it; the oldest of 1,024 texts is forgotten."""
    if not text:
        return  # it stands in every request
    if len(_RECENT) >= _MOST:
        _RECENT.pop(next(iter(_RECENT)), None)
    _RECENT[hash(text)] = made


def made_in(request: Mapping[str, Value]) -> Made | None:
    """What the first text in `request` was made of that a prompt made; `None` when no prompt did.

    Costs one look where the process has made no text of a prompt; else the hash of each text, 500 values at most.
    """
    if not _RECENT:
        return None
    values: list[tuple[Value, int]] = [(request, 0)]
    for _ in range(_MOST_VALUES):
        if not values:
            return None
        value, depth = values.pop()
        if isinstance(value, str):
            if (made := _RECENT.get(hash(value))) is not None:
                return made
        elif depth < _DEEPEST:
            inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
            values.extend((item, depth + 1) for item in reversed(list(inner)[:_MOST_VALUES]))
    return None
