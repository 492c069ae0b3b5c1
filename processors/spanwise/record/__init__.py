"""One finished span as a small mutable record, and its adapters.

`spanwise.record.sdk` adapts the SDK's spans and `spanwise.record.otlp` OTLP messages; they are imported by those who
need them, so that the record itself costs no import. `ScoreRecord` and `Step` are resolved at first use: a process
that starts needs neither.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from spanwise.record.span import OWN_SCOPE, AttributeValue, Event, Link, Resource, Scope, SpanRecord, without_content


if TYPE_CHECKING:
    from spanwise.record.score import ScoreRecord
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

_HOMES = {"ScoreRecord": "score", "Step": "step"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
