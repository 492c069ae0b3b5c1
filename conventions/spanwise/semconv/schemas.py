"""JSON schemas of the structured attributes: messages, instructions, tool definitions, documents, memory records."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias


Schema: TypeAlias = dict[str, Any]
"""One JSON Schema: the JSON border of this module."""

_FOLDER = Path(__file__).with_name("schemas")


def names() -> tuple[str, ...]:
    """The attributes that have a schema, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


def schema(attribute: str) -> Schema | None:
    """The JSON Schema (2020-12) of the value of `attribute`, None if it has none.

    The schema is of the structure, also where a span carries its JSON text. It refers to nothing outside itself. A
    part of a message that says it is of a known type has to be right for that type, where upstream's schema would
    take it for a part of an unknown one. The answer is read from disk once (about 0.1 ms) and shared: do not change
    it.
    """
    # A name from outside never becomes a path.
    return _load(attribute) if attribute in _known() else None


@cache
def _known() -> frozenset[str]:
    return frozenset(names())


@cache
def _load(attribute: str) -> Schema:
    loaded: Schema = json.loads((_FOLDER / f"{attribute}.json").read_text("utf-8"))
    return loaded
