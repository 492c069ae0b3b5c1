"""A JSON value against a JSON Schema, within a budget.

Schemas come from applications and from servers of tools, and values from models, so neither may cost more than a bound
says: references are followed within the document only, every step counts, and patterns run in linear time. That is why
this is not a general validator. Keywords it does not know are passed over, as the standard asks of unknown ones: it
finds most mismatches and invents none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import re2


Json: TypeAlias = Any
"""A parsed JSON value."""
Schema: TypeAlias = Mapping[str, Json]

MOST_STEPS: Final = 20_000
"""Pairs of a schema and a value that are compared; about 20 ms."""
_DEEPEST: Final = 48


class TooMuchError(Exception):
    """The schema or the value is larger, or deeper, than what is checked."""


class Mismatch:
    """Where a value does not follow its schema: the keyword, and how deep. Never the value, nor a name in it."""

    __slots__ = ("depth", "keyword")

    def __init__(self, keyword: str, depth: int) -> None:
        self.keyword = keyword
        self.depth = depth


def mismatch(value: Json, schema: Json) -> Mismatch | None:
    """The first place where `value` does not follow `schema`; `None` when it does as far as is checked.

    Raises:
        TooMuchError: the budget is spent, or a reference leads out of the document or nowhere.
    """
    return _Check(schema).value(value, schema, 0)


class _Check:
    def __init__(self, root: Json) -> None:
        self._root = root
        self._steps = 0

    def value(self, value: Json, schema: Json, depth: int) -> Mismatch | None:
        """The first keyword of `schema` that `value` does not follow."""
        self._steps += 1
        if self._steps > MOST_STEPS or depth > _DEEPEST:
            raise TooMuchError
        if schema is False:
            return Mismatch("false", depth)
        if not isinstance(schema, Mapping):
            return None
        if isinstance(schema.get("$ref"), str) and (
            found := self.value(value, self._target(schema["$ref"]), depth + 1)
        ):
            return found
        for keyword, check in _KEYWORDS:
            if keyword in schema:
                found = check(self, value, schema, depth)
                if found is not None:
                    return found
        return None

    def matches(self, value: Json, schema: Json, depth: int) -> bool:
        """Whether `value` follows `schema`."""
        return self.value(value, schema, depth + 1) is None

    def spend(self, steps: int) -> None:
        """Count work that is not a comparison of its own."""
        self._steps += steps

    def _target(self, reference: str) -> Json:
        if not reference.startswith("#"):
            raise TooMuchError
        found = self._root
        for step in reference[1:].split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            if isinstance(found, Mapping) and key in found:
                found = found[key]
            elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
                found = found[int(key)]
            else:
                raise TooMuchError
        return found


def _is(value: Json, kind: str) -> bool:
    if kind == "integer":
        return (isinstance(value, int) and not isinstance(value, bool)) or (
            isinstance(value, float) and value.is_integer()
        )
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    known = _TYPES.get(kind)
    return known is None or isinstance(value, known)


_TYPES: Final[dict[str, type]] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def _same(one: Json, other: Json) -> bool:
    """Equality of JSON: `true` is not 1, within lists and objects as well."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)


def _type(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    del check
    kinds = schema["type"]
    kinds = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    # Gemini and Bedrock write types in capitals, Gemini allows null by a keyword of its own.
    fits = not kinds or any(_is(value, str(kind).lower()) for kind in kinds)
    return None if fits or (value is None and schema.get("nullable") is True) else Mismatch("type", depth)


def _enum(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    allowed = schema["enum"]
    if not isinstance(allowed, list):
        return None
    check.spend(len(allowed) // 16)
    return None if any(_same(value, one) for one in allowed) else Mismatch("enum", depth)


def _const(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    del check
    return None if _same(value, schema["const"]) else Mismatch("const", depth)


def _required(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    del check
    names = schema["required"]
    if not isinstance(value, dict) or not isinstance(names, list):
        return None
    return None if all(not isinstance(name, str) or name in value for name in names) else Mismatch("required", depth)


def _properties(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    described = schema["properties"]
    if not isinstance(value, dict) or not isinstance(described, Mapping):
        return None
    for name, inner in described.items():
        if name in value and (found := check.value(value[name], inner, depth + 1)):
            return found
    return None


def _additional(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    if not isinstance(value, dict) or "patternProperties" in schema:
        return None
    described = schema.get("properties")
    known = described if isinstance(described, Mapping) else {}
    inner = schema["additionalProperties"]
    others = [name for name in value if name not in known]
    if inner is False and others:
        return Mismatch("additionalProperties", depth)
    return next((found for name in others if (found := check.value(value[name], inner, depth + 1))), None)


def _items(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    inner = schema["items"]
    if not isinstance(value, list) or isinstance(inner, list):
        return None
    first = schema.get("prefixItems")
    start = len(first) if isinstance(first, list) else 0
    return next((found for item in value[start:] if (found := check.value(item, inner, depth + 1))), None)


def _prefix(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    inner = schema["prefixItems"]
    if not isinstance(value, list) or not isinstance(inner, list):
        return None
    pairs = zip(value, inner, strict=False)
    return next((found for item, one in pairs if (found := check.value(item, one, depth + 1))), None)


def _all_of(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    inner = schema["allOf"] if isinstance(schema["allOf"], list) else []
    return next((found for one in inner if (found := check.value(value, one, depth + 1))), None)


def _any_of(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    inner = schema["anyOf"]
    if not isinstance(inner, list) or not inner:
        return None
    return None if any(check.matches(value, one, depth) for one in inner) else Mismatch("anyOf", depth)


def _one_of(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    inner = schema["oneOf"]
    if not isinstance(inner, list) or not inner:
        return None
    return None if sum(check.matches(value, one, depth) for one in inner) == 1 else Mismatch("oneOf", depth)


def _not(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    return Mismatch("not", depth) if check.matches(value, schema["not"], depth) else None


def _pattern(check: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
    text = schema["pattern"]
    if not isinstance(value, str) or not isinstance(text, str) or len(text) > 512:
        return None
    check.spend(100 + len(value) // 100)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        found = re2.compile(text, options).search(value)
    except re2.error:  # a pattern with what linear time cannot do: not checked
        return None
    return Mismatch("pattern", depth) if found is None else None


def _bound(keyword: str, kind: type | tuple[type, ...], wrong: Callable[[Json, float], bool]) -> _Keyword:
    def check(_: _Check, value: Json, schema: Schema, depth: int) -> Mismatch | None:
        bound = schema[keyword]
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            return None
        if isinstance(value, bool) or not isinstance(value, kind):
            return None
        return Mismatch(keyword, depth) if wrong(value, bound) else None

    return check


_Keyword: TypeAlias = Callable[[_Check, Json, Schema, int], Mismatch | None]
_NUMBER: Final = (int, float)
_KEYWORDS: Final[tuple[tuple[str, _Keyword], ...]] = (
    ("type", _type),
    ("enum", _enum),
    ("const", _const),
    ("required", _required),
    ("properties", _properties),
    ("additionalProperties", _additional),
    ("prefixItems", _prefix),
    ("items", _items),
    ("allOf", _all_of),
    ("anyOf", _any_of),
    ("oneOf", _one_of),
    ("not", _not),
    ("pattern", _pattern),
    ("minimum", _bound("minimum", _NUMBER, lambda value, bound: value < bound)),
    ("maximum", _bound("maximum", _NUMBER, lambda value, bound: value > bound)),
    ("exclusiveMinimum", _bound("exclusiveMinimum", _NUMBER, lambda value, bound: value <= bound)),
    ("exclusiveMaximum", _bound("exclusiveMaximum", _NUMBER, lambda value, bound: value >= bound)),
    ("minLength", _bound("minLength", str, lambda value, bound: len(value) < bound)),
    ("maxLength", _bound("maxLength", str, lambda value, bound: len(value) > bound)),
    ("minItems", _bound("minItems", list, lambda value, bound: len(value) < bound)),
    ("maxItems", _bound("maxItems", list, lambda value, bound: len(value) > bound)),
    ("minProperties", _bound("minProperties", dict, lambda value, bound: len(value) < bound)),
    ("maxProperties", _bound("maxProperties", dict, lambda value, bound: len(value) > bound)),
)
