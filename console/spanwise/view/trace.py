"""One trace as a tree, and one of its spans with all that it carried."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final, TypeAlias

from spanwise.report.tree import branches
from spanwise.semconv import attributes as attr
from spanwise.store import StoredSpan
from spanwise.store.document import json_text
from spanwise.store.result import SPAN_FIELDS
from spanwise.store.schema import TABLE
from spanwise.store.views.call import BLOCKED, UNPRICED
from spanwise.view.document import short
from spanwise.view.refusal import Refusal
from spanwise.view.scores import of_trace
from spanwise.view.source import Question, Row, Source
from spanwise.view.transcript import CONTENT, transcript


Json: TypeAlias = Any
"""A document column, parsed."""

MAX_SPANS: Final = 5_000
"""Spans of a trace that are shown; `omitted` says how many are not."""
MAX_VALUE: Final = 20_000
"""Characters of one attribute's value in the list of attributes."""
MAX_ATTRIBUTES: Final = 1_000
MAX_EVENTS: Final = 200

LAST: Final = "last"
_ID: Final = frozenset("0123456789abcdef")
_COLUMNS: Final = tuple(name for name in SPAN_FIELDS if name not in ("finish_reasons", "redaction_kinds", "blocked"))


def trace(source: Source, wanted: str) -> dict[str, object]:
    """The spans of a trace, parents before children, with their depth, their offset and the sums of its calls.

    `wanted` is its id, the beginning of one that no other trace has, or `last`.

    Raises:
        Refusal: 404, there is no such trace, or there are several.
    """
    trace_id = _found(source, wanted)
    rows, count, scored = source.ask(
        Question(_SPANS, (trace_id, MAX_SPANS), most=MAX_SPANS),
        Question(f"SELECT count(*) AS spans FROM {TABLE} WHERE trace_id = ?", (trace_id,)),
        of_trace(trace_id),
    )
    if not rows:
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no such trace; it may have been deleted by age or size")
    starts = {row["span_id"]: row for row in rows}
    first_ns = min(row["start_unix_nano"] for row in rows)
    spans = []
    for branch in branches([_stored(row) for row in rows]):
        row = starts[branch.span.span_id]
        spans.append(_span(row, len(branch.rails) + (not branch.is_root), first_ns))
    return {
        "trace_id": trace_id,
        "start_us": first_ns // 1000,
        "duration_s": max((row["end_unix_nano"] - first_ns) / 1e9 for row in rows),
        "omitted": count[0]["spans"] - len(rows) if count else 0,
        "spans": spans,
        "scores": scored,
    }


def span(source: Source, trace_id: str, span_id: str) -> dict[str, object]:
    """What one span carried: its transcript, attributes, events, links and resource, each within bounds.

    Raises:
        Refusal: 404, there is no such span.
    """
    if set(trace_id) - _ID or set(span_id) - _ID:
        raise Refusal(HTTPStatus.NOT_FOUND, "an id has hexadecimal digits only")
    (rows,) = source.ask(Question(_DOCUMENTS, (trace_id, span_id), most=1))
    if not rows:
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no such span; it may have been deleted by age or size")
    return _told(rows[0])


def contents(source: Source, trace_id: str, most: int) -> dict[str, dict[str, object]]:
    """What `span` says of the first `most` spans of a trace, by span id."""
    sql = _DOCUMENTS.replace("AND span_id = ? LIMIT 1", "ORDER BY start_unix_nano, end_unix_nano DESC, span_id LIMIT ?")
    (rows,) = source.ask(Question(sql, (trace_id, most), most=most))
    return {row["span_id"]: _told(row) for row in rows}


def _told(row: Row) -> dict[str, object]:
    held = {name: _parsed(row[name]) for name in ("attributes", "events", "links", "resource")}
    return {
        "status": row["status"],
        "status_description": row["status_description"],
        "kind": row["kind"],
        "scope": row["scope"],
        "transcript": transcript(held["attributes"], held["events"]),
        "attributes": _attributes(held["attributes"], without=CONTENT),
        "content": _attributes({k: v for k, v in (held["attributes"] or {}).items() if k in CONTENT}),
        "events": [_event(event) for event in _list(held["events"])[:MAX_EVENTS]],
        "links": [_link(link) for link in _list(held["links"])[:MAX_EVENTS]],
        "resource": _attributes(held["resource"]),
    }


_SPANS: Final = f"""
    SELECT {", ".join(_COLUMNS)}, start_unix_nano, end_unix_nano, prompt_name, prompt_version, user_id AS user,
           coalesce(session_id, conversation_id) AS session, tenant, finish_reasons, redaction_kinds,
           model_call AND {UNPRICED} AS unpriced, {BLOCKED} AS blocked,
           json_extract_string(attributes, '$."{attr.GEN_AI_TOOL_NAME}"') AS tool,
           json_extract_string(attributes, '$."{attr.GEN_AI_AGENT_NAME}"') AS agent
    FROM {TABLE} WHERE trace_id = ? ORDER BY start_unix_nano, end_unix_nano DESC, span_id LIMIT ?
"""

_DOCUMENTS: Final = f"""
    SELECT span_id, status, status_description, kind, scope, attributes, events, links, resource
    FROM {TABLE} WHERE trace_id = ? AND span_id = ? LIMIT 1
"""


def _found(source: Source, wanted: str) -> str:
    if wanted == LAST:
        sql = f"SELECT trace_id FROM {TABLE} GROUP BY trace_id ORDER BY min(start) DESC, trace_id LIMIT 1"
        (rows,) = source.ask(Question(sql))
    else:
        if not wanted or set(wanted.lower()) - _ID or len(wanted) > 32:
            raise Refusal(HTTPStatus.NOT_FOUND, "a trace id is 1 to 32 hexadecimal digits, or the word last")
        if len(wanted) == 32:
            return wanted.lower()
        sql = f"SELECT DISTINCT trace_id FROM {TABLE} WHERE starts_with(trace_id, ?) LIMIT 2"
        (rows,) = source.ask(Question(sql, (wanted.lower(),)))
    if not rows:
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no such trace; it may have been deleted by age or size")
    if len(rows) > 1:
        raise Refusal(HTTPStatus.NOT_FOUND, "several traces begin with these digits; give more of them")
    return str(rows[0]["trace_id"])


def _stored(row: Row) -> StoredSpan:
    values = {name: row.get(name) for name in SPAN_FIELDS}
    return StoredSpan(**values)  # type: ignore[arg-type] # columns of the names and types of its fields


def _span(row: Row, depth: int, first_ns: int) -> Row:
    kept = {name: value for name, value in row.items() if name not in _LEFT_OUT}
    return {
        **kept,
        "depth": depth,
        "offset_s": (row["start_unix_nano"] - first_ns) / 1e9,
        "finish_reasons": _list(_parsed(row["finish_reasons"])),
        "redaction_kinds": _list(_parsed(row["redaction_kinds"])),
    }


_LEFT_OUT: Final = frozenset({"trace_id", "start", "start_unix_nano", "end_unix_nano"})


def _attributes(value: Json, *, without: tuple[str, ...] = ()) -> list[Row]:
    """Name and value as text; `cut` is how many characters a longer value has in all."""
    found = []
    items = value.items() if isinstance(value, dict) else ()
    for name, item in list(items)[:MAX_ATTRIBUTES]:
        if name not in without:
            text = _text(item)
            cut = {"cut": len(text)} if len(text) > MAX_VALUE else {}
            found.append({"name": short(name, 300), "value": short(text, MAX_VALUE), **cut})
    return found


def _event(value: Json) -> Row:
    event = value if isinstance(value, dict) else {}
    nanoseconds = event.get("time_unix_nano")
    return {
        "name": short(_text(event.get("name")), 300),
        "time_us": nanoseconds // 1000 if isinstance(nanoseconds, int) else None,
        "attributes": _attributes(event.get("attributes")),
    }


def _link(value: Json) -> Row:
    link = value if isinstance(value, dict) else {}
    return {"trace_id": _text(link.get("trace_id"))[:32], "span_id": _text(link.get("span_id"))[:16]}


def _parsed(text: str | None) -> Json:
    import orjson

    return None if text is None else orjson.loads(text)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _text(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text(value)
