"""Receives OTLP spans and scores over HTTP and gRPC, runs the pipeline on them and hands them to a sink.

`Collector` is the whole of it; `CollectorConfig` holds its limits; a sink raises `SinkError` when it cannot take spans.
"""

from spanwise.collector.bearer import Bearer
from spanwise.collector.collector import Collector
from spanwise.collector.config import CollectorConfig
from spanwise.collector.counts import Counts
from spanwise.collector.feedback import Feedback
from spanwise.collector.scoring import Scoring
from spanwise.collector.writer import ScoreSink, Sink, SinkError


__all__ = ["Bearer", "Collector", "CollectorConfig", "Counts", "Feedback", "ScoreSink", "Scoring", "Sink", "SinkError"]
