"""Spans as what they mean: raw OTLP of any suite, read through the normalise step."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from opentelemetry.trace import StatusCode

from spanwise.normalise import Normalise
from spanwise.record import SpanRecord, otlp_json
from spanwise.semconv import attributes as attr
from tests.torture.case.case import APPLICATION


Json: TypeAlias = Any
"""A parsed OTLP document."""

_NORMALISE = Normalise()


@dataclass(frozen=True, slots=True)
class Spans:
    """The spans of one case.

    Args:
        application: those that the program made itself.
        calls: the suite's, of model calls.
        native: those that the SDK made itself.
        raw: the document as text, for what must be nowhere in it.
    """

    application: Sequence[SpanRecord]
    calls: Sequence[SpanRecord]
    native: Sequence[SpanRecord]
    raw: str

    def parent_of(self, span: SpanRecord) -> str | None:
        """The name of the span's parent, whoever made it; `None` for a root."""
        everything = (*self.application, *self.calls, *self.native)
        return next((other.name for other in everything if other.span_id == span.parent_span_id), None)


def read(document: Json, native_scopes: Sequence[str]) -> Spans:
    """The spans in an OTLP document, each in the words of the convention."""
    raw = json.dumps(document)
    application: list[SpanRecord] = []
    calls: list[SpanRecord] = []
    native: list[SpanRecord] = []
    for span in otlp_json.records(raw.encode()).records if document.get("resourceSpans") else ():
        scope = span.scope.name
        if scope == APPLICATION:
            application.append(span)
        elif attr.GEN_AI_OPERATION_NAME in _NORMALISE(span).attributes:
            (native if scope in native_scopes else calls).append(span)
    return Spans(application, calls, native, raw)


def error_type(span: SpanRecord) -> str | None:
    """What went wrong, where the span says it: `error.type`, or the type in an exception event, as older suites do."""
    if isinstance(said := span.attributes.get(attr.ERROR_TYPE), str):
        return said
    recorded = (event.attributes.get(attr.EXCEPTION_TYPE) for event in span.events if event.name == "exception")
    return next((said for said in recorded if isinstance(said, str)), None)


def is_error(span: SpanRecord) -> bool:
    """Whether the span has status ERROR."""
    return span.status is StatusCode.ERROR
