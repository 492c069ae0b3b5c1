"""Cases of the telemetry itself and of Collectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spanwise.deploy.prometheus.case import Case, Fired
from spanwise.deploy.prometheus.collector import COUNTERS, SIGNALS


_IN: Final = 'service_name="shop", deployment_environment_name="prod"'
SHOP: Final = {"service_name": "shop", "deployment_environment_name": "prod"}
_SPANS: Final = f'spanwise_pipeline_spans_total{{{_IN}, spanwise_step="pipeline"}}'
_EXPORT: Final = "spanwise_export_spans_total"


def _counted(rule: str, series: str, labels: dict[str, str], quiet: str) -> Iterator[Case]:
    """A counter that grows, one that appears with its first count, and one that stands still."""
    yield Case(rule, "one more rings", {series: "3x95 4x20"}, "100m", (Fired(SHOP | labels, {"count": "1"}),))
    yield Case(rule, "the first one rings", {series: "_x95 1x20"}, "100m", (Fired(SHOP | labels, {"count": "1"}),))
    yield Case(rule, quiet, {series: "3x120"}, "100m")


def _cases() -> Iterator[Case]:
    errors = f"spanwise_pipeline_errors_total{{{_IN}"
    for step, rule in (("redact", "redaction_failures"), ("cost", "step_failures")):
        series = f'{errors}, spanwise_step="{step}", error_type="ValueError"}}'
        told = {"error_type": "ValueError"} | ({} if step == "redact" else {"spanwise_step": step})
        yield from _counted(rule, series, told, "an old failure does not")
        other = "cost" if step == "redact" else "redact"
        yield Case(rule, f"a failure of {other} does not", {series.replace(step, other): "3x95 4x20"}, "100m")
    dropped = f'spanwise_pipeline_dropped_total{{{_IN}, spanwise_reason="over_bound"}}'
    yield from _counted("content_dropped", dropped, {"spanwise_reason": "over_bound"}, "an old drop does not")
    replaced = f'spanwise_labels_replaced_total{{{_IN}, spanwise_label="spanwise.tenant"}}'
    yield from _counted("labels_replaced", replaced, {"spanwise_label": "spanwise.tenant"}, "an old one does not")
    lost = f'{_EXPORT}{{{_IN}, spanwise_outcome="dropped"}}'
    yield from _counted("export_drops", lost, {}, "an old loss does not")
    yield from _export()
    yield from _silence()
    yield from _collector()


def _export() -> Iterator[Case]:
    for name, failed, fires in (
        ("failing exports ring", "30", (Fired(SHOP, {"percent": "50%"}),)),
        ("a rare failure does not", "0.5", ()),
    ):
        series = {
            f'{_EXPORT}{{{_IN}, spanwise_outcome="success"}}': "0+30x40",
            f'{_EXPORT}{{{_IN}, spanwise_outcome="failure"}}': f"0+{failed}x40",
        }
        yield Case("export_failures", name, series, "30m", fires)


def _silence() -> Iterator[Case]:
    other = 'spanwise_pipeline_spans_total{service_name="search", deployment_environment_name="prod"}'
    # The rules count evaluations of 30 seconds; these tests evaluate once a minute, so 12 hours count as 6.
    known = "0+1x730"
    yield Case(
        "telemetry_silence",
        "a service that stops sending rings",
        {_SPANS: f"{known} _x40", other: "0+1x770"},
        "760m",
        (Fired(SHOP, {"seconds": "6h 12m 30s"}),),
    )
    yield Case("telemetry_silence", "a service without calls does not", {_SPANS: f"{known} 730x40"}, "760m")
    yield Case("telemetry_silence", "a job that is done does not", {_SPANS: "0+1x30 _x60", other: "0+1x90"}, "80m")
    yield Case(
        "telemetry_silence_all",
        "nobody who sends rings",
        {_SPANS: f"{known} _x40", other: f"{known} _x40"},
        "760m",
        (Fired({}, {"count": "2"}),),
    )
    yield Case("telemetry_silence_all", "one who sends is enough", {_SPANS: f"{known} _x40", other: "0+1x770"}, "760m")
    yield Case("telemetry_silence_all", "a new Prometheus does not ring", {"up": "1x90"}, "80m")


def _collector() -> Iterator[Case]:
    at = {"job": "otel-collector", "instance": "collector:8888"}
    for alert, counters in COUNTERS.items():
        part = "receiver" if "receiver" in counters[0] else "exporter" if "exporter" in counters[0] else "processor"
        labels = at | {part: "otlp"}
        for counter in counters:
            rule = f"{alert}/{_signal(counter)}" if len(counters) > 1 else alert
            yield from _counter(rule, counter, labels)
    queue = {
        'otelcol_exporter_queue_size{job="otel-collector", instance="collector:8888", exporter="otlp"}': "{size}x30",
        'otelcol_exporter_queue_capacity{job="otel-collector", instance="collector:8888", exporter="otlp"}': "1000x30",
    }
    full = {series: values.format(size=900) for series, values in queue.items()}
    yield Case(
        "collector_queue", "a full queue rings", full, "10m", (Fired(at | {"exporter": "otlp"}, {"percent": "90%"}),)
    )
    empty = {series: values.format(size=200) for series, values in queue.items()}
    yield Case("collector_queue", "a queue with room does not", empty, "10m")


def _counter(rule: str, counter: str, labels: dict[str, str]) -> Iterator[Case]:
    written = ", ".join(f'{key}="{value}"' for key, value in labels.items())
    for ending in ("", "_total") if not counter.endswith("_count") else ("",):
        series = f"{counter}{ending}{{{written}}}"
        how = "pushed" if ending else "scraped"
        said = {"count": "200"}
        yield Case(rule, f"losses ring, {how}", {series: "0+40x30"}, "20m", (Fired(labels, said),))
    yield Case(rule, "losses of long ago do not", {f"{counter}{{{written}}}": "700x30"}, "20m")


def _signal(counter: str) -> str:
    return next(signal for signal in SIGNALS if counter.endswith(signal))


CASES: Final = tuple(_cases())
