"""`compile_jaeger`: Jaeger v2 with traces on disk, in memory or in ClickHouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.collector.configuration import MEMORY_LIMITER, MEMORY_LIMITER_COMMENT, Block
from spanwise.deploy.collector.receiver import MOST_MESSAGE_MIB
from spanwise.deploy.document import Path, Value, dump
from spanwise.deploy.header import header
from spanwise.deploy.jaeger import setting
from spanwise.semconv import attributes as attr


if TYPE_CHECKING:
    from spanwise.plan import Plan


_STORE: Final = "traces"
_METRICS: Final = "metrics"
_OTLP_PATH: Final = "/api/v1/otlp"
_STATE: Final = (
    "Our tests run this file with Jaeger 2.13 (built from its module): spans in, search and whole traces out over HTTP"
)
_NEWER: Final = (
    "The keys are those of 2.20 too, which shows GenAI spans on a tab of their own; our tests do not run 2.20, as it "
    "cannot be built from its module. 2.20 is the last with /api/traces: take /api/v3."
)
_OPEN: Final = (
    "Jaeger has no log-in: on loopback it is this machine's, elsewhere it belongs behind a proxy. Its MCP endpoint "
    "(jaeger_query.ai.mcp) stays off: spans hold text of strangers, which a model that reads them may obey."
)


class _Variant(NamedTuple):
    name: str
    about: str
    exercised: str
    backend: Callable[[Plan], Block]
    why: str


def compile_jaeger(plan: Plan) -> list[Artefact]:
    """`jaeger.yaml` on disk with the policy's retention, `memory.yaml` for a look, `clickhouse.yaml` for a fleet."""
    return [_file(plan, variant) for variant in _VARIANTS]


def _file(plan: Plan, variant: _Variant) -> Artefact:
    head = header(variant.about, variant.exercised, _NEWER, _OPEN)
    return Artefact(
        PurePosixPath(f"{variant.name}.yaml"), f"{head}\n{dump(_document(plan, variant), _comments(variant))}"
    )


def _document(plan: Plan, variant: _Variant) -> Block:
    prometheus = _prometheus(plan)
    storage: dict[str, Value] = {"backends": {_STORE: variant.backend(plan)}}
    asked: dict[str, Value] = {"traces": _STORE}
    if prometheus is not None:
        storage["metric_backends"] = {_METRICS: {"prometheus": prometheus}}
        asked["metrics"] = _METRICS
    return {
        "receivers": {
            "otlp": {
                "protocols": {
                    "grpc": {
                        "endpoint": f"{setting.HOST}:{setting.OTLP_PORT}",
                        "max_recv_msg_size_mib": MOST_MESSAGE_MIB,
                    }
                }
            }
        },
        "processors": {"memory_limiter": MEMORY_LIMITER},
        "exporters": {"jaeger_storage_exporter": {"trace_storage": _STORE}},
        "extensions": {
            "jaeger_storage": storage,
            "jaeger_query": {
                "storage": asked,
                "http": {"endpoint": f"{setting.HOST}:{setting.QUERY_PORT}"},
                "grpc": {"endpoint": f"{setting.HOST}:{setting.QUERY_GRPC_PORT}"},
            },
            "healthcheckv2": {
                "use_v2": True,
                "http": {"endpoint": f"{setting.HOST}:{setting.HEALTH_PORT}"},
            },
        },
        "service": _SERVICE,
    }


_SERVICE: Final[Block] = {
    "extensions": ["jaeger_storage", "jaeger_query", "healthcheckv2"],
    "telemetry": {
        "resource": {attr.SERVICE_NAME: "jaeger"},
        "logs": {"level": "info", "encoding": "json"},
        "metrics": {
            "level": "normal",
            "readers": [
                {"pull": {"exporter": {"prometheus": {"host": str(setting.HOST), "port": str(setting.TELEMETRY_PORT)}}}}
            ],
        },
    },
    "pipelines": {
        "traces": {
            "receivers": ["otlp"],
            "processors": ["memory_limiter"],
            "exporters": ["jaeger_storage_exporter"],
        }
    },
}


def _comments(variant: _Variant) -> dict[Path, str]:
    return {
        ("receivers", "otlp", "protocols", "grpc", "max_recv_msg_size_mib"): "gRPC takes 4 MiB unless told.",
        ("processors", "memory_limiter"): MEMORY_LIMITER_COMMENT,
        ("exporters", "jaeger_storage_exporter"): (
            "Without a queue and without batches: Jaeger says that it has taken spans when they are in the store. The "
            "Collector in front holds and batches them."
        ),
        ("extensions", "jaeger_storage", "backends", _STORE): variant.why,
    }


def _prometheus(plan: Plan) -> Block | None:
    """Where the Monitor tab asks; the Collector makes its series."""
    sink = plan.sinks.metrics
    if sink is None:
        return None
    found: dict[str, Value] = {
        "endpoint": str(setting.METRICS.of(sink.endpoint.removesuffix("/").removesuffix(_OTLP_PATH))),
        "normalize_calls": True,
        "normalize_duration": True,
    }
    if sink.tls is not None and sink.tls.ca_file:
        found["tls"] = {"ca_file": sink.tls.ca_file}
    return found


def _on_disk(plan: Plan) -> Block:
    return {
        "badger": {
            "directories": {"keys": f"{setting.DIRECTORY}/keys", "values": f"{setting.DIRECTORY}/values"},
            "ephemeral": False,
            "consistency": False,
            "ttl": {"spans": f"{plan.retention.traces_days * 24}h"},
        }
    }


def _in_memory(_: Plan) -> Block:
    return {"memory": {"max_traces": str(setting.MEMORY_TRACES)}}


def _in_clickhouse(plan: Plan) -> Block:
    return {
        "clickhouse": {
            "addresses": [str(setting.CLICKHOUSE)],
            "database": "jaeger",
            "auth": {"basic": {"username": "jaeger", "password": f"${{file:{setting.CLICKHOUSE_PASSWORD}}}"}},
            "create_schema": True,
            "ttl": f"{plan.retention.traces_days * 24}h",
        }
    }


_VARIANTS: Final = (
    _Variant(
        "jaeger",
        "Jaeger v2 with traces on disk (Badger): one machine.",
        f"{_STATE}, and the store through a kill.",
        _on_disk,
        "ttl: retention.traces of the policy. consistency: true survives a power cut as well, at a sync for each span.",
    ),
    _Variant(
        "memory",
        "Jaeger v2 with traces in memory: for a look, and gone with the process. retention.traces means nothing here.",
        f"{_STATE}.",
        _in_memory,
        "The oldest traces make room.",
    ),
    _Variant(
        "clickhouse",
        "Jaeger v2 with traces in ClickHouse, for a fleet. Its tables are not those of deploy/clickhouse.",
        "Not exercised by our tests: no ClickHouse server runs there, and ttl needs a version after 2.13.",
        _in_clickhouse,
        "ttl: retention.traces of the policy; Jaeger before 2.18 does not know the key.",
    ),
)
