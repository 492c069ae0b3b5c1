"""The content half of a translation: messages, tools, documents, arguments and results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import orjson

from spanwise.normalise.document import at, parse
from spanwise.normalise.indexed import indexed
from spanwise.normalise.listing import definitions, documents
from spanwise.normalise.message import messages
from spanwise.normalise.part import parts
from spanwise.normalise.past_event import past_messages
from spanwise.normalise.table import ContentRule, Table
from spanwise.record import AttributeValue, SpanRecord
from spanwise.semconv import attributes as attr


Json: TypeAlias = Any
"""A parsed JSON value of somebody else's span."""

_MESSAGES: Final = frozenset({attr.GEN_AI_INPUT_MESSAGES, attr.GEN_AI_OUTPUT_MESSAGES})
_TEXT: Final = frozenset({attr.GEN_AI_RETRIEVAL_QUERY_TEXT})
_QUERY_KEYS: Final = ("query", "question", "input", "text")
_CALLS: Final = "calls"


class Content:
    """Sets content attributes of the convention from what the rules of a dialect name. What is there stays."""

    def __init__(self, roles: Mapping[str, str]) -> None:
        self._roles = roles

    def apply(self, span: SpanRecord, tables: Sequence[Table]) -> list[str]:
        """Apply the content rules of `tables` in their order; the names that were read.

        An attribute set by one rule is left by the next. A span without content costs about 2 us.
        """
        attributes = span.attributes
        has_indices = ".0." in "\n".join(attributes)
        used: list[str] = []
        for table in tables:
            if has_indices or span.events or not table.content_sources.isdisjoint(attributes):
                for rule in table.content:
                    used += self._apply(span, rule, has_indices=has_indices)
        return used

    def _apply(self, span: SpanRecord, rule: ContentRule, *, has_indices: bool) -> list[str]:
        attributes = span.attributes
        if rule.target in attributes:
            return []
        if rule.operations is not None and span.text(attr.GEN_AI_OPERATION_NAME) not in rule.operations:
            return []
        used, value = _source(span, rule, has_indices=has_indices)
        converted = None if value is None else self._converted(rule, value)
        if converted is None:
            return []
        attributes[rule.target] = converted
        return used

    def _converted(self, rule: ContentRule, value: Json) -> AttributeValue:
        target = rule.target
        if target in _MESSAGES:
            return dump(messages(value, rule.role, self._roles))
        if target == attr.GEN_AI_SYSTEM_INSTRUCTIONS:
            return dump(_instructions(value))
        if target == attr.GEN_AI_TOOL_DEFINITIONS:
            return dump(definitions(value))
        if target == attr.GEN_AI_RETRIEVAL_DOCUMENTS:
            return dump(documents(value))
        if target in _TEXT:
            return _query(value)
        return _structured(value)


def dump(value: Json) -> str | None:
    """`value` as JSON text; `None` for nothing, and for what JSON cannot hold or nests too deep."""
    if value is None or value in ([], {}):
        return None
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # orjson's own error is one
        return None


def _source(span: SpanRecord, rule: ContentRule, *, has_indices: bool) -> tuple[list[str], Json]:
    attributes = span.attributes
    if rule.events is not None:
        return [], past_messages(span.events, rule.events) if span.events else None
    if rule.indexed is not None:
        found = indexed(attributes, rule.indexed) if has_indices else None
        if found is not None:
            return [key for key in attributes if key.startswith(f"{rule.indexed}.")], found
        return [rule.indexed], parse(attributes.get(rule.indexed))
    if rule.parts:
        return list(rule.sources), _assembled(attributes, rule)
    for source in rule.sources:
        if (value := attributes.get(source)) not in (None, ""):
            return [source], at(parse(value), rule.path) if rule.path else value
    return [], None


def _assembled(attributes: Mapping[str, AttributeValue], rule: ContentRule) -> Json:
    """One message out of attributes that each hold one kind of part."""
    found: list[Json] = []
    for kind, source in rule.parts:
        value = attributes.get(source)
        if value in (None, ""):
            continue
        if kind == _CALLS:
            calls = parse(value)
            found += [part for call in (calls if isinstance(calls, list) else [calls]) for part in parts([call])]
        else:
            found.append({"type": "reasoning" if kind == "reasoning" else "text", "content": str(value)})
    return [{"role": rule.role, "parts": found}] if found else None


def _instructions(value: Json) -> Json:
    parsed = parse(value)
    if isinstance(parsed, Mapping) and isinstance(parsed.get("parts"), list):
        parsed = parsed["parts"]
    return parts(parsed)


def _query(value: Json) -> str | None:
    parsed = parse(value)
    if isinstance(parsed, Mapping):
        parsed = next((parsed[key] for key in _QUERY_KEYS if isinstance(parsed.get(key), str)), value)
    return parsed if isinstance(parsed, str) and parsed else dump(parsed)


def _structured(value: Json) -> AttributeValue:
    """A tool's arguments or result: JSON text of an object as it is, anything else as it came."""
    if isinstance(value, str):
        return value
    return dump(value)
