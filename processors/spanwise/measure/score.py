"""`Scores`: results of evaluations, from events of spans and from log records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from spanwise.measure.extra_labels import ExtraLabels, Values
from spanwise.measure.instruments import Instruments
from spanwise.record import AttributeValue, SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import events, metrics


_MOST_SCORES: Final = 128
"""Scores of one span."""
_LARGEST: Final = 1e12


class Scores:
    """Records the numbers of `gen_ai.evaluation.result` events.

    A result without a number, or without the name of what was evaluated, is not recorded: neither a verdict in words
    nor a failed evaluation is a number. Numbers below 0 are none of a histogram's.
    """

    def __init__(self, instruments: Instruments, clean: Callable[[str], str], extra: ExtraLabels) -> None:
        self._instruments = instruments
        self._clean = clean
        self._extra = extra

    def of_span(self, span: SpanRecord) -> None:
        """Record the results among the events of `span`, with the labels of the span where the event has none."""
        results = [event for event in span.events if event.name == events.GEN_AI_EVALUATION_RESULT]
        for event in results[:_MOST_SCORES]:
            self.record(event.attributes, span.resource.attributes, around=span.attributes)

    def of_checks(self, span: SpanRecord, scores: Sequence[tuple[str, float]]) -> None:
        """Record scores of `span`, names and values, that were not among its events when it was measured.

        Where measurements are held back these are as well, so that the calling thread pays 2 us for all of them.
        """
        resource = span.resource.attributes
        extra = self._extra.values(span.attributes, resource)
        if self._instruments.holds:
            self._instruments.prepare((metrics.SPANWISE_SCORE,))
            self._instruments.later(partial(self._checked, scores, extra, resource))
        else:
            self._checked(scores, extra, resource)

    def _checked(
        self, scores: Sequence[tuple[str, float]], extra: Values, resource: Mapping[str, AttributeValue]
    ) -> None:
        added = self._extra.labels(extra, resource)
        for name, value in scores:
            self._instruments.record(metrics.SPANWISE_SCORE, value, {**added, attr.GEN_AI_EVALUATION_NAME: name})

    def record(
        self,
        attributes: Mapping[str, AttributeValue],
        resource: Mapping[str, AttributeValue],
        *,
        around: Mapping[str, AttributeValue] | None = None,
    ) -> None:
        """Record one result, whose event has `attributes`."""
        value = attributes.get(attr.GEN_AI_EVALUATION_SCORE_VALUE)
        name = attributes.get(attr.GEN_AI_EVALUATION_NAME)
        if isinstance(value, bool) or not isinstance(value, int | float) or not isinstance(name, str) or not name:
            return
        if not 0 <= value <= _LARGEST:
            return
        extra = self._extra.values({**(around or {}), **attributes} if around else attributes, resource)
        labels = {**self._extra.labels(extra, resource), attr.GEN_AI_EVALUATION_NAME: self._clean(name)}
        self._instruments.record(metrics.SPANWISE_SCORE, value, labels)
