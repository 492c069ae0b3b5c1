"""What the registry says about the attributes that a sample has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from spanwise.semconv.checker.content import flaw
from spanwise.semconv.checker.label import label, variant
from spanwise.semconv.checker.namespace import governed, naming, template
from spanwise.semconv.checker.rule import Note, Rule
from spanwise.semconv.checker.sample import Attributes, Value
from spanwise.semconv.definitions import ATTRIBUTES, TEMPLATES
from spanwise.semconv.deprecated import RENAMED, VALUES
from spanwise.semconv.descriptor import Attribute


_CONTENT: Final = "content"
_STRUCTURED: Final = "any"


def judge(attributes: Attributes, *, structured: bool) -> Iterator[Note]:
    """Everything to say about the attributes of one sample, apart from what is missing.

    `structured` tells whether content must be arrays and maps, as on log records, or may be JSON text, as on spans.
    """
    for name, value in attributes.items():
        if value is None:
            continue
        registered = ATTRIBUTES.get(name)
        if registered is not None and name not in TEMPLATES:
            yield from _registered(registered, value, structured=structured)
        elif name in RENAMED:
            yield Note(Rule.DEPRECATED, name, renamed(name))
            yield from _old_values(name, value)
        elif governed(name) or "." not in name:
            yield from _unregistered(name, value)


def renamed(name: str) -> str:
    """The sentence about the outdated `name`."""
    current, note = RENAMED[name]
    return f"renamed to {current}" if current else note


def _unregistered(name: str, value: Value) -> Iterator[Note]:
    above = template(name)
    if above is not None:
        yield Note(Rule.TEMPLATE_ATTRIBUTE, label(name), f"a key of the template {above}")
        if not isinstance(value, str):
            yield Note(Rule.TYPE_MISMATCH, label(name), f"{type_name(value)} where the convention has string")
        return
    if governed(name):
        yield Note(Rule.MISSING_ATTRIBUTE, label(name), "not in the registry")
    for note in naming(name):
        yield note._replace(attribute=label(name))


def _registered(registered: Attribute, value: Value, *, structured: bool) -> Iterator[Note]:
    name = registered.name
    if not _FITS[registered.type](value) or (structured and registered.type == _STRUCTURED and isinstance(value, str)):
        yield Note(Rule.TYPE_MISMATCH, name, f"{type_name(value)} where the convention has {registered.type}")
        return
    if registered.type == _STRUCTURED:
        wrong = flaw(name, value)
        if wrong is not None:
            yield Note(Rule.GENAI_CONTENT_SCHEMA, name, wrong)
    elif registered.members:
        yield from _members(registered, value)
    yield from _old_values(name, value)


def _members(registered: Attribute, value: Value) -> Iterator[Note]:
    name, old = registered.name, VALUES.get(registered.name, {})
    for one in _texts(value):
        if one not in registered.members and one not in old:
            shown = "a value" if registered.sensitivity == _CONTENT else variant(one)
            yield Note(Rule.UNDEFINED_ENUM_VARIANT, name, f"{shown} is not among the listed values")


def _old_values(name: str, value: Value) -> Iterator[Note]:
    old = VALUES.get(name)
    if old is None:
        return
    for one in _texts(value):
        if one in old:
            yield Note(Rule.DEPRECATED, name, f"the value {variant(one)} is now {variant(old[one])}")


def _texts(value: Value) -> Iterator[str]:
    """The strings that `value` is or holds, each once."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        yield from dict.fromkeys(one for one in value if isinstance(one, str))


def type_name(value: Value) -> str:
    """The type of `value` in the words of the conventions."""
    if isinstance(value, Mapping):
        return "map"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        kinds = {_TYPE_NAMES.get(type(one), "") for one in value}
        return f"{kinds.pop()}[]" if len(kinds) == 1 and "" not in kinds else "array"
    return _TYPE_NAMES.get(type(value), "another type")


_TYPE_NAMES: Final[Mapping[type, str]] = {
    str: "string",
    bool: "boolean",
    int: "int",
    float: "double",
    bytes: "bytes",
    type(None): "nothing",
}


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: Value) -> bool:
    return isinstance(value, str)


def _is_texts(value: Value) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str | bytes)
        and all(isinstance(one, str) for one in value)
    )


def _is_counts(value: Value) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str | bytes)
        and all(isinstance(one, int) and not isinstance(one, bool) for one in value)
    )


_FITS: Final[Mapping[str, Callable[[Value], bool]]] = {
    "string": _is_text,
    "enum": _is_text,
    "template": _is_text,
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "double": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "string[]": _is_texts,
    "int[]": _is_counts,
    _STRUCTURED: lambda value: isinstance(value, str | Mapping | Sequence) and not isinstance(value, bytes),
}
