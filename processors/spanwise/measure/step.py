"""`Measure`: one finished GenAI span becomes the metrics of the convention, and its cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from opentelemetry.trace import SpanKind

from spanwise.measure.agent import AgentMetrics
from spanwise.measure.config import CURRENT, MeasureConfig
from spanwise.measure.extra_labels import Attributes, Clean, ExtraLabels
from spanwise.measure.finish_reason import REASONS, finish_reason
from spanwise.measure.held import place_of
from spanwise.measure.instruments import Instruments
from spanwise.measure.label_set import LabelSet, LabelSets
from spanwise.measure.past import PastMetrics
from spanwise.measure.runs import Runs
from spanwise.measure.score import Scores
from spanwise.record import OWN_SCOPE, SpanRecord, without_content
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics, values


INFERENCE = frozenset(
    {
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
    }
)
"""Operations that the convention calls inference."""

_SPENDING: Final = INFERENCE | {values.GEN_AI_OPERATION_NAME_EMBEDDINGS}
"""Operations that have a cost."""

_PERHAPS_SPENDING: Final = _SPENDING | {
    values.GEN_AI_OPERATION_NAME_FETCH_RESPONSE,
    values.GEN_AI_OPERATION_NAME_RETRIEVAL,
}
_MOST_STARTED: Final = 200
"""Kinds of call whose counters begin with 0: seven reasons each, of the 2000 sets that the SDK keeps of a metric."""

_COUNTERS = (
    (
        attr.GEN_AI_USAGE_INPUT_TOKENS,
        metrics.GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
        (
            attr.GEN_AI_USAGE_TEXT_INPUT_TOKENS,
            attr.GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
            attr.GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
        ),
    ),
    (
        attr.GEN_AI_USAGE_OUTPUT_TOKENS,
        metrics.GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
        (
            attr.GEN_AI_USAGE_TEXT_OUTPUT_TOKENS,
            attr.GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
            attr.GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
        ),
    ),
    (
        attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
        metrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
        (
            attr.GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS,
            attr.GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS,
            attr.GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
        ),
    ),
    (
        attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
        metrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
        (),
    ),
    (
        attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
        metrics.GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
        (),
    ),
)
_OF_CALLS: Final = (
    metrics.GEN_AI_CLIENT_INFERENCE_DURATION,
    metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
    metrics.GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
    metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
    metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
    metrics.GEN_AI_CLIENT_OPERATION_DURATION,
    metrics.SPANWISE_COST,
    metrics.SPANWISE_COST_CACHE_SAVINGS,
    metrics.SPANWISE_COST_UNPRICED,
    metrics.SPANWISE_LABELS_REPLACED,
    metrics.SPANWISE_RESPONSES,
    metrics.SPANWISE_RETRIES,
    *(counter for _, counter, _ in _COUNTERS),
)
"""Instruments of a call."""
_MODALITIES = (
    values.GEN_AI_TOKEN_MODALITY_TEXT,
    values.GEN_AI_TOKEN_MODALITY_IMAGE,
    values.GEN_AI_TOKEN_MODALITY_AUDIO,
)
_ALWAYS = frozenset({attr.GEN_AI_USAGE_INPUT_TOKENS, attr.GEN_AI_USAGE_OUTPUT_TOKENS})


class Measure:
    """A step that records metrics and changes nothing.

    An inference records its duration, time to first chunk, token counters, per-call token histograms and how it ended;
    other client operations their duration; all of them their retries; inferences and embeddings their cost; runs of
    agents, tools and workflows what `AgentMetrics` says; events of evaluations their scores. Spans marked as duplicates
    count for nothing, and calls that judge others are none of the product's. Per record the SDK takes about 10 us, and
    nothing when no meter provider is set.

    A counter that an alert watches begins with 0 for each kind of call, before its first increase.

    Args:
        config: what is measured.
        label: cleans the text of a metric label. Model names come from callers, and a label is the one place where a
            value leaves the process before the redact step has seen it.
        extra: cleans the labels that the policy adds, as the redaction settings say of the attributes they are.
    """

    def __init__(
        self,
        config: MeasureConfig | None = None,
        *,
        label: Callable[[str], str] = str,
        extra: Clean | None = None,
    ) -> None:
        self._config = config or MeasureConfig()
        self._instruments = Instruments()
        self._has_current = CURRENT in self._config.flavours
        self._past = PastMetrics(self._config.flavours, self._instruments)
        added = ExtraLabels(self._config.labels, self._config.most_label_values, extra, self._replaced)
        self._sets = LabelSets(label, added, self._first)
        self._started = 0
        self._prepared = False
        self._runs = Runs()
        self._agents = AgentMetrics(self._instruments, self._runs, label, added)
        self._scores = Scores(self._instruments, label, added)

    def __call__(self, span: SpanRecord, /) -> SpanRecord:
        """`span`, unchanged."""
        if not self._config.enabled:
            return span
        if attr.SPANWISE_DUPLICATE_OF in span.attributes or attr.SPANWISE_EVALUATION_RUN in span.attributes:
            self.passed(span.trace_id, span.span_id, span.parent_span_id)
            return span
        # The call was counted by another span, which knew nothing of its tokens.
        repeated = attr.SPANWISE_DUPLICATE_REASON in span.attributes
        operation = span.text(attr.GEN_AI_OPERATION_NAME)
        inference = operation in INFERENCE
        if self._has_current:
            self._agents.ended(span, operation, inference=inference and not repeated)
        if inference or span.kind is SpanKind.CLIENT or operation in _SPENDING:
            if self._instruments.holds and span.scope.name.startswith(OWN_SCOPE) and not span.events:
                self._later(span, inference=inference, repeated=repeated)
            else:
                self._call(span, inference=inference, repeated=repeated)
        if span.events:
            self._scores.of_span(span)
        return span

    def passed(self, trace_id: int, span_id: int, parent_span_id: int) -> None:
        """A span has ended that is not measured itself; what was called below it belongs to whoever it belongs to."""
        self._runs.pass_on(trace_id, span_id, parent_span_id)

    def score(self, attributes: Attributes, resource: Attributes) -> None:
        """Record the result of an evaluation that came as a log record with `attributes`."""
        if self._config.enabled:
            self._scores.record(attributes, resource)

    def scored(self, span: SpanRecord, scores: Sequence[tuple[str, float]]) -> None:
        """Record scores of `span`, names and values, that were not among its events when it was measured."""
        if self._config.enabled:
            self._scores.of_checks(span, scores)

    def hold(self, *, held: bool) -> None:
        """Whether measurements wait for `flush`: for a host that calls it before each collection of metrics."""
        self._instruments.hold(held=held)

    def flush(self) -> bool:
        """Whether what was held back was handed on."""
        return self._instruments.flush()

    def relieve(self) -> None:
        """Hand on what was held back if that is much: for threads with time."""
        self._instruments.relieve()

    def _later(self, span: SpanRecord, *, inference: bool, repeated: bool) -> None:
        """Measure the call `span`, one of our own, when somebody has time. Its content is not held for that."""
        if not self._prepared:
            self._prepared = True
            self._instruments.prepare(_OF_CALLS)
            self._past.prepare()
        self._instruments.later(partial(self._call, without_content(span), inference=inference, repeated=repeated))

    def _call(self, span: SpanRecord, *, inference: bool, repeated: bool) -> None:
        labels = self._sets.of(span)
        if not repeated:
            if self._has_current:
                self._durations(span, labels, inference=inference)
            if inference:
                reason = labels.narrowed(attr.SPANWISE_FINISH_REASON, finish_reason(span))
                self._instruments.add(metrics.SPANWISE_RESPONSES, 1, reason)
            if resent := span.count(attr.HTTP_REQUEST_RESEND_COUNT):
                self._instruments.add(metrics.SPANWISE_RETRIES, resent, labels.plain)
        if self._has_current and inference:
            self._sizes(span, labels)
        if inference or span.kind is SpanKind.CLIENT:
            self._past.record(span, labels.whole, inference=inference, timed=not repeated)
        if inference or _spends(span):
            self._cost(span, labels)

    def _first(self, labels: LabelSet, operation: str) -> None:
        """Begin the counters of a new kind of call with 0: Prometheus sees no increase in a first sample above that."""
        if self._started >= _MOST_STARTED:
            return
        self._started += 1
        self._instruments.add(metrics.SPANWISE_RETRIES, 0, labels.plain)
        if operation in _SPENDING:
            self._instruments.add(metrics.SPANWISE_COST_UNPRICED, 0, labels.whole)
        if operation in INFERENCE:
            for reason in REASONS:
                counted = labels.narrowed(attr.SPANWISE_FINISH_REASON, reason)
                self._instruments.add(metrics.SPANWISE_RESPONSES, 0, counted)

    def _replaced(self, name: str) -> None:
        self._instruments.add(metrics.SPANWISE_LABELS_REPLACED, 1, {attr.SPANWISE_LABEL: name})

    def _durations(self, span: SpanRecord, labels: LabelSet, *, inference: bool) -> None:
        record = self._instruments.record
        place = place_of(span)
        if not inference:
            if span.kind is SpanKind.CLIENT:
                record(metrics.GEN_AI_CLIENT_OPERATION_DURATION, span.duration_s, labels.whole, place)
            return
        record(metrics.GEN_AI_CLIENT_INFERENCE_DURATION, span.duration_s, labels.whole, place)
        first = span.attributes.get(attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)
        if isinstance(first, float | int) and not isinstance(first, bool):
            record(metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, first, labels.plain, place)
        between = span.attributes.get(attr.SPANWISE_RESPONSE_TIME_PER_OUTPUT_CHUNK)
        if isinstance(between, float) and between >= 0:
            record(metrics.GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK, between, labels.plain, place)

    def _sizes(self, span: SpanRecord, labels: LabelSet) -> None:
        place = place_of(span)
        if span.attributes.get(attr.SPANWISE_USAGE_ESTIMATED) is True:
            labels = labels.estimated()
        for name, histogram in (
            (attr.GEN_AI_USAGE_INPUT_TOKENS, metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS),
            (attr.GEN_AI_USAGE_OUTPUT_TOKENS, metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS),
        ):
            if (tokens := span.count(name)) is not None:
                self._instruments.record(histogram, tokens, labels.whole, place)
        for name, counter, parts in _COUNTERS:
            total = span.count(name)
            if total is None and name not in _ALWAYS:
                continue
            for modality, tokens in _by_modality(span, total or 0, parts):
                self._instruments.add(counter, tokens, labels.narrowed(attr.GEN_AI_TOKEN_MODALITY, modality))

    def _cost(self, span: SpanRecord, labels: LabelSet) -> None:
        amount = span.attributes.get(attr.GEN_AI_USAGE_COST_AMOUNT)
        currency = span.text(attr.GEN_AI_USAGE_COST_CURRENCY)
        status = span.text(attr.SPANWISE_COST_STATUS)
        if isinstance(amount, float | int) and currency == "USD" and amount >= 0:
            counted = {**labels.whole, attr.SPANWISE_COST_STATUS: status or ""}
            self._instruments.add(metrics.SPANWISE_COST, amount, counted)
            saved = span.attributes.get(attr.SPANWISE_COST_CACHE_SAVINGS)
            if isinstance(saved, float | int) and not isinstance(saved, bool) and saved >= 0:
                self._instruments.add(metrics.SPANWISE_COST_CACHE_SAVINGS, saved, labels.whole)
        elif status == values.SPANWISE_COST_STATUS_UNPRICED:
            self._instruments.add(metrics.SPANWISE_COST_UNPRICED, 1, labels.whole)


def _spends(span: SpanRecord) -> bool:
    """Whether the cost on a span that is no inference is its own: an agent's run may carry that of the calls inside it.

    A fetch has a cost where it is the first to see what a batch, or a response made in the background, took; a
    retrieval where a model ranked and is billed for it.
    """
    return span.text(attr.GEN_AI_OPERATION_NAME) in _PERHAPS_SPENDING


def _by_modality(span: SpanRecord, total: int, parts: tuple[str, ...]) -> list[tuple[str, int]]:
    """`total` split by modality.

    Where the provider splits at all, the rest of the total is text; where it does not, the modality is unknown.
    """
    split = [
        (modality, tokens)
        for modality, name in zip(_MODALITIES, parts, strict=False)
        if (tokens := span.count(name)) is not None
    ]
    rest = total - sum(tokens for _, tokens in split)
    if rest < 0 or not split:
        return [(values.GEN_AI_TOKEN_MODALITY_UNKNOWN, total)]
    if rest and split[0][0] == values.GEN_AI_TOKEN_MODALITY_TEXT:
        return [*split, (values.GEN_AI_TOKEN_MODALITY_UNKNOWN, rest)]
    return [*split, (values.GEN_AI_TOKEN_MODALITY_TEXT, rest)] if rest else split
