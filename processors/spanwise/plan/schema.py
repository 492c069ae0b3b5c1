"""The JSON Schema of a policy, for editors: draft 2020-12, made of the outline and of nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from spanwise.plan.outline import outline
from spanwise.policy.entry import ANY_NAME, Bound, Count, Entry, Kind
from spanwise.policy.form import Form
from spanwise.policy.reader import LONGEST_TEXT
from spanwise.policy.recorder import Recorder
from spanwise.policy.scalar import DAY, DAYS, DECIMAL, LONGEST_NUMBER


Json: TypeAlias = dict[str, Any]
"""A part of the schema: JSON has no narrower type."""

FILE: Final = "spanwise.schema.json"
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_MOST_LISTED: Final = 12
"""Longer lists of words stand once, under `$defs`."""


def schema() -> Json:
    """The schema as JSON.

    It refuses what the readers refuse by form: unknown and missing keys, types, words, forms, bounds. What takes a
    calendar, a file or two keys to judge is left to `spanwise policy check`.
    """
    words: dict[tuple[str, ...], str] = {}
    top = _mapping(outline(), words)
    return {
        "$schema": DRAFT,
        "$comment": "Generated from the readers of the policy by python -m spanwise.plan.generate; do not edit.",
        "title": "Spanwise policy",
        "description": "What is done with telemetry of model calls: spanwise.yaml. Check: spanwise policy check.",
        **top,
        "type": ["object", "null"],
        "$defs": {name: {"enum": list(accepted)} for accepted, name in words.items()},
    }


def schema_text() -> str:
    """The schema as the text of its file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


Words: TypeAlias = dict[tuple[str, ...], str]
"""Long lists of words, and the name that each has under `$defs`."""


def _mapping(recorder: Recorder, words: Words) -> Json:
    properties = {key: _entry(entry, words) for key, entry in recorder.entries.items() if key != ANY_NAME}
    part: Json = {}
    if properties:
        part["properties"] = properties
    named = recorder.entries.get(ANY_NAME)
    part["additionalProperties"] = False if named is None else _entry(named, words)
    if named is not None:
        part |= _names(recorder, words)
    if required := [key for key, entry in recorder.entries.items() if entry.required]:
        part["required"] = required
    if conditions := [condition for count in recorder.counts for condition in _count(count)]:
        part["allOf"] = conditions
    return part


def _names(recorder: Recorder, words: Words) -> Json:
    part: Json = {"maxProperties": recorder.most_names}
    if recorder.accepted_names is not None:
        part["propertyNames"] = _words(recorder.accepted_names, words, recorder.called)
    elif recorder.name_form is not None:
        part["propertyNames"] = {"pattern": recorder.name_form.anchored}
    return part


def _count(count: Count) -> list[Json]:
    """At least one of the keys, at most one of them, or both."""
    # Of what is no mapping, every key that is required counts as present.
    each = [{"type": "object", "required": [key]} for key in count.keys]
    if count.most == 1:
        return [{"oneOf": each}] if count.least else [{"oneOf": [*each, {"not": {"anyOf": each}}]}]
    return [{"anyOf": each}] if count.least else []


def _entry(entry: Entry, words: Words) -> Json:
    value = _section(entry, words) if entry.inner is not None else _SCALARS[entry.kind](entry, words)
    if entry.can_be_off:
        value = {"anyOf": [value, {"const": False}]}
    if entry.otherwise is not None:
        value["type"] = "object"
        other = _entry(entry.otherwise, words)
        other.pop("description", None)
        value = {"anyOf": [*other["anyOf"], value]}
    return _described(entry) | value


def _described(entry: Entry) -> Json:
    part: Json = {}
    variable = f" {entry.variable} comes before it." if entry.variable else ""
    if entry.about:
        part["description"] = f"{entry.about}{variable}"
    if entry.has_default:
        part["default"] = written(entry)
    return part


def written(entry: Entry) -> object:
    """The default of `entry` as it is written in a policy."""
    default = entry.default
    if entry.kind is Kind.DAYS:
        return f"{default}d"
    if isinstance(default, Decimal):
        return _number(default)
    return list(default) if isinstance(default, tuple) else default


def _section(entry: Entry, words: Words) -> Json:
    assert entry.inner is not None
    part = _mapping(entry.inner, words)
    if entry.kind is Kind.SECTIONS:
        return {"type": "array", "items": {"type": "object", **part}, "maxItems": entry.most}
    # A key with nothing after it is an empty mapping, which some are not accepted as.
    is_needed = "required" in part or any(count.least for count in entry.inner.counts)
    return {"type": "object" if is_needed else ["object", "null"], **part}


def _words(accepted: tuple[str, ...], words: Words, called: str = "word") -> Json:
    if len(accepted) <= _MOST_LISTED:
        return {"enum": list(accepted)}
    if accepted[1:] in words:  # one more word before a list that is there already
        return {"anyOf": [{"const": accepted[0]}, _words(accepted[1:], words)]}
    name = called.removeprefix("a ").removeprefix("an ").replace(" ", "-")
    return {"$ref": f"#/$defs/{words.setdefault(accepted, name)}"}


def _form(form: Form | None, most: object) -> Json:
    part: Json = {"type": "string", "minLength": 1, "maxLength": most}
    return part if form is None else part | {"pattern": form.anchored}


def _bounds(entry: Entry) -> Json:
    return {"minimum": _number(entry.least), "maximum": _number(entry.most)}


def _number(bound: Bound | None) -> int | float | None:
    if isinstance(bound, int) or bound is None:
        return bound
    return int(bound) if bound == int(bound) else float(bound)


def _decimal(entry: Entry, _: Words) -> Json:
    quoted = _form(DECIMAL, LONGEST_NUMBER)
    return {"anyOf": [{"type": "number", **_bounds(entry)}, quoted]}


def _texts(entry: Entry, words: Words) -> Json:
    item = _form(entry.form, LONGEST_TEXT) if entry.accepted is None else _words(entry.accepted, words, entry.called)
    several = {"type": "array", "items": item, "minItems": entry.least, "maxItems": entry.most}
    return {"anyOf": [item, several]}


_SCALARS: Final[Mapping[Kind, Callable[[Entry, Words], Json]]] = {
    Kind.BOOLEAN: lambda _, __: {"type": "boolean"},
    Kind.TEXT: lambda entry, _: _form(entry.form, entry.most),
    Kind.CHOICE: lambda entry, words: _words(entry.accepted or (), words),
    Kind.INTEGER: lambda entry, _: {"type": "integer", **_bounds(entry)},
    Kind.NUMBER: lambda entry, _: {"type": "number", **_bounds(entry)},
    Kind.DECIMAL: _decimal,
    Kind.DAY: lambda _, __: {"type": "string", "format": "date", "pattern": DAY.anchored},
    Kind.DAYS: lambda _, __: {"type": "string", "pattern": DAYS.anchored},
    Kind.TEXTS: _texts,
}
