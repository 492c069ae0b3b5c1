"""`check`: telemetry in, findings out."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeAlias

from spanwise.semconv.checker.document import MAX_BYTES, documents
from spanwise.semconv.checker.inspection import MAX_FINDINGS, Inspection
from spanwise.semconv.checker.memory import span_sample
from spanwise.semconv.checker.otlp import is_document
from spanwise.semconv.checker.problem import Problem, UnreadableTelemetry
from spanwise.semconv.checker.report import Report
from spanwise.semconv.otlp_message import Json


Telemetry: TypeAlias = str | bytes | bytearray | os.PathLike[str] | Mapping[str, Json] | Iterable[object]
"""OTLP/JSON or OTLP/JSON lines as text, a path of a file with them, a parsed document, or spans in memory."""


def check(
    telemetry: Telemetry,
    *,
    ignore: Collection[str] = (),
    severities: Mapping[str, str] | None = None,
    limit: int = MAX_FINDINGS,
) -> Report:
    """The differences of `telemetry` from the GenAI conventions.

    Text is OTLP/JSON: one document, or one on each line, of spans, metrics and logs in any mixture. A span in memory
    is the SDK's `ReadableSpan` or anything with its name, kind, status and attributes. Spans that are not about GenAI
    or MCP are counted and not judged. `ignore` names ids of rules to leave out, `severities` replaces the severity of
    rules by id, and `limit` is how many findings are kept. Costs about 0.1 ms for a span without content.

    Raises:
        UnreadableTelemetry: there is something, and nothing of it could be read.
        TypeError: an item is neither a span nor a document.
        ValueError: an id or a severity does not exist.
        OSError: the file cannot be read.
    """
    inspection = Inspection(ignore=ignore, severities=severities, limit=limit)
    if isinstance(telemetry, str):
        good = inspect_stream(inspection, BytesIO(telemetry.encode(errors="replace")))
    elif isinstance(telemetry, bytes | bytearray):
        good = inspect_stream(inspection, BytesIO(telemetry))
    elif isinstance(telemetry, os.PathLike):
        with Path(telemetry).open("rb") as file:
            good = inspect_stream(inspection, file, str(telemetry))
    else:
        good = _inspect_items(inspection, (telemetry,) if isinstance(telemetry, Mapping) else telemetry)
    report = inspection.report()
    if report.problems and not good:
        raise UnreadableTelemetry(str(report.problems[0]))
    return report


def inspect_stream(inspection: Inspection, stream: BinaryIO, source: str = "", max_bytes: int = MAX_BYTES) -> int:
    """Check everything in `stream`, one document or one on each line; how many documents there were.

    Lines that cannot be read become problems of the inspection. Holds one line at a time, or one document of at most
    `max_bytes`.
    """
    good = 0
    for line, document in documents(stream, source, max_bytes):
        if isinstance(document, Problem):
            inspection.add_problem(document)
        else:
            good += 1
            inspection.add_document(document, source, line)
    return good


def _inspect_items(inspection: Inspection, items: Iterable[object]) -> int:
    good = 0
    for item in items:
        if not isinstance(item, Mapping):
            inspection.add(span_sample(item))
        elif is_document(item):
            inspection.add_document(item)
        else:
            raise TypeError("expected an OTLP document: neither resourceSpans, resourceMetrics nor resourceLogs")
        good += 1
    return good
