"""`Release`: a version of the Collector, and what its components are called there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Component(StrEnum):
    """A component that rendered files use, by what it is for; its name in a file is the release's."""

    OTLP_IN = "OTLP receiver"
    KAFKA_IN = "Kafka receiver"
    MEMORY_LIMITER = "memory limiter"
    TRANSFORM = "OTTL transformation"
    FILTER = "OTTL filter"
    TAIL_SAMPLING = "tail sampling"
    CUMULATIVE = "delta to cumulative"
    REDACTION = "redaction"
    NORMALISER = "GenAI normaliser"
    FORWARD = "forward connector"
    SIGNAL_TO_METRICS = "metrics of spans"
    SPAN_METRICS = "request metrics of spans"
    OTLP_GRPC = "OTLP over gRPC"
    OTLP_HTTP = "OTLP over HTTP"
    PROMETHEUS = "Prometheus endpoint"
    KAFKA_OUT = "Kafka exporter"
    LOAD_BALANCING = "load balancing by trace"
    CLICKHOUSE = "ClickHouse exporter"
    DEBUG = "log line"
    STORAGE = "file storage"
    HEALTH = "health check"
    ZPAGES = "zPages"
    BEARER = "bearer token"


SECTIONS: Final[Mapping[Component, str]] = MappingProxyType({
    Component.OTLP_IN: "receivers", Component.KAFKA_IN: "receivers",
    Component.MEMORY_LIMITER: "processors", Component.TRANSFORM: "processors", Component.FILTER: "processors",
    Component.TAIL_SAMPLING: "processors", Component.CUMULATIVE: "processors", Component.REDACTION: "processors",
    Component.NORMALISER: "processors",
    Component.FORWARD: "connectors", Component.SIGNAL_TO_METRICS: "connectors", Component.SPAN_METRICS: "connectors",
    Component.OTLP_GRPC: "exporters", Component.OTLP_HTTP: "exporters", Component.PROMETHEUS: "exporters",
    Component.KAFKA_OUT: "exporters", Component.LOAD_BALANCING: "exporters", Component.CLICKHOUSE: "exporters",
    Component.DEBUG: "exporters",
    Component.STORAGE: "extensions", Component.HEALTH: "extensions", Component.ZPAGES: "extensions",
    Component.BEARER: "extensions",
})  # fmt: skip
"""The section of a file that each component stands in."""

_SLIM: Final[Mapping[Component, str]] = {
    Component.OTLP_IN: "otlp", Component.KAFKA_IN: "kafka",
    Component.MEMORY_LIMITER: "memory_limiter", Component.TRANSFORM: "transform", Component.FILTER: "filter",
    Component.TAIL_SAMPLING: "tail_sampling", Component.CUMULATIVE: "deltatocumulative",
    Component.REDACTION: "redaction",
    Component.FORWARD: "forward", Component.SIGNAL_TO_METRICS: "signal_to_metrics",
    Component.SPAN_METRICS: "span_metrics",
    Component.OTLP_GRPC: "otlp_grpc", Component.OTLP_HTTP: "otlp_http", Component.PROMETHEUS: "prometheus",
    Component.KAFKA_OUT: "kafka", Component.DEBUG: "debug",
    Component.STORAGE: "file_storage", Component.HEALTH: "health_check", Component.ZPAGES: "zpages",
    Component.BEARER: "bearertokenauth",
}  # fmt: skip
"""What builder.yaml builds, by the names of 0.155.0: `otlp_grpc` and its like are older there than their aliases."""

# load_balancing: renamed in 0.153 (opentelemetry-collector-contrib#48533), loadbalancing is an alias since.
# gen_ai_normalizer: in the contrib distribution since 0.156, alpha; genainormalizer is refused by newer builds.
_CONTRIB: Final[Mapping[Component, str]] = {
    **_SLIM,
    Component.NORMALISER: "gen_ai_normalizer",
    Component.LOAD_BALANCING: "load_balancing",
    Component.CLICKHOUSE: "clickhouse",
}


class NotBuiltError(LookupError):
    """A file wants a component that the release does not have."""


@dataclass(frozen=True, slots=True)
class Release:
    """A build of the Collector that files are rendered for.

    Attributes:
        version: Of the Collector.
        folder: Where its files stand below `collector/`; empty for `collector/` itself.
        about: The build, in words for the top of a file.
        is_exercised: Whether our tests run this very build.
        names: What each component is called; one that is not in it is not in the build.
    """

    version: str
    folder: str
    about: str
    is_exercised: bool
    names: Mapping[Component, str]

    def has(self, component: Component) -> bool:
        """Whether this build has `component`."""
        return component in self.names

    def identity(self, component: Component, name: str = "") -> str:
        """The id of a component in a file, as `otlp_grpc/jaeger`.

        Raises:
            NotBuiltError: this build does not have it.
        """
        if component not in self.names:
            raise NotBuiltError(f"Collector {self.version} ({self.about}) has no {component}")
        kind = self.names[component]
        return f"{kind}/{name}" if name else kind


SLIM: Final = Release(
    "0.155.0", "", "the slim distribution of builder.yaml", is_exercised=True, names=MappingProxyType(_SLIM)
)
"""What the tests build and run."""

CONTRIB: Final = Release(
    "0.165.0", "contrib", "the contrib image", is_exercised=False, names=MappingProxyType(_CONTRIB)
)
"""The newest contrib image: more components, none of them run by our tests."""

RELEASES: Final = (SLIM, CONTRIB)
