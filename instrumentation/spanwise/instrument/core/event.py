"""The inference details event: content as a log record, for those who keep it apart from spans."""

from __future__ import annotations

from typing import cast

import orjson
from opentelemetry._logs import LogRecord, SeverityNumber, get_logger
from opentelemetry.context import get_current
from opentelemetry.trace import Span, set_span_in_context
from opentelemetry.util.types import AttributeValue

from spanwise.instrument.codec import Attributes
from spanwise.semconv import attributes as attr
from spanwise.semconv import events
from spanwise.semconv.schema import SCHEMA_URL


def emit_details(span: Span, found: Attributes) -> None:
    """Emit `gen_ai.client.inference.operation.details` for `span` with its attributes and content.

    On an event the convention wants content structured, so JSON text is parsed back. The pipeline redacts log records
    where it is installed.
    """
    attributes = dict(getattr(span, "attributes", None) or {})
    for name, value in found.items():
        attributes[name] = _structured(value) if name in attr.CONTENT else value
    get_logger("spanwise.instrument", schema_url=SCHEMA_URL).emit(
        LogRecord(
            context=set_span_in_context(span, get_current()),
            severity_number=SeverityNumber.DEBUG,
            event_name=events.GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS,
            attributes=attributes,
        )
    )


def _structured(value: AttributeValue) -> AttributeValue:
    return cast("AttributeValue", orjson.loads(value)) if isinstance(value, str) and value[:1] in ("[", "{") else value
