"""One run of the checker over any amount of telemetry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from spanwise.semconv.checker.classify import classify, is_genai
from spanwise.semconv.checker.event import is_judged, judge_event
from spanwise.semconv.checker.finding import Finding, Signal
from spanwise.semconv.checker.label import label
from spanwise.semconv.checker.metric import judge_metric
from spanwise.semconv.checker.namespace import governed
from spanwise.semconv.checker.otlp import samples
from spanwise.semconv.checker.problem import Problem
from spanwise.semconv.checker.report import Report
from spanwise.semconv.checker.resource import judge_resource, unassociated
from spanwise.semconv.checker.rule import SEVERITIES, Note, Rule, Severity
from spanwise.semconv.checker.sample import Attributes, EventSample, MetricSample, ResourceSample, Sample, SpanSample
from spanwise.semconv.checker.span import judge_span
from spanwise.semconv.deprecated import RENAMED
from spanwise.semconv.descriptor import Span
from spanwise.semconv.otlp_message import Json, Malformed


MAX_FINDINGS: Final = 10_000
"""How many findings are kept unless a caller says otherwise."""

_MAX_PROBLEMS: Final = 100
_MAX_RESOURCES: Final = 1_000


class Inspection:
    """Takes telemetry piece by piece and keeps what there is to say about it. Not for several threads at once.

    `ignore` are ids of rules to leave out; `severities` replaces the severity of a rule by its id. Memory is bounded
    by `limit` findings of each severity and 1000 resources.

    Raises:
        ValueError: an id or a severity does not exist.
    """

    def __init__(
        self, *, ignore: Collection[str] = (), severities: Mapping[str, str] | None = None, limit: int = MAX_FINDINGS
    ) -> None:
        self._chosen = {_known(rule): Severity(severity) for rule, severity in (severities or {}).items()}
        self._severities = {**SEVERITIES, **self._chosen}
        self._ignored = frozenset(_known(rule) for rule in ignore)
        self._limit = limit
        self._findings: dict[Severity, list[Finding]] = {severity: [] for severity in Severity}
        self._counts = dict.fromkeys(Severity, 0)
        self._read: dict[type, int] = dict.fromkeys((SpanSample, MetricSample, EventSample), 0)
        self._judged = 0
        self._problems: list[Problem] = []
        self._unread = 0
        self._once: set[object] = set()

    def add_document(self, document: Json, source: str = "", line: int = 0) -> None:
        """Check a parsed OTLP/JSON document; parts of it that cannot be read become problems."""
        for sample in samples(document):
            if isinstance(sample, Malformed):
                self.add_problem(Problem(source, line, str(sample)))
            else:
                self.add(sample)

    def add_problem(self, problem: Problem) -> None:
        """Count a piece of input that could not be read; the first hundred are kept."""
        self._unread += 1
        if len(self._problems) < _MAX_PROBLEMS:
            self._problems.append(problem)

    def add(self, sample: Sample) -> None:
        """Check one sample. Costs about 0.1 ms for a span without content."""
        if isinstance(sample, ResourceSample):
            self._resource(sample.attributes)
            return
        self._read[type(sample)] += 1
        if isinstance(sample, SpanSample):
            self._span(sample)
        elif isinstance(sample, MetricSample):
            if governed(sample.name) or sample.name in RENAMED:
                self._note("metric", sample.name, "", judge_metric(sample))
                self._mark("metric", sample.name)
        else:
            self._event(sample)

    def report(self) -> Report:
        """What was found so far, worst first."""
        kept = [finding for severity in Severity for finding in self._findings[severity]][: self._limit]
        return Report(
            findings=tuple(kept),
            left_out=sum(self._counts.values()) - len(kept),
            severities=dict(self._counts),
            spans=self._read[SpanSample],
            metrics=self._read[MetricSample],
            events=self._read[EventSample],
            judged=self._judged,
            problems=tuple(self._problems),
            unread=self._unread,
        )

    def _span(self, sample: SpanSample) -> None:
        for event in sample.events:
            self._event(event)
        if not is_genai(sample.attributes):
            return
        definition = classify(sample)
        self._note("span", sample.name, sample.where, judge_span(sample, definition))
        self._mark("span", sample.name, sample.where)
        if definition is not None:
            self._association(definition, sample)

    def _association(self, definition: Span, sample: SpanSample) -> None:
        """Once for each span type: it is the resource that lacks something, not each of its spans."""
        if definition.entities and definition.id not in self._once:
            self._once.add(definition.id)
            self._note("resource", sample.name, sample.where, unassociated(definition, sample.resource))

    def _event(self, sample: EventSample) -> None:
        if is_judged(sample):
            self._note("event", sample.name, sample.where, judge_event(sample))
            self._mark("event", sample.name, sample.where)

    def _resource(self, attributes: Attributes) -> None:
        """Once for each resource, which every line of a file repeats."""
        ours = [(name, str(value)) for name, value in attributes.items() if governed(name)]
        key = hash(tuple(ours))
        if ours and key not in self._once:
            if len(self._once) < _MAX_RESOURCES:
                self._once.add(key)
            self._note("resource", "", "", judge_resource(attributes))

    def _mark(self, signal: Signal, subject: str, where: str = "") -> None:
        """Count `subject` as judged, and say once for each signal that its conventions are not stable."""
        self._judged += 1
        if signal not in self._once:
            self._once.add(signal)
            message = f"the conventions for this {signal}, as for all of GenAI, are in development and may change"
            self._note(signal, subject, where, (Note(Rule.NOT_STABLE, None, message),))

    def _note(self, signal: Signal, subject: str, where: str, notes: Iterable[Note]) -> None:
        for note in notes:
            rule = note.rule.value
            if rule in self._ignored:
                continue
            severity = self._severities[rule] if note.certain else self._uncertain(rule)
            self._counts[severity] += 1
            kept = self._findings[severity]
            if len(kept) < self._limit:
                kept.append(Finding(rule, severity, signal, label(subject), note.attribute, note.message, where))

    def _uncertain(self, rule: str) -> Severity:
        """Information, unless the caller gave the rule a severity."""
        return self._severities[rule] if rule in self._chosen else Severity.INFORMATION


def _known(rule: str) -> str:
    if rule not in SEVERITIES:
        raise ValueError(f"no such rule: {label(rule)}")
    return rule
