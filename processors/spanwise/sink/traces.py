"""`TraceSink`: a store of traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Form, Reader
from spanwise.sink.headers import read_headers_file
from spanwise.sink.tls import Tls, read_tls


JAEGER: Final = "jaeger"
TEMPO: Final = "tempo"
OTLP: Final = "otlp"

_HOST: Final = r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9][A-Za-z0-9._-]{0,252})"
_GRPC: Final = Form(rf"{_HOST}:[0-9]{{1,5}}", "host:port as in jaeger:4317, which takes OTLP over gRPC")
_ANY: Final = Form(
    rf"{_HOST}:[0-9]{{1,5}}|https?://{_HOST}(?::[0-9]{{1,5}})?(?:/[^\s@?#]{{0,500}})?",
    "host:port for OTLP over gRPC, or a URL without name, password or query for OTLP over HTTP",
    secret=True,
)


@dataclass(frozen=True, slots=True)
class TraceSink:
    """Where traces go.

    Attributes:
        name: `jaeger`, `tempo` or `otlp`.
        endpoint: `host:port` for OTLP over gRPC; with `otlp` a URL means OTLP over HTTP.
        tls: How the connection is encrypted; `None` for plain text, unless the endpoint is an `https` URL.
        headers_file: File with one `Name: value` per line, sent with every request; empty for none.
    """

    name: str
    endpoint: str
    tls: Tls | None = None
    headers_file: str = ""

    @property
    def is_http(self) -> bool:
        """Whether it takes OTLP over HTTP rather than gRPC."""
        return "://" in self.endpoint

    @classmethod
    def read(cls, reader: Reader, name: str, endpoint: str) -> Self:
        """The settings of the sink `name`, at `endpoint` unless they say another; complaints go to `reader`."""
        sink = cls(
            name,
            endpoint=reader.text(
                "endpoint",
                endpoint,
                form=_ANY if name == OTLP else _GRPC,
                required="" if endpoint else _ANY.wanted,
                about="Where it takes OTLP." if name == OTLP else "Where it takes OTLP over gRPC, as host:port.",
            ),
            tls=read_tls(reader),
            headers_file=read_headers_file(reader),
        )
        reader.finish()
        return sink


DEFAULT: Final = (TraceSink(JAEGER, "jaeger:4317"), TraceSink(TEMPO, "tempo:4317"))
"""What holds when a policy names no sink of traces: both stores of the rendered stack."""


def read_traces(reader: Reader) -> tuple[TraceSink, ...]:
    """The sinks under `traces`; an empty mapping means none."""
    if not reader.has("traces"):
        return DEFAULT
    section = reader.section("traces", about="Stores of traces; each one that is named gets all kept traces.")
    known = {sink.name: sink.endpoint for sink in DEFAULT} | {OTLP: ""}
    about = {
        JAEGER: "Jaeger v2; without an endpoint the one of the rendered stack.",
        TEMPO: "Grafana Tempo; without an endpoint the one of the rendered stack.",
        OTLP: "Any other store that takes OTLP.",
    }
    sinks = tuple(
        TraceSink.read(section.section(name, about=about[name]), name, endpoint)
        for name, endpoint in known.items()
        if section.has(name)
    )
    section.finish()
    return sinks
