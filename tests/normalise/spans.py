"""Spans of other suites, and what becomes of them."""

from __future__ import annotations

import json
from typing import Any

from opentelemetry.trace import StatusCode

from spanwise.normalise import Normalise
from spanwise.record import AttributeValue, Event, Scope, SpanRecord


NORMALISE = Normalise()
START = 1_764_000_000_000_000_000


def span(
    scope: str,
    attributes: dict[str, AttributeValue],
    *events: Event,
    name: str = "call",
    parent: int = 0,
    status: StatusCode = StatusCode.UNSET,
) -> SpanRecord:
    """A span of the instrumentation `scope` that took two seconds."""
    return SpanRecord(
        name,
        1,
        2,
        parent,
        start_unix_nano=START,
        end_unix_nano=START + 2_000_000_000,
        status=status,
        attributes=dict(attributes),
        events=list(events),
        scope=Scope(scope),
    )


def translated(record: SpanRecord, step: Normalise = NORMALISE) -> dict[str, Any]:
    """The attributes of `record` after both halves of the step, JSON content parsed."""
    step(record)
    step.content(record)
    found: dict[str, Any] = dict(record.attributes)
    for name in CONTENT:
        if isinstance(found.get(name), str) and found[name][:1] in ("[", "{"):
            found[name] = json.loads(found[name])
    return found


CONTENT = (
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.tool.definitions",
    "gen_ai.retrieval.documents",
)


def text(role: str, content: str) -> dict[str, Any]:
    """A message of one text part, as the convention writes it."""
    return {"role": role, "parts": [{"type": "text", "content": content}]}
