"""Where telemetry goes on: the sinks of the policy, and the next hop of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.deploy.clickhouse import EVENTS, INBOX
from spanwise.deploy.collector import access, setting
from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.queue import RETRY_COMMENT, queue, storage
from spanwise.deploy.collector.receiver import kafka_client
from spanwise.deploy.collector.release import Component
from spanwise.deploy.collector.setting import Setting


if TYPE_CHECKING:
    from spanwise.plan import Plan
    from spanwise.sink import ContentSink, MetricSink, TraceSink


_TIMEOUT: Final = "10s"
_KAFKA_BYTES: Final = 1_000_000
_NO_SINK: Final = (
    "The policy has no sink for this: it is counted, one line in the log tells of the first, and it is let go."
)


def traces(configuration: Configuration, plan: Plan, *, waits: bool) -> list[str]:
    """The ids of the exporters to the stores of traces; one that says so in the log where there is none."""
    found = [trace(configuration, sink, waits=waits) for sink in plan.sinks.traces]
    return found or [nothing(configuration)]


def trace(configuration: Configuration, sink: TraceSink, *, waits: bool) -> str:
    """The id of the exporter to one store of traces."""
    component = Component.OTLP_HTTP if sink.is_http else Component.OTLP_GRPC
    settings: Block = {
        "endpoint": setting.sink(sink.name, sink.endpoint),
        **access.sink_tls(sink.tls, is_https=sink.endpoint.startswith("https:")),
        **access.sink_headers(sink.headers_file),
        "timeout": _TIMEOUT,
        **queue(storage(configuration), waits=waits),
    }
    return _with_retry(configuration, configuration.add(component, sink.name, settings))


def metrics(configuration: Configuration, plan: Plan) -> str:
    """The id of the exporter of metrics: to the policy's sink, else an endpoint that Prometheus can scrape."""
    if plan.sinks.metrics is None:
        return configuration.add(
            Component.PROMETHEUS,
            "",
            {
                "endpoint": f"127.0.0.1:{setting.PROMETHEUS_PORT}",
                "translation_strategy": "UnderscoreEscapingWithSuffixes",
                "enable_open_metrics": True,
                "resource_to_telemetry_conversion": {"enabled": True},
                "metric_expiration": "5m",
            },
            "The policy has no sink for metrics: they can be scraped here, exemplars included.",
        )
    return _metric_sink(configuration, plan.sinks.metrics)


def content(configuration: Configuration, sink: ContentSink, *, waits: bool) -> str:
    """The id of the exporter to the store of content, or to the Collector that writes to it."""
    if configuration.release.has(Component.CLICKHOUSE):
        return _clickhouse(configuration, sink, waits=waits)
    identity = hop(configuration, "content", setting.CONTENT, store="content", waits=waits)
    about = "This build has no exporter for ClickHouse: contrib/content.yaml takes it here and writes it."
    configuration.comment("exporters", identity, text=about)
    return identity


def hop(
    configuration: Configuration,
    name: str,
    endpoint: Setting,
    *,
    store: str = "queue",
    waits: bool = False,
) -> str:
    """The id of the exporter to another Collector of ours: mutual TLS, a token, a queue on disk.

    Args:
        configuration: the file.
        name: of the hop.
        endpoint: where it is.
        store: name of the file storage that its queue is in.
        waits: as for `queue`.
    """
    settings: Block = {
        "endpoint": str(endpoint),
        **access.client(configuration),
        "timeout": _TIMEOUT,
        **queue(storage(configuration, name=store), waits=waits),
    }
    return _with_retry(configuration, configuration.add(Component.OTLP_GRPC, name, settings))


def samplers(configuration: Configuration) -> str:
    """The id of the exporter to the sampler, or to all samplers where this build can tell traces apart."""
    if not configuration.release.has(Component.LOAD_BALANCING):
        identity = hop(configuration, "sampler", setting.SAMPLER)
        about = "One sampler: this build cannot share traces out among several. contrib/gateway.yaml can."
        configuration.comment("exporters", identity, text=about)
        return identity
    # Samplers are called by their addresses; what they prove to be is the name that these were found by.
    client = access.client(configuration, proves=str(setting.SAMPLER_HOST))
    settings: Block = {
        "routing_key": "traceID",
        "protocol": {"otlp": {**client, "timeout": _TIMEOUT, "sending_queue": {"enabled": False}}},
        "resolver": {
            "dns": {"hostname": str(setting.SAMPLER_HOST), "port": str(setting.SAMPLER_PORT), "interval": "5s"}
        },
        "timeout": _TIMEOUT,
        **queue(storage(configuration)),
    }
    about = "All spans of a trace go to one sampler. The queue is here and not in front of each sampler, so that what "
    about += "waits for a sampler that goes away is shared out anew."
    return _with_retry(configuration, configuration.add(Component.LOAD_BALANCING, "samplers", settings, about))


def kafka(configuration: Configuration) -> str:
    """The id of the exporter of spans to Kafka, all of a trace to one partition."""
    queued = queue(storage(configuration))
    settings: Block = {
        **kafka_client(),
        "traces": {"topic": str(setting.KAFKA_TOPIC), "encoding": "otlp_proto"},
        "partition_traces_by_id": True,
        "producer": {"required_acks": -1, "compression": "zstd", "max_message_bytes": _KAFKA_BYTES},
        "timeout": _TIMEOUT,
        **queued,
    }
    identity = configuration.add(Component.KAFKA_OUT, "", settings)
    at = ("exporters", identity)
    configuration.comment(*at, "partition_traces_by_id", text="Or a trace would be decided on in pieces.")
    configuration.comment(
        *at, "producer", text="-1: taken when every replica in sync has it. 1 MB is a broker's bound."
    )
    return _with_retry(configuration, identity)


def nothing(configuration: Configuration) -> str:
    """The id of the exporter that keeps nothing, and says so."""
    settings: Block = {"verbosity": "basic", "sampling_initial": 1, "sampling_thereafter": 100_000}
    return configuration.add(Component.DEBUG, "no_sink", settings, _NO_SINK)


def _metric_sink(configuration: Configuration, sink: MetricSink) -> str:
    queued = queue(storage(configuration))
    settings: Block = {
        "endpoint": setting.sink(sink.name, sink.endpoint),
        **access.sink_tls(sink.tls, is_https=True),
        **access.sink_headers(sink.headers_file),
        "timeout": _TIMEOUT,
        **queued,
        "sending_queue": {**queued["sending_queue"], "num_consumers": 1},  # type: ignore[dict-item]
    }
    identity = configuration.add(Component.OTLP_HTTP, sink.name, settings)
    configuration.comment(
        "exporters",
        identity,
        "sending_queue",
        "num_consumers",
        text="One, so that samples of a series arrive in the order of their times.",
    )
    return _with_retry(configuration, identity)


def _clickhouse(configuration: Configuration, sink: ContentSink, *, waits: bool) -> str:
    queued = queue(storage(configuration, name="content"), waits=waits)
    settings: Block = {
        "endpoint": setting.sink(sink.name, sink.endpoint),
        "database": sink.database,
        "username": sink.username,
        **({"password": f"${{file:{setting.literal(sink.password_file)}}}"} if sink.password_file else {}),
        **(access.sink_tls(sink.tls) if sink.tls else {}),
        "create_schema": False,
        "async_insert": True,
        "compress": "lz4",
        "traces_table_name": INBOX,
        "logs_table_name": EVENTS,
        "timeout": _TIMEOUT,
        **queued,
    }
    about = (
        "The tables are those of deploy/clickhouse/schema.sql, which divide content from the rest and know how long "
    )
    about += "each is kept."
    return _with_retry(configuration, configuration.add(Component.CLICKHOUSE, "", settings, about))


def _with_retry(configuration: Configuration, identity: str) -> str:
    at = ("exporters", identity, "retry_on_failure", "max_elapsed_time")
    configuration.comment(*at, text=RETRY_COMMENT)
    return identity
