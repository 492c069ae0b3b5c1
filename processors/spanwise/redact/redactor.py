"""`Redactor`: the pipeline step that takes personal data and secrets out of a span."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Final

from spanwise.record import AttributeValue, Event, Resource, Scope, SpanRecord
from spanwise.redact.config import RedactConfig
from spanwise.redact.regime import Regime
from spanwise.redact.sibling import is_carrier
from spanwise.redact.survey import Survey
from spanwise.redact.tally import Finding
from spanwise.redact.text import Found
from spanwise.redact.walk import Walk
from spanwise.semconv import attributes as attr


_ROUNDS: Final = 4
"""How often a span is read: what stands in for a value can bring its neighbours, far apart in it, into a new light."""


class Redactor:
    """Takes values out of every carrier of a span: attributes and keys, events, links, status, name, scope, resource.

    Changes the record in place; a resource or scope that holds something is replaced by a clean copy, once for all
    spans that share it. Sets how many values were taken out and of which kinds, only when there were any. Running it
    twice changes nothing. What is over a bound is replaced by `[DROPPED]` and the span says why. The settings are those
    of the environment that the span's resource names.

    Cost: one search over all text of the span when nothing is suspected; the exact rules only where something is.
    Thread-safe. Raises `ValueError` on a configuration with mistakes.
    """

    def __init__(self, config: RedactConfig | None = None) -> None:
        config = config or RedactConfig()
        problems = config.validate()
        if problems:
            raise ValueError(" ".join(problems))
        self._regime = Regime(config)
        self._regimes = {name: Regime(config.within(name)) for name in config.environments}

    def __call__(self, span: SpanRecord, /, kinds: Counter[str] | None = None) -> SpanRecord:
        """`span` without its secrets and personal data; the same record. `kinds` receives what was taken out."""
        regime = self._of(span.resource.attributes)
        walk = regime.walk(regime.replacement.tenant(span.attributes, span.resource.attributes))
        regime.resource_and_scope(span, walk)
        tenant = walk.tenant
        for _ in range(_ROUNDS):
            if _is_clean(span, regime):
                break
            before = walk.tally.kinds.total()
            again = regime.walk(tenant, tally=walk.tally)
            _redact(span, again)
            walk.dropped = walk.dropped or again.dropped
            if walk.tally.kinds.total() == before:
                break
        if kinds is not None:
            kinds.update(walk.tally.kinds)
        if walk.tally.kinds:
            _account(span, walk.tally.kinds)
        if walk.dropped:
            span.attributes[attr.SPANWISE_CONTENT_DROPPED] = walk.dropped
        return span

    def text(self, text: str) -> str:
        """`text` with something else in place of its values: for metric labels and log lines."""
        return self.find(text).text

    def find(self, text: str) -> Found:
        """`text` with something else in place of its values, and how many of each kind were taken out."""
        walk = self._regime.walk()
        return Found(walk.string(text), dict(walk.tally.kinds))

    def explain(self, text: str) -> list[Finding]:
        """Every value in `text` with the rule that found it and its place: for people, never for telemetry."""
        walk = self._regime.walk(explain=True)
        walk.string(text)
        return walk.tally.findings or []

    def value(
        self,
        value: AttributeValue,
        kinds: Counter[str] | None = None,
        *,
        resource: Mapping[str, AttributeValue] = MappingProxyType({}),
    ) -> AttributeValue:
        """Any attribute value or log body, redacted at every depth; `kinds` receives what was taken out."""
        regime = self._of(resource)
        walk = regime.walk(regime.replacement.tenant(resource))
        clean = walk.value(value)
        if kinds is not None:
            kinds.update(walk.tally.kinds)
        return clean

    def attributes(
        self,
        values: Mapping[str, AttributeValue],
        kinds: Counter[str] | None = None,
        *,
        resource: Mapping[str, AttributeValue] = MappingProxyType({}),
    ) -> dict[str, AttributeValue]:
        """`values` redacted as the attributes of a span with `resource` would be, whole attributes included."""
        regime = self._of(resource)
        walk = regime.walk(regime.replacement.tenant(values, resource))
        clean = walk.attributes(values)
        if kinds is not None:
            kinds.update(walk.tally.kinds)
        return clean

    def _of(self, resource: Mapping[str, AttributeValue]) -> Regime:
        if not self._regimes:
            return self._regime
        name = resource.get(attr.DEPLOYMENT_ENVIRONMENT_NAME)
        return self._regimes.get(name, self._regime) if isinstance(name, str) else self._regime


def _is_clean(span: SpanRecord, regime: Regime) -> bool:
    """Whether everything the record owns is certain to be clean; where names are looked for, nothing is."""
    if regime.names is not None:
        return False
    survey = Survey(regime.scanner, regime.replacement.attribute)
    scope = span.scope
    for text in (span.name, span.status_description, span.trace_state, scope.name, scope.version,
                 scope.schema_url, span.resource.schema_url):  # fmt: skip
        survey.add(text)
    survey.mapping(span.attributes)
    for event in span.events:
        survey.add(event.name)
        survey.mapping(event.attributes)
    for link in span.links:
        survey.add(link.trace_state)
        survey.mapping(link.attributes)
    return survey.clean(regime.config.max_span_bytes) and not any(_chunks(span.events))


def _redact(span: SpanRecord, walk: Walk) -> None:
    span.name = walk.string(span.name)
    span.status_description = walk.string(span.status_description)
    span.trace_state = _intact(span.trace_state, walk)
    span.attributes = walk.attributes(span.attributes)
    _redact_events(span.events, walk)
    for link in span.links:
        link.trace_state = _intact(link.trace_state, walk)
        link.attributes = walk.attributes(link.attributes)
    scope = span.scope
    texts = walk.string(scope.name), walk.string(scope.version), walk.string(scope.schema_url)
    if texts != (scope.name, scope.version, scope.schema_url):
        span.scope = Scope(*texts, scope.attributes, scope.dropped_attributes)
    schema_url = walk.string(span.resource.schema_url)
    if schema_url != span.resource.schema_url:
        span.resource = Resource(span.resource.attributes, schema_url, span.resource.dropped_attributes)


def _redact_events(events: Sequence[Event], walk: Walk) -> None:
    for key, chunks in _chunks(events):
        texts = [str(chunk.attributes[key]) for chunk in chunks]
        for chunk, text in zip(chunks, walk.joined(texts) or texts, strict=True):
            chunk.attributes[key] = text
    for event in events:
        event.name = walk.string(event.name)
        event.attributes = walk.attributes(event.attributes)


def _intact(trace_state: str, walk: Walk) -> str:
    """`trace_state`, or nothing when it holds a value: a label would not be a valid W3C trace state."""
    return trace_state if walk.string(trace_state) == trace_state else ""


def _chunks(events: Sequence[Event]) -> Iterator[tuple[str, list[Event]]]:
    """Events that follow each other and may carry pieces of one text, with the attribute that does."""
    for _, group in groupby(events, key=lambda event: event.name):
        chunks = list(group)
        if len(chunks) < 2:
            continue
        for key in chunks[0].attributes:
            if is_carrier(key) and all(isinstance(chunk.attributes.get(key), str) for chunk in chunks):
                yield key, chunks


def _account(span: SpanRecord, kinds: Counter[str]) -> None:
    """Write how many values were taken out, and of which kinds, on top of what an earlier run wrote."""
    before = span.count(attr.SPANWISE_REDACTION_COUNT) or 0
    earlier = span.attributes.get(attr.SPANWISE_REDACTION_KINDS)
    counts = span.attributes.get(attr.SPANWISE_REDACTION_COUNTS)
    whole: Counter[str] = Counter()
    if isinstance(earlier, list | tuple):
        known = counts if isinstance(counts, list | tuple) and len(counts) == len(earlier) else [1] * len(earlier)
        for kind, count in zip(earlier, known, strict=True):
            if isinstance(kind, str) and isinstance(count, int) and count > 0:
                whole[kind] += count
    whole.update(kinds)
    names = sorted(whole)
    span.attributes[attr.SPANWISE_REDACTION_COUNT] = before + kinds.total()
    span.attributes[attr.SPANWISE_REDACTION_KINDS] = names
    span.attributes[attr.SPANWISE_REDACTION_COUNTS] = [whole[name] for name in names]
