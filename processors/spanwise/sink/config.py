"""`SinkConfig`: where traces, metrics and content go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from spanwise.policy import Reader
from spanwise.sink.content import ContentSink, read_content
from spanwise.sink.metrics import MetricSink, read_metrics
from spanwise.sink.traces import DEFAULT, TraceSink, read_traces


@dataclass(frozen=True, slots=True)
class SinkConfig:
    """Settings of sinks.

    Attributes:
        traces: Stores of traces, each of which gets all that are kept; empty for none.
        metrics: The store of metrics; `None` for none.
        content: A store of content apart from the traces; `None` for none.
    """

    traces: tuple[TraceSink, ...] = DEFAULT
    metrics: MetricSink | None = field(default_factory=MetricSink)
    content: ContentSink | None = None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; a key that is absent keeps its default. Complaints go to `reader`."""
        config = cls(traces=read_traces(reader), metrics=read_metrics(reader), content=read_content(reader))
        reader.finish()
        return config

    def trace(self, name: str) -> TraceSink | None:
        """The sink of traces of this name; `None` where the policy has none."""
        return next((sink for sink in self.traces if sink.name == name), None)
