"""Keeps the spans of a program and writes them as OTLP JSON. Stands alone: it runs in environments without spanwise."""

from __future__ import annotations

import base64
import json
import os
from typing import Any, TypeAlias

from google.protobuf.json_format import MessageToDict
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


Json: TypeAlias = Any
"""A parsed OTLP document."""

EXPORTER = InMemorySpanExporter()
IDS = ("traceId", "spanId", "parentSpanId")


def provider() -> TracerProvider:
    """A tracer provider, made the global one, whose spans are kept."""
    made = TracerProvider(resource=Resource({"service.name": "dialect"}), shutdown_on_exit=False)
    made.add_span_processor(SimpleSpanProcessor(EXPORTER))
    trace.set_tracer_provider(made)
    return made


def write() -> None:
    """Write what was kept to the file named by `RECORDING`."""
    document = MessageToDict(encode_spans(EXPORTER.get_finished_spans()))
    with open(os.environ["RECORDING"], "w", encoding="utf-8") as file:
        json.dump(_with_hex_ids(document), file)


def _with_hex_ids(value: Json) -> Json:
    if isinstance(value, list):
        return [_with_hex_ids(item) for item in value]
    if isinstance(value, dict):
        return {
            key: base64.b64decode(item).hex() if key in IDS and isinstance(item, str) else _with_hex_ids(item)
            for key, item in value.items()
        }
    return value
