"""The pipeline's own health as OpenTelemetry metrics."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, Protocol

from opentelemetry import metrics as metrics_api
from opentelemetry.metrics import CallbackOptions, Counter, Meter, Observation

from spanwise.measure.held import HELD
from spanwise.semconv import attributes as attr
from spanwise.semconv import instrument as make
from spanwise.semconv import metrics, values
from spanwise.semconv.metrics import Instrument
from spanwise.semconv.schema import SCHEMA_URL


def prepare() -> None:
    """Make every counter now: at exit a meter provider may be shut down before the last spans are cleaned."""
    for instrument in (
        metrics.SPANWISE_PIPELINE_SPANS,
        metrics.SPANWISE_PIPELINE_ERRORS,
        metrics.SPANWISE_PIPELINE_REDACTIONS,
        metrics.SPANWISE_PIPELINE_DROPPED,
        metrics.SPANWISE_EXPORT_SPANS,
    ):
        _counter(instrument)


def processed(*, genai: bool, held: bool = False) -> None:
    """Count one processed span; later when it is `held`."""
    _begin_dropped()
    counter, labels = _counter(metrics.SPANWISE_PIPELINE_SPANS), _GENAI if genai else _OTHER
    if held:
        HELD.put(counter, 1, labels)
    else:
        counter.add(1, labels)


def error(step: str, error_type: str) -> None:
    """Count one failure inside the error boundary."""
    _counter(metrics.SPANWISE_PIPELINE_ERRORS).add(1, {attr.SPANWISE_STEP: step, attr.ERROR_TYPE: error_type})


def redacted(kinds: Mapping[str, int]) -> None:
    """Count values taken out, kind by kind; kinds are those of the rules, so there are few labels."""
    for kind, count in kinds.items():
        _counter(metrics.SPANWISE_PIPELINE_REDACTIONS).add(count, {attr.SPANWISE_REDACTION_KIND: kind})


def dropped(reason: str) -> None:
    """Count a span or log record that lost content; `reason` is one of `values.SPANWISE_REASON`."""
    _begin_dropped()
    _counter(metrics.SPANWISE_PIPELINE_DROPPED).add(1, {attr.SPANWISE_REASON: reason})


def exported(outcome: str, spans: int) -> None:
    """Count what became of `spans` that an exporter of ours had; `outcome` is one of `values.SPANWISE_OUTCOME`."""
    _begin_exports()
    if spans:
        _counter(metrics.SPANWISE_EXPORT_SPANS).add(spans, {attr.SPANWISE_OUTCOME: outcome})


class UsesBook(Protocol):
    """What prices calls by a price book, and may hold back what it measured."""

    def flush_counts(self) -> None:
        """Hand on what was held back."""
        ...

    @property
    def book_time_s(self) -> int | None:
        """Unix time of the day of the book; `None` while it is not known."""
        ...


_GENAI: Final = {attr.SPANWISE_STEP: "genai"}
_OTHER: Final = {attr.SPANWISE_STEP: "other"}

_using: weakref.WeakSet[UsesBook] = weakref.WeakSet()


def watch_book(pipeline: UsesBook) -> None:
    """Observe the price book of `pipeline` for as long as it lives. Nothing is done until somebody collects."""
    _using.add(pipeline)
    _gauge()


def _book_times(options: CallbackOptions) -> Iterable[Observation]:  # noqa: ARG001 - the API's interface
    """The day of the oldest book in use; nothing before a call was priced.

    Observing comes first in a collection of the SDK, so this is also where what was held back is handed on.
    """
    for one in list(_using):
        one.flush_counts()
    times = [time_s for one in list(_using) if (time_s := one.book_time_s) is not None]
    return [Observation(min(times))] if times else []


@cache
def _begin_dropped() -> None:
    """Begin each reason with 0: Prometheus sees no increase in a first sample above that."""
    for reason in sorted(values.SPANWISE_REASON):
        _counter(metrics.SPANWISE_PIPELINE_DROPPED).add(0, {attr.SPANWISE_REASON: reason})


@cache
def _begin_exports() -> None:
    for outcome in sorted(values.SPANWISE_OUTCOME):
        _counter(metrics.SPANWISE_EXPORT_SPANS).add(0, {attr.SPANWISE_OUTCOME: outcome})


@cache
def _gauge() -> None:
    make.gauge(_meter(), metrics.SPANWISE_COST_BOOK_TIME, _book_times)


@cache
def _counter(instrument: Instrument) -> Counter:
    # A meter taken before the application sets a provider is a proxy that starts to count when it does.
    return make.counter(_meter(), instrument)


def _meter() -> Meter:
    return metrics_api.get_meter("spanwise.pipeline", schema_url=SCHEMA_URL)
