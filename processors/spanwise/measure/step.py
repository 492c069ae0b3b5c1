"""`Measure`: one finished GenAI span becomes the metrics of the convention, and its cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from opentelemetry.trace import SpanKind

from spanwise.measure.config import CURRENT, MeasureConfig
from spanwise.measure.instruments import Instruments
from spanwise.measure.past import PastMetrics
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics, values


Labels = Mapping[str, str | int]

INFERENCE = frozenset(
    {
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
    }
)
"""Operations that the convention calls inference."""

_LABELS = (
    attr.GEN_AI_OPERATION_NAME,
    attr.GEN_AI_PROVIDER_NAME,
    attr.GEN_AI_REQUEST_MODEL,
    attr.GEN_AI_RESPONSE_MODEL,
    attr.SERVER_ADDRESS,
    attr.ERROR_TYPE,
)
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
_MODALITIES = (
    values.GEN_AI_TOKEN_MODALITY_TEXT,
    values.GEN_AI_TOKEN_MODALITY_IMAGE,
    values.GEN_AI_TOKEN_MODALITY_AUDIO,
)
_ALWAYS = frozenset({attr.GEN_AI_USAGE_INPUT_TOKENS, attr.GEN_AI_USAGE_OUTPUT_TOKENS})


class Measure:
    """A step that records metrics and changes nothing.

    An inference records its duration, time to first chunk, token counters and per-call token histograms; other client
    operations their duration; inferences and embeddings their cost. Spans marked as duplicates count for nothing. Per
    record the SDK takes about 10 us, and nothing when no meter provider is set.

    Args:
        config: what is measured.
        label: cleans the text of a metric label. Model names come from callers, and a label is the one place where a
            value leaves the process before the redact step has seen it.
    """

    def __init__(self, config: MeasureConfig | None = None, *, label: Callable[[str], str] = str) -> None:
        self._config = config or MeasureConfig()
        self._label = label
        self._instruments = Instruments()
        self._has_current = CURRENT in self._config.flavours
        self._past = PastMetrics(self._config.flavours, self._instruments)

    def __call__(self, span: SpanRecord, /) -> SpanRecord:
        """`span`, unchanged."""
        if not self._config.enabled or attr.SPANWISE_DUPLICATE_OF in span.attributes:
            return span
        labels = self._labels(span)
        # The call was counted by another span, which knew nothing of its tokens.
        repeated = attr.SPANWISE_DUPLICATE_REASON in span.attributes
        inference = span.text(attr.GEN_AI_OPERATION_NAME) in INFERENCE
        if self._has_current and not repeated:
            self._durations(span, labels, inference=inference)
        if self._has_current and inference:
            self._sizes(span, labels)
        if inference or span.kind is SpanKind.CLIENT:
            self._past.record(span, labels, inference=inference, timed=not repeated)
        # An agent's run may carry the sum of the calls inside it.
        if inference or span.text(attr.GEN_AI_OPERATION_NAME) == values.GEN_AI_OPERATION_NAME_EMBEDDINGS:
            self._cost(span, labels)
        return span

    def _labels(self, span: SpanRecord) -> dict[str, str | int]:
        labels: dict[str, str | int] = {}
        for name in _LABELS:
            if (text := span.text(name)) is not None:
                labels[name] = self._label(text)
        if attr.SERVER_ADDRESS in labels and (port := span.count(attr.SERVER_PORT)) is not None:
            labels[attr.SERVER_PORT] = port
        return labels

    def _durations(self, span: SpanRecord, labels: Labels, *, inference: bool) -> None:
        record = self._instruments.record
        if not inference:
            if span.kind is SpanKind.CLIENT:
                record(metrics.GEN_AI_CLIENT_OPERATION_DURATION, span.duration_s, labels)
            return
        record(metrics.GEN_AI_CLIENT_INFERENCE_DURATION, span.duration_s, labels)
        first = span.attributes.get(attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)
        if isinstance(first, float | int) and not isinstance(first, bool):
            record(metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, first, labels)

    def _sizes(self, span: SpanRecord, labels: Labels) -> None:
        for name, histogram in (
            (attr.GEN_AI_USAGE_INPUT_TOKENS, metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS),
            (attr.GEN_AI_USAGE_OUTPUT_TOKENS, metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS),
        ):
            if (tokens := span.count(name)) is not None:
                self._instruments.record(histogram, tokens, labels)
        # The convention's token counters carry no error.type.
        plain = {key: value for key, value in labels.items() if key != attr.ERROR_TYPE}
        self._tokens(span, plain)

    def _tokens(self, span: SpanRecord, labels: dict[str, str | int]) -> None:
        for name, counter, parts in _COUNTERS:
            total = span.count(name)
            if total is None and name not in _ALWAYS:
                continue
            for modality, tokens in _by_modality(span, total or 0, parts):
                self._instruments.add(counter, tokens, {**labels, attr.GEN_AI_TOKEN_MODALITY: modality})

    def _cost(self, span: SpanRecord, labels: Labels) -> None:
        amount = span.attributes.get(attr.GEN_AI_USAGE_COST_AMOUNT)
        currency = span.text(attr.GEN_AI_USAGE_COST_CURRENCY)
        status = span.text(attr.SPANWISE_COST_STATUS)
        if isinstance(amount, float | int) and currency == "USD" and amount >= 0:
            self._instruments.add(metrics.SPANWISE_COST, amount, {**labels, attr.SPANWISE_COST_STATUS: status or ""})
        elif status == values.SPANWISE_COST_STATUS_UNPRICED:
            self._instruments.add(metrics.SPANWISE_COST_UNPRICED, 1, labels)


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
