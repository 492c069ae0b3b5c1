"""The pipeline's own health as OpenTelemetry metrics."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from opentelemetry import metrics as metrics_api
from opentelemetry.metrics import Counter

from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics
from spanwise.semconv.metrics import Instrument
from spanwise.semconv.schema import SCHEMA_URL


def prepare() -> None:
    """Make every counter now: at exit a meter provider may be shut down before the last spans are cleaned."""
    for instrument in (
        metrics.SPANWISE_PIPELINE_SPANS,
        metrics.SPANWISE_PIPELINE_ERRORS,
        metrics.SPANWISE_PIPELINE_REDACTIONS,
    ):
        _counter(instrument)


def processed(*, genai: bool) -> None:
    """Count one processed span."""
    _counter(metrics.SPANWISE_PIPELINE_SPANS).add(1, {attr.SPANWISE_STEP: "genai" if genai else "other"})


def error(step: str, error_type: str) -> None:
    """Count one failure inside the error boundary."""
    _counter(metrics.SPANWISE_PIPELINE_ERRORS).add(1, {attr.SPANWISE_STEP: step, attr.ERROR_TYPE: error_type})


def redacted(kinds: Mapping[str, int]) -> None:
    """Count values taken out, kind by kind; kinds are those of the rules, so there are few labels."""
    for kind, count in kinds.items():
        _counter(metrics.SPANWISE_PIPELINE_REDACTIONS).add(count, {attr.SPANWISE_REDACTION_KIND: kind})


@cache
def _counter(instrument: Instrument) -> Counter:
    # A meter taken before the application sets a provider is a proxy that starts to count when it does.
    meter = metrics_api.get_meter("spanwise.pipeline", schema_url=SCHEMA_URL)
    return meter.create_counter(instrument.name, unit=instrument.unit, description=instrument.description)
