"""`Redactor`: the pipeline step that takes personal data and secrets out of a span."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from spanwise.record import AttributeValue, Resource, Scope, SpanRecord
from spanwise.redact.config import RedactConfig
from spanwise.redact.scanner import scanner
from spanwise.redact.survey import Survey
from spanwise.redact.text import Found
from spanwise.redact.walk import Walk
from spanwise.semconv import attributes as attr


_IP_KINDS: Final = frozenset({"ipv4", "ipv6"})
_NUMBER_KINDS: Final = frozenset({"phone", "card", "iban", "ssn", "ipv4", "ipv6"})
# Addresses under these names are the user's own hosts, or the host that was called: what an operator looks for.
_OWN_HOSTS: Final = ("host.", "k8s.", "net.", "network.", "server.", "service.instance.")
_KEPT_SHARED: Final = 64


class Redactor:
    """Takes values out of every carrier of a span: attributes and keys, events, links, status, name, scope, resource.

    Changes the record in place; a resource or scope that holds something is replaced by a clean copy, once for all
    spans that share it. Sets how many values were taken out and of which kinds, only when there were any. Running it
    twice changes nothing. What is over a bound is replaced by `[DROPPED]` and the span says why.

    Cost: one search over all text of the span when nothing is suspected; the exact rules only where something is.
    Thread-safe. Raises `ValueError` on a configuration with mistakes.
    """

    def __init__(self, config: RedactConfig | None = None) -> None:
        self._config = config or RedactConfig()
        problems = self._config.validate()
        if problems:
            raise ValueError(" ".join(problems))
        kinds = frozenset(self._config.kinds)
        self._scanner = scanner(kinds)
        self._numberless = scanner(kinds - _NUMBER_KINDS)
        self._hostless = scanner(kinds - _IP_KINDS)
        self._shared: dict[int, tuple[Mapping[str, AttributeValue], Mapping[str, AttributeValue], Walk]] = {}

    def __call__(self, span: SpanRecord, /) -> SpanRecord:
        """`span` without its secrets and personal data; the same record."""
        walk = self._walk()
        self._resource_and_scope(span, walk)
        if not self._survey(span):
            self._redact(span, walk)
        if walk.kinds:
            before = span.count(attr.SPANWISE_REDACTION_COUNT) or 0
            span.attributes[attr.SPANWISE_REDACTION_COUNT] = before + walk.kinds.total()
            span.attributes[attr.SPANWISE_REDACTION_KINDS] = sorted(_kinds(span) | walk.kinds.keys())
        if walk.dropped:
            span.attributes[attr.SPANWISE_CONTENT_DROPPED] = walk.dropped
        return span

    def text(self, text: str) -> str:
        """`text` with labels in place of values: for metric labels and log lines."""
        return self.find(text).text

    def find(self, text: str) -> Found:
        """`text` with labels in place of values, and how many of each kind were taken out."""
        walk = self._walk()
        return Found(walk.string(text), dict(walk.kinds))

    def value(self, value: AttributeValue, kinds: Counter[str] | None = None) -> AttributeValue:
        """Any attribute value or log body, redacted at every depth; `kinds` receives what was taken out."""
        walk = self._walk()
        clean = walk.value(value)
        if kinds is not None:
            kinds.update(walk.kinds)
        return clean

    def _walk(self) -> Walk:
        return Walk(self._scanner, self._numberless, self._config.max_span_bytes)

    def _survey(self, span: SpanRecord) -> bool:
        """Whether everything the record owns is certain to be clean."""
        survey = Survey()
        scope = span.scope
        for text in (span.name, span.status_description, span.trace_state, scope.name, scope.version):
            survey.add(text)
        survey.mapping(span.attributes)
        for event in span.events:
            survey.add(event.name)
            survey.mapping(event.attributes)
        for link in span.links:
            survey.add(link.trace_state)
            survey.mapping(link.attributes)
        return survey.clean(self._scanner, self._config.max_span_bytes)

    def _redact(self, span: SpanRecord, walk: Walk) -> None:
        span.name = walk.string(span.name)
        span.status_description = walk.string(span.status_description)
        span.trace_state = _intact(span.trace_state, walk)
        span.attributes = self._attributes(span.attributes, walk)
        for event in span.events:
            event.name = walk.string(event.name)
            event.attributes = self._attributes(event.attributes, walk)
        for link in span.links:
            link.trace_state = _intact(link.trace_state, walk)
            link.attributes = self._attributes(link.attributes, walk)
        scope = span.scope
        name, version = walk.string(scope.name), walk.string(scope.version)
        if (name, version) != (scope.name, scope.version):
            span.scope = Scope(name, version, scope.schema_url, scope.attributes, scope.dropped_attributes)

    def _attributes(self, values: Mapping[str, AttributeValue], walk: Walk) -> dict[str, AttributeValue]:
        """`values` redacted; the addresses of the user's own hosts stay."""
        hosts = {key: value for key, value in values.items() if key.startswith(_OWN_HOSTS)}
        if not hosts:
            return walk.mapping(values)
        apart = walk.using(self._hostless)
        cleaned = apart.mapping(hosts)
        walk.dropped = walk.dropped or apart.dropped
        rest = walk.mapping({key: value for key, value in values.items() if key not in hosts})
        return {**rest, **cleaned}

    def _resource_and_scope(self, span: SpanRecord, walk: Walk) -> None:
        resource, scope = span.resource, span.scope
        attributes = self._shared_copy(resource.attributes, walk)
        if attributes is not resource.attributes:
            span.resource = Resource(attributes, resource.schema_url, resource.dropped_attributes)
        attributes = self._shared_copy(scope.attributes, walk)
        if attributes is not scope.attributes:
            span.scope = Scope(scope.name, scope.version, scope.schema_url, attributes, scope.dropped_attributes)

    def _shared_copy(self, values: Mapping[str, AttributeValue], walk: Walk) -> Mapping[str, AttributeValue]:
        """A clean copy of `values`, or `values` when they are clean; remembered by identity, 64 of them.

        The entry holds on to `values`, so the identity cannot be taken over by another object.
        """
        if not values:
            return values
        entry = self._shared.get(id(values))
        if entry is None or entry[0] is not values:
            own = self._walk()
            clean: Mapping[str, AttributeValue] = self._attributes(values, own)
            entry = (values, clean if own.kinds or own.dropped else values, own)
            if len(self._shared) >= _KEPT_SHARED:
                self._shared.clear()
            self._shared[id(values)] = entry
        walk.kinds.update(entry[2].kinds)
        walk.dropped = walk.dropped or entry[2].dropped
        return entry[1]


def _intact(trace_state: str, walk: Walk) -> str:
    """`trace_state`, or nothing when it holds a value: a label would not be a valid W3C trace state."""
    return trace_state if walk.string(trace_state) == trace_state else ""


def _kinds(span: SpanRecord) -> set[str]:
    """The kinds an earlier run left on the span."""
    value = span.attributes.get(attr.SPANWISE_REDACTION_KINDS)
    return {kind for kind in value if isinstance(kind, str)} if isinstance(value, list | tuple) else set()
