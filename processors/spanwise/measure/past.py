"""Metrics of older conventions, for dashboards that were built on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from spanwise.measure.held import place_of
from spanwise.measure.instruments import Instruments
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import flavour as flavours
from spanwise.semconv import metrics, values


Labels = Mapping[str, str | int]

_TOKEN_USAGE: Final = metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS._replace(
    name=flavours.TOKEN_USAGE.name, unit=flavours.TOKEN_USAGE.unit, description=flavours.TOKEN_USAGE.description
)
_DURATION: Final = metrics.GEN_AI_CLIENT_INFERENCE_DURATION._replace(
    name=flavours.OPERATION_DURATION.name, description=flavours.OPERATION_DURATION.description
)
_FIRST_CHUNK: Final = metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK._replace(
    name=flavours.TIME_TO_FIRST_CHUNK.name, description=flavours.TIME_TO_FIRST_CHUNK.description
)
_DIRECTIONS: Final = ((attr.GEN_AI_USAGE_INPUT_TOKENS, "input"), (attr.GEN_AI_USAGE_OUTPUT_TOKENS, "output"))


class PastMetrics:
    """Records the metrics of the `chosen` flavours that the current convention no longer has.

    Flavours share metric names, so each metric is recorded once, with the labels of all of them. About 40 us per call.
    """

    def __init__(self, chosen: Iterable[str], instruments: Instruments) -> None:
        found = [flavours.ALL[name] for name in chosen]
        self._names = {metric.name for flavour in found for metric in flavour.metrics}
        self._has_current = flavours.CURRENT in found
        self._has_system = flavours.LEGACY in found
        self._has_provider = flavours.RELEASED in found
        self._instruments = instruments

    def prepare(self) -> None:
        """Make the instruments now."""
        chosen = (one for one in (_DURATION, _TOKEN_USAGE, _FIRST_CHUNK) if one.name in self._names)
        self._instruments.prepare(chosen)

    def record(self, span: SpanRecord, labels: Labels, *, inference: bool, timed: bool = True) -> None:
        """Record what `span`, a call from a client, is worth in the older metrics; its times only when `timed`."""
        if not self._names:
            return
        named = self._labels(labels)
        place = place_of(span)
        # The current convention has this metric as well, for all operations but inference.
        if timed and _DURATION.name in self._names and (inference or not self._has_current):
            self._instruments.record(_DURATION, span.duration_s, named, place)
        if not inference and span.text(attr.GEN_AI_OPERATION_NAME) != values.GEN_AI_OPERATION_NAME_EMBEDDINGS:
            return
        if _TOKEN_USAGE.name in self._names:
            plain = {key: value for key, value in named.items() if key != attr.ERROR_TYPE}
            for name, direction in _DIRECTIONS:
                if (tokens := span.count(name)) is not None:
                    self._instruments.record(_TOKEN_USAGE, tokens, {**plain, flavours.TOKEN_TYPE: direction}, place)
        first = span.attributes.get(attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)
        if (
            timed
            and _FIRST_CHUNK.name in self._names
            and isinstance(first, float | int)
            and not isinstance(first, bool)
        ):
            self._instruments.record(_FIRST_CHUNK, first, named, place)

    def _labels(self, labels: Labels) -> dict[str, str | int]:
        named = dict(labels)
        provider = named.get(attr.GEN_AI_PROVIDER_NAME)
        if isinstance(provider, str) and self._has_system:
            named[flavours.SYSTEM] = flavours.LEGACY.words[attr.GEN_AI_PROVIDER_NAME].get(provider, provider)
            if not self._has_provider:
                del named[attr.GEN_AI_PROVIDER_NAME]
        return named
