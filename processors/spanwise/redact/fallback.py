"""`drop_content`: what is left of a span whose redaction failed."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Final

from spanwise.record import AttributeValue, Resource, Scope, SpanRecord
from spanwise.redact.kinds import DROPPED
from spanwise.semconv import attributes as attr


_NAME: Final = frozenset(string.ascii_letters + "._")
_PLAIN: Final = frozenset(string.ascii_letters + string.digits + "._-")
_SENTENCE: Final = frozenset(string.ascii_letters + string.digits + " ._:;,()-/")
_REGISTERED: Final = frozenset(value for name, value in vars(attr).items() if name.isupper() and isinstance(value, str))
_HEX: Final = frozenset("0123456789abcdef")
# How keys begin that are short enough to pass for a name.
_KEY_STARTS: Final = (
    "sk-",
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat",
    "xox",
    "xapp",
    "AIza",
    "ya29",
    "eyJ",
)
_LARGEST_NUMBER: Final = 10**9  # a count or a cost; nine digits and more may be a number of somebody
_MOST_DIGITS: Final = 6


def drop_content(span: SpanRecord, reason: str) -> SpanRecord:
    """`span` with nothing left in it that a person, a model or a caller may have written: the same record.

    Kept are ids, times, kind, status code, small numbers, booleans, and strings of attributes the registry calls safe,
    when they look like one. Events go, links keep their ids, the name becomes the operation's. The span says `reason`.
    Reads types defensively and calls nothing that can fail, because it runs when something already has.
    """
    span.attributes = {key: value for key, value in span.attributes.items() if may_stay(key, value)}
    operation = span.attributes.get(attr.GEN_AI_OPERATION_NAME)
    span.name = operation if isinstance(operation, str) else "[REDACTED]"
    span.status_description = ""
    span.trace_state = ""
    span.events = []
    for link in span.links:
        link.attributes = {}
        link.trace_state = ""
    span.resource = Resource(safe_service(span.resource.attributes))
    span.scope = Scope(span.scope.name if _is_plain(span.scope.name) else "")
    span.attributes[attr.SPANWISE_CONTENT_DROPPED] = reason[:200]
    return span


def may_stay(key: object, value: object) -> bool:
    """Whether the attribute `key` may stay with `value` when nobody can say whether it is clean."""
    if not isinstance(key, str) or not (key in _REGISTERED or (0 < len(key) <= 100 and _NAME.issuperset(key))):
        return False
    if isinstance(value, bool):
        return True
    if isinstance(value, int | float):
        return key not in attr.PERSONAL and -_LARGEST_NUMBER < value < _LARGEST_NUMBER
    if key not in attr.SAFE:
        return False
    if isinstance(value, list | tuple):
        return len(value) <= 64 and all(is_safe(item) for item in value)
    return is_safe(value) or (key == attr.SPANWISE_DUPLICATE_OF and _is_span_id(value))


def safe_labels(values: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    """Labels of a number that could not be cleaned: the number stays of use, texts and long numbers do not stay."""
    plain = {key: value for key, value in values.items() if key and _NAME.issuperset(key)}
    return {key: value if may_stay(key, value) else DROPPED for key, value in plain.items()}


def is_safe(value: object) -> bool:
    """Whether `value` is short and has no room for an address, a number or a key."""
    if not isinstance(value, str) or len(value) > 128 or not _SENTENCE.issuperset(value):
        return False
    longest = max(map(len, value.split()), default=0)
    few_digits = sum(letter.isdigit() for letter in value) <= _MOST_DIGITS
    return few_digits and longest <= 40 and not any(start in value for start in _KEY_STARTS)


def _is_span_id(value: object) -> bool:
    return isinstance(value, str) and len(value) == 16 and _HEX.issuperset(value)


def _is_plain(value: object) -> bool:
    """Whether `value` is one word as services and libraries are called."""
    return isinstance(value, str) and 0 < len(value) <= 40 and _PLAIN.issuperset(value) and is_safe(value)


def safe_service(resource: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    """What may stay of a resource when nobody can say whether it is clean: the service's name, if it is one word."""
    name = resource.get(attr.SERVICE_NAME)
    return {attr.SERVICE_NAME: name} if _is_plain(name) else {}
