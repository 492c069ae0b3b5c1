"""The page about the telemetry itself: our pipeline, the SDK, the Collector, and which alerts ring.

Names of the SDK are those of OpenTelemetry Python 1.45 with `OTEL_PYTHON_SDK_INTERNAL_METRICS_ENABLED`; those of the
Collector are from `documentation.md` of exporterhelper, receiverhelper, memory limiter and tail sampling, 0.155.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spanwise.alert.collector import QUEUE
from spanwise.deploy.grafana.dashboard import Dashboard, Row
from spanwise.deploy.grafana.limit import ceiling, threshold
from spanwise.deploy.grafana.panel import TABLE, TIME_SERIES, Panel, Query, legend, stat
from spanwise.deploy.grafana.promql import PER_HOUR, RATE, by, increase, or_none, or_zero, rate, select
from spanwise.deploy.grafana.vocabulary import ERROR, SERVICE, Vocabulary, series
from spanwise.deploy.series import label_name
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics, values


if TYPE_CHECKING:
    from spanwise.plan import Plan

SIGNALS: Final = {"spans": "spans", "metric_points": "points", "log_records": "logs"}
_LOGS: Final = "log_records"
_SPANS: Final = series(metrics.SPANWISE_PIPELINE_SPANS)
_ERRORS: Final = series(metrics.SPANWISE_PIPELINE_ERRORS)
_DROPPED: Final = series(metrics.SPANWISE_PIPELINE_DROPPED)
_EXPORT: Final = series(metrics.SPANWISE_EXPORT_SPANS)
_LABELS: Final = series(metrics.SPANWISE_LABELS_REPLACED)
_STEP: Final = label_name(attr.SPANWISE_STEP)
_REASON: Final = label_name(attr.SPANWISE_REASON)
_OUTCOME: Final = label_name(attr.SPANWISE_OUTCOME)
_LABEL: Final = label_name(attr.SPANWISE_LABEL)
_FIRING: Final = 'ALERTS{alertname=~"Spanwise.+", alertstate="firing"}'
_LOST: Final = f'{_OUTCOME}="{values.SPANWISE_OUTCOME_DROPPED}"'
_PER_SECOND: Final = "ops"


def health(plan: Plan, words: Vocabulary) -> Dashboard:
    """Whether what the other pages show is all there is."""
    return Dashboard(
        uid=words.uid("health"),
        title=words.title("Pipeline health"),
        about="Whether telemetry arrives whole: our pipeline, the SDK's queues, the Collector, and alerts that ring.",
        rows=(
            Row("Now", _now(plan, words)),
            Row("Alerts", _alerts()),
            Row("In the applications", _applications(words)),
            Row("SDK", _sdk(words)),
            Row("Collector", _collector(plan)),
        ),
        variables=words.process_variables,
        tags=words.tags,
    )


def collector(name: str, suffix: str = "(_total)?") -> str:
    """A series of the Collector by either of its names: its own endpoint leaves `_total` and units away, OTLP not."""
    return f'{{__name__=~"{name}{suffix}"}}'


def _now(plan: Plan, words: Vocabulary) -> tuple[Panel, ...]:
    heard = f"count(count{by((SERVICE,))}({select(_SPANS, words.of_process)}))"
    lost = increase(_EXPORT, (*words.of_process, _LOST))
    return (
        stat(
            "Alerts that ring",
            "Alerts of Spanwise that fire now.",
            f"count({_FIRING}) or vector(0)",
            steps=ceiling(Decimal(0)),
            decimals=0,
        ),
        stat("Services heard", "Services whose metrics came in the last five minutes.", heard, decimals=0),
        stat("Spans per second", "Spans that passed the pipeline, of all kinds.", _through(words), _PER_SECOND),
        stat(
            "Failures of steps",
            "In the time shown. Each step has a boundary: the span goes on without what the step adds.",
            or_zero(increase(_ERRORS, words.of_process)),
            steps=ceiling(threshold(plan, "step_failures")),
            decimals=0,
            instant=True,
        ),
        stat(
            "Spans lost before export",
            "In the time shown: a queue in an application was full. Metrics are complete, traces are not.",
            or_zero(lost),
            steps=ceiling(threshold(plan, "export_dropped")),
            decimals=0,
            instant=True,
        ),
        stat(
            "Fullest queue of a Collector",
            "Of its exporters. A queue that fills is a backend that is slow or away.",
            f"max({_fullness()})",
            "percentunit",
            steps=ceiling(threshold(plan, QUEUE.query.above)),
        ),
    )


def _through(words: Vocabulary) -> str:
    # Every step counts the span: the busiest one has seen them all.
    return f"max({rate(_SPANS, words.of_process, of=(_STEP,))})"


def _fullness(of: tuple[str, ...] = ()) -> str:
    share = "otelcol_exporter_queue_size / (otelcol_exporter_queue_capacity > 0)"
    return f"max{by(of)}({share})" if of else share


def _alerts() -> tuple[Panel, ...]:
    return (
        Panel(
            TABLE,
            "Firing now",
            "What Prometheus has sent to Alertmanager. Each alert names its runbook.",
            (Query(f"sum{by(('severity', 'alertname', SERVICE))}({_FIRING})", "Count", instant=True),),
            width=12,
            labels={"severity": "Severity", "alertname": "Alert", SERVICE: "Service"},
            sorted_by="Count",
        ),
        Panel(
            TIME_SERIES,
            "Firing in the time shown",
            "By alert. Alerts that flap want a longer hold; alerts that never end want a decision.",
            (Query(or_none(f"count{by(('alertname',))}({_FIRING})", "alertname"), legend("alertname")),),
            width=12,
            stacked="normal",
        ),
    )


def _applications(words: Vocabulary) -> tuple[Panel, ...]:
    mine = words.of_process
    return (
        Panel(
            TIME_SERIES,
            "Spans by step",
            "Spans per second that each step of the pipeline worked on.",
            (Query(rate(_SPANS, mine, of=(_STEP,)), legend(_STEP)),),
            _PER_SECOND,
        ),
        Panel(
            TIME_SERIES,
            "Failures of steps, per hour",
            "By service, step and type. A failing redact step is urgent: content is dropped until it is repaired.",
            (
                Query(
                    or_none(f"{PER_HOUR} {rate(_ERRORS, mine, of=(SERVICE, _STEP, ERROR))}", _STEP),
                    legend(SERVICE, _STEP, ERROR),
                ),
            ),
        ),
        Panel(
            TIME_SERIES,
            "Content dropped, per hour",
            "By service and reason. over_bound and stream_too_large: raise the bound or send less. redaction_failed: "
            "see the failures beside.",
            (
                Query(
                    or_none(f"{PER_HOUR} {rate(_DROPPED, mine, of=(SERVICE, _REASON))}", _REASON),
                    legend(SERVICE, _REASON),
                ),
            ),
        ),
        Panel(
            TIME_SERIES,
            "Export by outcome",
            "Spans per second that our own exporters delivered, could not deliver, or lost.",
            (Query(or_none(rate(_EXPORT, mine, of=(_OUTCOME,)), _OUTCOME), legend(_OUTCOME)),),
            _PER_SECOND,
            stacked="normal",
        ),
        Panel(
            TIME_SERIES,
            "Labels with too many values, per hour",
            "Measurements whose value of a label became 'other'. Raise measure.most_label_values, or take the label "
            "out: it is too fine.",
            (
                Query(
                    or_none(f"{PER_HOUR} {rate(_LABELS, mine, of=(SERVICE, _LABEL))}", _LABEL), legend(SERVICE, _LABEL)
                ),
            ),
        ),
        Panel(
            TIME_SERIES,
            "Since the last metric",
            "Seconds since each service was heard of. Metrics come once a minute unless told otherwise; a service "
            "that stops disappears here after five minutes and an alert rings.",
            (Query(f"time() - max{by((SERVICE,))}(timestamp({select(_SPANS, mine)}))", legend(SERVICE)),),
            "s",
        ),
    )


def _sdk(words: Vocabulary) -> tuple[Panel, ...]:
    mine = words.of_process
    waiting = f"max{by((SERVICE,))}({select('otel_sdk_processor_span_queue_size', mine)})"
    lost = rate("otel_sdk_processor_span_processed_total", (*mine, f'{ERROR}!=""'), of=(SERVICE, ERROR))
    failed = rate("otel_sdk_exporter_span_exported_total", (*mine, f'{ERROR}!=""'), of=(SERVICE, ERROR))
    switch = "The SDK says it with OTEL_PYTHON_SDK_INTERNAL_METRICS_ENABLED=true; empty without."
    return (
        Panel(
            TIME_SERIES,
            "Queue of the SDK",
            "Spans that wait to be exported. At OTEL_BSP_MAX_QUEUE_SIZE, 2048 unless it was set, spans are lost. "
            f"{switch}",
            (Query(waiting, legend(SERVICE)),),
        ),
        Panel(
            TIME_SERIES,
            "Spans the SDK lost",
            f"Per second, by reason: queue_full is a queue too small or an exporter too slow. {switch}",
            (Query(or_none(lost, ERROR), legend(SERVICE, ERROR)),),
            _PER_SECOND,
        ),
        Panel(
            TIME_SERIES,
            "Spans the SDK could not export",
            f"Per second, by error. The Collector is away, or refuses them. {switch}",
            (Query(or_none(failed, ERROR), legend(SERVICE, ERROR)),),
            _PER_SECOND,
        ),
    )


def _each(prefix: str, label: str) -> tuple[Query, ...]:
    """One query for each signal: their counters have the same labels, so they cannot be one."""
    return tuple(
        Query(_items(f"{prefix}_{signal}", label), f"{short} {legend(label)}")
        for signal, short in SIGNALS.items()
        if signal != _LOGS
    ) + tuple(query for query in _rarely(prefix, label) if _LOGS in query.expression)


def _rarely(prefix: str, label: str, what: str = "") -> tuple[Query, ...]:
    """The same for what may never happen, as logs: the Collector has no such series before it does."""
    return tuple(
        Query(or_none(_items(f"{prefix}_{signal}", label), label), f"{what}{short} {legend(label)}")
        for signal, short in SIGNALS.items()
    )


def _items(name: str, label: str) -> str:
    return f"sum by ({label}) (rate({collector(name)}[{RATE}]))"


def _collector(plan: Plan) -> tuple[Panel, ...]:
    sampled = (
        f"sum by (sampled) (rate({collector('otelcol_processor_tail_sampling_global_count_traces_sampled')}[{RATE}]))"
    )
    early = "otelcol_processor_tail_sampling_sampling_trace_dropped_too_early"
    cpu = collector("otelcol_process_cpu_seconds")
    memory = collector("otelcol_process_memory_rss", "(_bytes)?")
    return (
        Panel(
            TIME_SERIES,
            "Accepted",
            "Items per second that receivers took.",
            _each("otelcol_receiver_accepted", "receiver"),
            _PER_SECOND,
        ),
        Panel(
            TIME_SERIES,
            "Refused",
            "Items per second that receivers would not take, or the memory limiter turned away. Senders try again "
            "until their queues are full.",
            (
                *_rarely("otelcol_receiver_refused", "receiver"),
                *_rarely("otelcol_processor_memory_limiter_refused", "processor", "memory: "),
            ),
            _PER_SECOND,
        ),
        Panel(
            TIME_SERIES,
            "Sent",
            "Items per second that exporters delivered.",
            _each("otelcol_exporter_sent", "exporter"),
            _PER_SECOND,
        ),
        Panel(
            TIME_SERIES,
            "Given up",
            "Items per second that are lost: the backend would not take them, or the queue was full.",
            (
                *_rarely("otelcol_exporter_send_failed", "exporter"),
                *_rarely("otelcol_exporter_enqueue_failed", "exporter", "full: "),
            ),
            _PER_SECOND,
        ),
        Panel(
            TIME_SERIES,
            "Queues of exporters",
            "How full. The dashed line is where an alert rings; at 1 telemetry is lost.",
            (Query(_fullness(("exporter",)), legend("exporter")),),
            "percentunit",
            steps=ceiling(threshold(plan, QUEUE.query.above)),
            lines=True,
            most=1,
        ),
        Panel(
            TIME_SERIES,
            "Tail sampling",
            "Traces per second that were kept (true), dropped (false), or dropped before a decision: then num_traces "
            "is too small.",
            (
                Query(sampled, "sampled {{sampled}}"),
                Query(or_zero(f"sum(rate({collector(early)}[{RATE}]))"), "undecided"),
            ),
            _PER_SECOND,
        ),
        Panel(
            TIME_SERIES,
            "Memory of Collectors",
            "Resident memory of each process. The memory limiter begins to refuse at 80 % of its limit.",
            (Query(f"max by (service_instance_id, instance) ({memory})", legend("instance")),),
            "bytes",
            width=12,
        ),
        Panel(
            TIME_SERIES,
            "CPU of Collectors",
            "Cores that each process uses.",
            (
                Query(
                    f"sum by (service_instance_id, instance) (rate({cpu}[{RATE}]))",
                    legend("instance"),
                ),
            ),
            "short",
            width=12,
        ),
    )
