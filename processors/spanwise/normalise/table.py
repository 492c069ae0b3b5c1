"""One dialect's table, ready to be applied: the cheap half of a translation, without content."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from opentelemetry.trace import StatusCode

from spanwise.normalise.coerce import MAX_LIST, Coerce, coerce
from spanwise.normalise.document import at, parse, total
from spanwise.record import AttributeValue, SpanRecord
from spanwise.semconv import attributes as attr


Entry: TypeAlias = Mapping[str, Any]
"""One entry of `dialects.json`."""

Attributes: TypeAlias = dict[str, AttributeValue]

Rule: TypeAlias = Callable[[SpanRecord, AttributeValue, str | None], bool]
"""Takes a span, the value of the rule's source and the span's operation; says whether all of the source was moved."""

MAX_VARIABLES: Final = 64
"""Prompt variables taken over from one span."""

_MAX_NAME: Final = 64
_MAX_URL: Final = 2048
_NOTHING: Final = (None, "")
_ORDER: Final = itemgetter(0)


class Move(NamedTuple):
    """One source, one target."""

    target: str
    convert: Coerce
    operations: frozenset[str] | None
    beside: tuple[tuple[str, str], ...]
    """Attributes set together with the target."""


class OperationRule(NamedTuple):
    """How one source names the operation."""

    source: str
    values: Mapping[str, str | None]
    otherwise: str | None
    needs: str
    wins: bool


class ProviderRule(NamedTuple):
    """How one or several sources name the provider."""

    sources: tuple[str, ...]
    values: Mapping[str, str]
    prefixes: tuple[tuple[str, str], ...]


class ContentRule(NamedTuple):
    """How one content attribute is found: in attributes, under a prefix with indices, in parts, or in events."""

    target: str
    operations: frozenset[str] | None
    role: str
    sources: tuple[str, ...]
    indexed: str | None
    events: str | None
    parts: tuple[tuple[str, str], ...]
    path: tuple[str, ...]

    @classmethod
    def of(cls, rule: Entry) -> ContentRule:
        """The rule that an entry of `content` describes."""
        parts = tuple(rule.get("parts", {}).items())
        indexed = rule.get("indexed")
        named = (*rule.get("from", ()), *(source for _, source in parts), *([indexed] if indexed else ()))
        return cls(
            rule["to"],
            frozenset(rule["operations"]) if "operations" in rule else None,
            rule.get("role", "user"),
            named,
            indexed,
            rule.get("events"),
            parts,
            tuple(rule["path"].split(".")) if "path" in rule else (),
        )


class Table:
    """What a dialect's names become. Pure data once made."""

    def __init__(self, entry: Entry, shared: Mapping[str, Mapping[str, str]]) -> None:
        self.name: str = entry["dialect"]
        self.content = tuple(ContentRule.of(rule) for rule in entry["content"])
        self.content_sources = frozenset(source for rule in self.content for source in rule.sources)
        self._operations = tuple(_operation_rule(rule) for rule in entry["operation"])
        self._providers = tuple(_provider_rule(rule, shared["provider"]) for rule in entry["provider"])
        self._constants = tuple(entry["constants"].items())
        ordered = list(_rules(entry, shared))
        self._rules: dict[str, list[tuple[int, str, Rule]]] = {}
        for order, (source, rule) in enumerate(ordered):
            self._rules.setdefault(source, []).append((order, source, rule))
        # A frozen set meets a dict in half the time that two views of keys take.
        self._sources = frozenset(self._rules)

    def apply(self, span: SpanRecord) -> list[str]:
        """Set on `span` what its own names say and the convention's do not yet; the names that were moved.

        Costs about 2 us and 0.5 us for each name that is read.
        """
        attributes = span.attributes
        if self._operations:
            self._set_operation(attributes)
        if self._providers:
            self._set_provider(attributes)
        operation = span.text(attr.GEN_AI_OPERATION_NAME)
        hits = [rule for source in self._sources.intersection(attributes) for rule in self._rules[source]]
        # Where several names have one target, the first in the table wins.
        hits.sort(key=_ORDER)
        used = [source for _, source, rule in hits if rule(span, attributes[source], operation)]
        if operation is not None:
            for name, value in self._constants:
                attributes.setdefault(name, value)
        return used

    def _set_operation(self, attributes: Attributes) -> None:
        present = attributes.get(attr.GEN_AI_OPERATION_NAME)
        for rule in self._operations:
            if present and not rule.wins:
                continue
            value = attributes.get(rule.source)
            if not isinstance(value, str):
                continue
            found = rule.values.get(value, rule.otherwise)
            if found and (not rule.needs or rule.needs in attributes):
                attributes[attr.GEN_AI_OPERATION_NAME] = found
                return

    def _set_provider(self, attributes: Attributes) -> None:
        for rule in self._providers:
            if attr.GEN_AI_PROVIDER_NAME in attributes:
                return
            texts = [text if isinstance(text := attributes.get(source), str) else "" for source in rule.sources]
            joined = "+".join(texts).lower() if len(texts) > 1 else texts[0]
            if not joined.strip("+"):
                continue
            found = rule.values.get(joined) or next((to for head, to in rule.prefixes if joined.startswith(head)), None)
            if found is None and len(texts) == 1:
                found = joined
            if found:
                attributes[attr.GEN_AI_PROVIDER_NAME] = found


def _rules(entry: Entry, shared: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Rule]]:
    """The rules of a table in their order, each with the name whose presence calls it."""
    for rule in entry["rules"]:
        yield rule["from"], _reading(rule, shared) if "moves" in rule else _moving(rule, shared)
    for rule in entry["lists"]:
        yield f"{rule['prefix']}0{rule['suffix']}", _listing(rule, shared)
    for target, sources in entry["sums"].items():
        yield sources[0], partial(_sum, target, tuple(sources))
    for source, prefix in entry["variables"].items():
        yield source, partial(_set_variables, prefix)
    if entry["status"] is not None:
        yield entry["status"]["from"], partial(_set_status, entry["status"])


def _moving(rule: Entry, shared: Mapping[str, Mapping[str, str]]) -> Rule:
    if rule.get("url"):
        return _set_server
    if "time" in rule:
        return partial(_set_delay, rule["to"])
    move = _parsed_move(rule, shared)
    target, convert, operations, beside = move

    def moving(span: SpanRecord, value: AttributeValue, operation: str | None) -> bool:
        if operations is not None and operation not in operations:
            return False
        attributes = span.attributes
        # `_put`, written out: this runs ten times a span.
        if target not in attributes or attributes[target] in _NOTHING:
            converted = convert(value)
            if converted is not None:
                attributes[target] = converted
                for name, constant in beside:
                    attributes.setdefault(name, constant)
        return True

    return moving


def _put(attributes: Attributes, move: Move, value: AttributeValue) -> None:
    if attributes.get(move.target) not in _NOTHING:
        return
    converted = move.convert(value)
    if converted is None:
        return
    attributes[move.target] = converted
    for name, constant in move.beside:
        attributes.setdefault(name, constant)


def _reading(rule: Entry, shared: Mapping[str, Mapping[str, str]]) -> Rule:
    """A rule that reads JSON. The source stays: it holds more than what is read."""
    by_first: dict[str, list[tuple[int, tuple[str, ...], Move]]] = {}
    for order, each in enumerate(rule["moves"]):
        path = tuple(each["from"].split("."))
        by_first.setdefault(path[0], []).append((order, path, _parsed_move(each, shared)))
    sums = tuple((target, tuple(tuple(path.split(".")) for path in paths)) for target, paths in rule["sums"].items())
    operations = frozenset(rule["operations"]) if rule["operations"] else None

    def read(span: SpanRecord, value: AttributeValue, operation: str | None) -> bool:
        parsed = parse(value) if operations is None or operation in operations else None
        if not isinstance(parsed, Mapping):
            return False
        hits = [hit for name in parsed.keys() & by_first.keys() for hit in by_first[name]]
        hits.sort(key=_ORDER)
        for _, path, move in hits:
            if (found := at(parsed, path)) is not None:
                _put(span.attributes, move, found)
        for target, paths in sums:
            if target not in span.attributes and (count := total(parsed, paths)) is not None:
                span.attributes[target] = count
        return False

    return read


def _listing(rule: Entry, shared: Mapping[str, Mapping[str, str]]) -> Rule:
    prefix, suffix, target, words = rule["prefix"], rule["suffix"], rule["to"], shared[rule["values"]]

    def collect(span: SpanRecord, _value: AttributeValue, _operation: str | None) -> bool:
        if target in span.attributes:
            return False
        texts: list[AttributeValue] = []
        for index in range(MAX_LIST):
            text = span.attributes.get(f"{prefix}{index}{suffix}")
            if not isinstance(text, str):
                break
            texts.append(words.get(text, text))
        if texts:
            span.attributes[target] = texts
        return False

    return collect


def _sum(
    target: str, sources: tuple[str, ...], span: SpanRecord, _value: AttributeValue, _operation: str | None
) -> bool:
    if target not in span.attributes:
        span.attributes[target] = sum(count for source in sources if (count := span.count(source)) is not None)
    return False


def place_of(url: str) -> tuple[str, int] | None:
    """Host and port of a URL, of a host with a port too; `None` where it has none."""
    if len(url) > _MAX_URL:
        return None
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    return (host, port or (80 if parts.scheme == "http" else 443)) if host else None


def _set_server(span: SpanRecord, url: AttributeValue, _operation: str | None) -> bool:
    """Host and port of a base URL; the rest of it may hold a secret and is nobody's business."""
    attributes = span.attributes
    if isinstance(url, str) and attr.SERVER_ADDRESS not in attributes and (place := place_of(url)) is not None:
        attributes[attr.SERVER_ADDRESS], attributes[attr.SERVER_PORT] = place
    return False


def _set_delay(target: str, span: SpanRecord, text: AttributeValue, _operation: str | None) -> bool:
    """Seconds from the span's start to a moment written as ISO 8601, where it lies inside the span."""
    if not isinstance(text, str) or len(text) > _MAX_NAME or target in span.attributes:
        return False
    try:
        moment = datetime.fromisoformat(text.strip('"'))
    except ValueError:
        return False
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    delay_s = moment.timestamp() - span.start_unix_nano / 1e9
    if 0 <= delay_s <= span.duration_s:
        span.attributes[target] = delay_s
    return False


def _set_variables(prefix: str, span: SpanRecord, value: AttributeValue, _operation: str | None) -> bool:
    parsed = parse(value)
    if isinstance(parsed, Mapping):
        for name, variable in islice(parsed.items(), MAX_VARIABLES):
            if isinstance(variable, str | int | float) and isinstance(name, str) and 0 < len(name) <= _MAX_NAME:
                span.attributes.setdefault(f"{prefix}.{name}", str(variable))
    return False


def _set_status(rule: Entry, span: SpanRecord, level: AttributeValue, _operation: str | None) -> bool:
    if span.status is StatusCode.UNSET and level in rule["error"]:
        span.status = StatusCode.ERROR
        span.status_description = span.status_description or span.text(rule["description"]) or ""
    return False


def _parsed_move(rule: Entry, shared: Mapping[str, Mapping[str, str]]) -> Move:
    values = rule.get("values")
    convert = coerce(rule["type"], shared[values] if isinstance(values, str) else values, rule.get("scale"))
    operations = rule.get("operations")
    return Move(
        rule["to"],
        _limited(convert, rule.get("drop"), rule.get("only")),
        frozenset(operations) if operations else None,
        tuple(rule.get("with", {}).items()),
    )


def _limited(convert: Coerce, drop: Sequence[str] | None, only: Sequence[str] | None) -> Coerce:
    if drop is None and only is None:
        return convert
    refused, accepted = frozenset(drop or ()), frozenset(only or ())

    def limited(value: AttributeValue) -> AttributeValue:
        fits = value not in refused and (not accepted or value in accepted) if isinstance(value, str) else not accepted
        return convert(value) if fits else None

    return limited


def _operation_rule(rule: Entry) -> OperationRule:
    return OperationRule(
        rule["from"], rule.get("values", {}), rule.get("any"), rule.get("has", ""), bool(rule.get("wins"))
    )


def _provider_rule(rule: Entry, shared: Mapping[str, str]) -> ProviderRule:
    given = rule.get("values", {})
    values = given if len(rule["from"]) > 1 else {**shared, **given}
    prefixes = sorted(rule.get("prefixes", {}).items(), key=lambda pair: -len(pair[0]))
    return ProviderRule(tuple(rule["from"]), values, tuple(prefixes))
