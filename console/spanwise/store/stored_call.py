"""One stored model call as a `SpanRecord` again, with what it was priced at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

import orjson
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.record import Resource, Scope, SpanRecord


SqlRow: TypeAlias = tuple[Any, ...]
"""A row as DuckDB hands it over, in the order of `CALL_COLUMNS`."""
Document: TypeAlias = dict[str, Any]
"""A document column, parsed."""

CALL_COLUMNS: Final = (
    "start_unix_nano",
    "trace_id",
    "span_id",
    "parent_span_id",
    "end_unix_nano",
    "name",
    "kind",
    "status",
    "status_description",
    "scope",
    "trace_state",
    "flags",
    "attributes",
    "resource",
    "scope_attributes",
    "cost",
    "currency",
    "cost_status",
    "cost_book",
)
"""What a call is rebuilt from. Events and links say nothing about its price and are not read."""


@dataclass(frozen=True, slots=True)
class StoredPrice:
    """What the typed columns say a call cost. `amount` is `None` where it has no price."""

    amount: Decimal | None
    currency: str | None
    status: str | None
    book: str | None


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A model call of the store: the span without its events and links, and its price."""

    record: SpanRecord
    price: StoredPrice


def stored_call(row: SqlRow) -> StoredCall:
    """The call in `row`. A document that is no JSON object reads as an empty one."""
    cells = dict(zip(CALL_COLUMNS, row, strict=True))
    scope = _document(cells["scope_attributes"])
    record = SpanRecord(
        name=cells["name"] or "",
        trace_id=int(cells["trace_id"], 16),
        span_id=int(cells["span_id"], 16),
        parent_span_id=int(cells["parent_span_id"] or "0", 16),
        kind=_KINDS.get(cells["kind"], SpanKind.INTERNAL),
        start_unix_nano=cells["start_unix_nano"],
        end_unix_nano=cells["end_unix_nano"],
        status=_STATUSES.get(cells["status"], StatusCode.UNSET),
        status_description=cells["status_description"] or "",
        attributes=_document(cells["attributes"]),
        resource=Resource(_document(cells["resource"])),
        scope=Scope(cells["scope"] or "", str(scope.get("version") or ""), attributes=_inner(scope, "attributes")),
        trace_state=cells["trace_state"] or "",
        flags=cells["flags"] or 0,
    )
    return StoredCall(record, StoredPrice(cells["cost"], cells["currency"], cells["cost_status"], cells["cost_book"]))


_KINDS: Final = {kind.name.lower(): kind for kind in SpanKind}
_STATUSES: Final = {status.name.lower(): status for status in StatusCode}


def _document(text: str | None) -> Document:
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:  # deeper than the parser goes: this library never writes such
        return {}
    return found if isinstance(found, dict) else {}


def _inner(document: Document, name: str) -> Document:
    found = document.get(name)
    return found if isinstance(found, dict) else {}
