"""Keys with indices (`llm.input_messages.0.message.role`) as the structure they were flattened from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from spanwise.record import AttributeValue


Json: TypeAlias = Any
"""The structure: objects, arrays and attribute values."""

MAX_DEPTH: Final = 16
"""Levels below the prefix; a deeper key is left alone."""

MAX_KEYS: Final = 20_000
"""Keys read of one prefix."""


def indexed(attributes: Mapping[str, AttributeValue], prefix: str) -> Json:
    """What stands under `prefix`, or `None`. Objects whose keys are all numbers become arrays, in their order.

    The value of an index is only its place in that order: an index of a billion costs no more than any other.
    """
    head = prefix + "."
    keys = [key for key in attributes if key.startswith(head)][:MAX_KEYS]
    if not keys:
        return None
    root: dict[str, Json] = {}
    for key in keys:
        path = key[len(head) :].split(".")
        if len(path) <= MAX_DEPTH:
            _place(root, path, attributes[key])
    return _arrays(root)


def _place(root: dict[str, Json], path: list[str], value: AttributeValue) -> None:
    node = root
    for name in path[:-1]:
        below = node.setdefault(name, {})
        if not isinstance(below, dict):
            # The same name holds a value and has children: the children win, the value is still in its attribute.
            below = node[name] = {}
        node = below
    node.setdefault(path[-1], value)


def _arrays(node: Json) -> Json:
    if not isinstance(node, dict):
        return node
    if node and all(name.isascii() and name.isdigit() for name in node):
        ordered = sorted(node, key=lambda name: (len(name.lstrip("0")), name.lstrip("0")))
        return [_arrays(node[name]) for name in ordered]
    return {name: _arrays(value) for name, value in node.items()}
