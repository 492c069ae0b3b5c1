"""Whether content has the form its JSON schema wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

import orjson

from spanwise.semconv import schemas
from spanwise.semconv.checker.otlp import MAX_DEPTH
from spanwise.semconv.checker.sample import Value
from spanwise.semconv.otlp_message import Json


if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

MAX_CONTENT_BYTES: Final = 16 * 1024 * 1024
"""Longer content is not looked into."""


def flaw(name: str, value: Value) -> str | None:
    """What is wrong with the content `value` of the attribute `name`; `None` when nothing is, or no schema says so.

    `value` is JSON text or a structured value. The sentence names places and keywords of the schema, never content.
    Costs about 0.3 ms a message.
    """
    validator = _validator(name)
    if validator is None:
        return None
    if isinstance(value, str):
        if len(value) > MAX_CONTENT_BYTES:
            return None
        try:
            document = orjson.loads(value)
        except orjson.JSONDecodeError:
            return "is text, but not JSON"
    else:
        document = value
    if _too_deep(document):
        return f"nests deeper than {MAX_DEPTH}"
    error = _first(validator, _lists(document))
    return None if error is None else f"does not match its schema at {_path(name, error)}: {_reason(error)}"


@cache
def _validator(name: str) -> Draft202012Validator | None:
    """The compiled schema of `name`. Called with registered names only, so the cache is bounded."""
    schema = schemas.schema(name)
    if schema is None:
        return None
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema)


def _first(validator: Draft202012Validator, document: Json) -> ValidationError | None:
    """The first error, or the most telling one among the branches that it tried."""
    from jsonschema.exceptions import best_match

    errors = list(islice(validator.iter_errors(document), 1))
    return best_match(errors) if errors else None


def _too_deep(document: Json | Value) -> bool:
    """Whether `document` nests deeper than `MAX_DEPTH`; level by level, so that no depth overflows a stack."""
    level: list[object] = [document]
    for _ in range(MAX_DEPTH + 1):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(item: object) -> Iterable[object]:
    if isinstance(item, Mapping):
        return item.values()
    return item if isinstance(item, Sequence) and not isinstance(item, str | bytes) else ()


def _lists(item: Value) -> Json:
    """`item` with its sequences as lists and its maps as dicts, which is what JSON Schema calls arrays and objects."""
    if isinstance(item, Mapping):
        return {key: _lists(child) for key, child in item.items()}
    if isinstance(item, Sequence) and not isinstance(item, str | bytes):
        return [_lists(child) for child in item]
    return item


def _path(name: str, error: ValidationError) -> str:
    known = _properties(name)
    steps = [f"[{s}]" if isinstance(s, int) else f".{s if s in known else '*'}" for s in error.absolute_path]
    return "$" + "".join(steps)


@cache
def _properties(name: str) -> frozenset[str]:
    """Every property that the schema of `name` mentions: only these are shown, other keys may be content."""
    found: set[str] = set()
    pending: list[Json] = [schemas.schema(name)]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            found.update(item.get("properties") or ())
        pending.extend(_children(item))
    return frozenset(found)


def _reason(error: ValidationError) -> str:
    keyword: str = str(error.validator)
    wanted: Json = error.validator_value
    if keyword == "required" and isinstance(error.instance, dict):
        return f"without {', '.join(str(one) for one in wanted if one not in error.instance)}"
    if keyword == "type":
        return f"not of type {wanted if isinstance(wanted, str) else ' or '.join(str(one) for one in wanted)}"
    return f"fails {keyword}"
