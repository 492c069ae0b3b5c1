"""One finished span as a small mutable record, and its adapters.

`spanwise.record.sdk` adapts the SDK's spans and `spanwise.record.otlp` OTLP messages; they are imported by those who
need them, so that the record itself costs no import.
"""

from spanwise.record.score import ScoreRecord
from spanwise.record.span import OWN_SCOPE, AttributeValue, Event, Link, Resource, Scope, SpanRecord, without_content
from spanwise.record.step import Step


__all__ = [
    "OWN_SCOPE",
    "AttributeValue",
    "Event",
    "Link",
    "Resource",
    "Scope",
    "ScoreRecord",
    "SpanRecord",
    "Step",
    "without_content",
]
