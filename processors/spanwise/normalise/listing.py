"""Lists of things that are no messages: tool definitions and retrieved documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from spanwise.normalise.document import parse


Json: TypeAlias = Any
"""A parsed JSON value of somebody else's span."""

MAX_ITEMS: Final = 1_000
"""Definitions or documents kept of one span."""

_WRAPPERS: Final = ("document", "tool", "documents")


def definitions(value: Json) -> list[Json]:
    """Tools offered to a model: type, name, and what else is said of them."""
    found = []
    for item in _items(value):
        outer = parse(item.get("json_schema", item)) if isinstance(item, Mapping) else parse(item)
        if not isinstance(outer, Mapping):
            continue
        function = outer.get("function")
        inner = function if isinstance(function, Mapping) else outer
        kind = outer.get("type") if isinstance(outer.get("type"), str) else "function"
        name = inner.get("name") or outer.get("name") or kind
        definition = {"type": kind if kind != "object" else "function", "name": name if isinstance(name, str) else ""}
        if isinstance(text := inner.get("description"), str):
            definition["description"] = text
        schema = next((inner[key] for key in ("parameters", "input_schema", "inputSchema") if key in inner), None)
        if schema is not None:
            definition["parameters"] = parse(schema)
        found.append(definition)
    return found


def documents(value: Json) -> list[Json]:
    """Retrieved documents: id and score where they are known, and all else that is said of them."""
    found: list[Json] = []
    for item in _items(value):
        entry = parse(item)
        if isinstance(entry, Mapping):
            document = {key: parse(field) if key == "metadata" else field for key, field in entry.items()}
            if "id" in document and not isinstance(document["id"], str):
                document["id"] = str(document["id"])
            if "page_content" in document:
                document["content"] = document.pop("page_content")
            found.append(document)
        elif isinstance(entry, str) and entry:
            found.append({"content": entry})
    return found


def _items(value: Json) -> list[Json]:
    value = parse(value)
    if isinstance(value, Mapping):
        nested = next((parse(value[key]) for key in _WRAPPERS if key in value), None)
        value = nested if isinstance(nested, list | tuple) else [value]
    if not isinstance(value, list | tuple):
        return []
    found = []
    for item in value[:MAX_ITEMS]:
        key = next(iter(item)) if isinstance(item, Mapping) and len(item) == 1 else None
        found.append(item[key] if key in _WRAPPERS else item)
    return found
