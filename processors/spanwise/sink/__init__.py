"""Sinks and retention: where telemetry goes, and for how long it stays there."""

from spanwise.sink.config import SinkConfig
from spanwise.sink.content import ContentSink
from spanwise.sink.metrics import MetricSink
from spanwise.sink.retention import RetentionConfig
from spanwise.sink.tls import Tls
from spanwise.sink.traces import TraceSink


__all__ = ["ContentSink", "MetricSink", "RetentionConfig", "SinkConfig", "Tls", "TraceSink"]
