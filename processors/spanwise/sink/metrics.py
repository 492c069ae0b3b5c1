"""`MetricSink`: a store of metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Form, Reader
from spanwise.sink.headers import read_headers_file
from spanwise.sink.tls import Tls, read_tls


PROMETHEUS: Final = "prometheus"

_URL: Final = Form(
    r"https?://[^\s/@?#]{1,300}(?:/[^\s@?#]{0,500})?",
    "http://host/path or https://host/path without name, password or query; put a secret in headers_file",
    secret=True,
)


@dataclass(frozen=True, slots=True)
class MetricSink:
    """Where metrics go.

    Attributes:
        name: `prometheus`.
        endpoint: The URL below which OTLP metrics are taken; `/v1/metrics` is appended.
        tls: How the connection is trusted; `None` for the system's CAs with `https`, for none with `http`.
        headers_file: File with one `Name: value` per line, sent with every request; empty for none.
    """

    name: str = PROMETHEUS
    endpoint: str = "http://prometheus:9090/api/v1/otlp"
    tls: Tls | None = None
    headers_file: str = ""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings under `prometheus`; complaints go to `reader`."""
        sink = cls(
            endpoint=reader.text(
                "endpoint",
                cls().endpoint,
                form=_URL,
                about="URL below which it takes OTLP metrics; /v1/metrics is appended.",
            ),
            tls=read_tls(reader),
            headers_file=read_headers_file(reader),
        )
        reader.finish()
        return sink


def read_metrics(reader: Reader) -> MetricSink | None:
    """The sink under `metrics`; `None` for an empty mapping."""
    if not reader.has("metrics"):
        return MetricSink()
    section = reader.section("metrics", about="The store of metrics; alerts and dashboards ask it.")
    about = "Prometheus, or what takes OTLP metrics and answers PromQL."
    sink = MetricSink.read(section.section(PROMETHEUS, about=about)) if section.has(PROMETHEUS) else None
    section.finish()
    return sink
