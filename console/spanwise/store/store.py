"""`Store`: what writes spans to the embedded store and answers questions about them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

from spanwise.record import ScoreRecord, SpanRecord
from spanwise.store import query, repricing, schema, statement
from spanwise.store.answer import MAX_ROWS, Answer, read_view
from spanwise.store.config import StoreConfig, default_path
from spanwise.store.connection import opened
from spanwise.store.creation import create
from spanwise.store.error import StoreError
from spanwise.store.repricing import NewPrice, RepricingRow
from spanwise.store.result import (
    SPAN_FIELDS,
    CostRow,
    Dimension,
    ErrorRow,
    LatencyRow,
    LedgerRow,
    StoreCounts,
    StoredDocuments,
    StoredSpan,
    TraceRow,
)
from spanwise.store.retention import prune
from spanwise.store.row import row
from spanwise.store.score import MAX_SCORES, StoredScore, read_scores, write_scores
from spanwise.store.stored_call import StoredCall, stored_call
from spanwise.store.views.view import View


SqlRow: TypeAlias = tuple[Any, ...]
"""A row as DuckDB hands it over."""

MAX_LEDGER_ROWS: Final = 100_000
"""Rows of a ledger at most: four years of days with 60 models."""

MAX_SPANS: Final = 20_000
"""Spans of one trace a query returns at most."""

_COST: Final = (
    "calls",
    "errors",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "cost_usd",
    "unpriced_calls",
    "estimated_calls",
    "foreign_calls",
    "blocked_calls",
    "p50_s",
    "p95_s",
)
"""Columns of a view of cost, in the order of `CostRow` after its key."""

_START: Final = list(schema.COLUMNS).index("start")


class Store:
    """Spans in one DuckDB file that any number of processes write and read.

    Nothing is opened before the first call, and no connection outlives a call. A missing file reads as an empty
    store. Every method raises `StoreError`, and nothing else, when the file cannot be used; a call waits at most
    `config.lock_timeout_s` for other processes. Instances may be shared between threads.
    """

    def __init__(self, path: Path | str | None = None, config: StoreConfig | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()
        self._config = config or StoreConfig()
        self._writing = threading.Lock()
        self._pruned_at_s: float | None = None

    def prepare(self) -> None:
        """Make the file if it is missing, write the views into it, and so show that it can be written.

        Raises:
            StoreError: it cannot; the message says why and what to do.
        """
        from spanwise.store.views import keep

        create(self.path)
        with opened(self.path, read_only=False, lock_timeout_s=self._config.lock_timeout_s) as connection:
            keep(connection)

    def write(self, records: Sequence[SpanRecord]) -> None:
        """Store `records` in one transaction: when it returns, all of them survive the death of this process.

        A span that is already stored (same trace and span id) is left out. At most once a minute old spans are
        deleted to keep the limits. Costs about 45 ms plus 60 us per span.

        Raises:
            StoreError: nothing of `records` was stored.
        """
        rows = {(record.trace_id, record.span_id): row(record) for record in records}
        if not rows:
            return
        columns = [list(column) for column in zip(*rows.values(), strict=True)]
        starts = columns[_START]
        with self._writing:
            create(self.path)
            with opened(self.path, read_only=False, lock_timeout_s=self._config.lock_timeout_s) as connection:
                connection.execute(schema.INSERT, [*columns, min(starts), max(starts)])
                if self._is_prune_due():
                    prune(connection, self._config)

    def write_scores(self, scores: Sequence[ScoreRecord]) -> int:
        """Store `scores` in one transaction, and say how many were not there before. Costs about 45 ms.

        Nothing needs to be stored of what they are about: they are joined to it when they are read.

        Raises:
            StoreError: none of `scores` was stored.
        """
        if not scores:
            return 0
        with self._writing:
            create(self.path)
            with opened(self.path, read_only=False, lock_timeout_s=self._config.lock_timeout_s) as connection:
                return write_scores(connection, scores)

    def scores(
        self, since: datetime | None = None, trace_id: str | None = None, limit: int = MAX_SCORES
    ) -> list[StoredScore]:
        """Scores in order of their time, the last `limit` of those given since, or of those about one trace.

        All are in it: those that came later or from elsewhere, and those that are events of stored spans.
        """
        if not self._exists():
            return []
        with opened(self.path, read_only=True, lock_timeout_s=self._config.lock_timeout_s) as connection:
            found = read_scores(connection, _utc(since), trace_id, min(limit, MAX_SCORES))
        return [StoredScore(_aware(cells[0]), *cells[1:]) for cells in found]

    def cost(self, by: Dimension, since: datetime | None = None) -> list[CostRow]:
        """What model calls cost, grouped by `by`, dearest first (days in order). Duplicates count for nothing."""
        from spanwise.store.views import COST_BY

        view = COST_BY[by]
        found = self._figures(view, since, (view.columns[0].name, *_COST))
        return [CostRow(None if key is None else str(key), *figures) for key, *figures in found]

    def ask(
        self, view: View, *, since: datetime | None = None, until: datetime | None = None, limit: int = MAX_ROWS
    ) -> Answer:
        """The first rows of `view` over what began in a time, at most `limit` (and 1,000), and the sums over all."""
        if not self._exists():
            return Answer(view.columns, [], 0)
        with opened(self.path, read_only=True, lock_timeout_s=self._config.lock_timeout_s) as connection:
            return read_view(connection, view, since=_utc(since), until=_utc(until), limit=limit)

    def sql(self, text: str, *, limit: int = MAX_ROWS) -> Answer:
        """What a person's SELECT gives back, at most `limit` rows. It can read the store and the views, nothing else.

        Raises:
            StoreError: there is no store yet; or, a `StatementError`, the statement cannot be run.
        """
        if not self._exists():
            raise StoreError(f"there is no store at {self.path} yet; next: spanwise run python app.py")
        with opened(self.path, read_only=True, lock_timeout_s=self._config.lock_timeout_s) as connection:
            return statement.run_statement(connection, text, limit=limit)

    def ledger(
        self, since: datetime | None = None, until: datetime | None = None, *, evaluations: bool = False
    ) -> list[LedgerRow]:
        """Model calls that were made, by UTC day, provider, model, currency and status, at most 100,000 rows.

        A provider bills the calls of `evaluations` too; they are no cost of the product.
        """
        given: list[object] = [evaluations, _utc(since), _utc(until), MAX_LEDGER_ROWS]
        return [LedgerRow(*found) for found in self._read(query.LEDGER, given)]

    def errors(self, since: datetime | None = None) -> list[ErrorRow]:
        """Failed model calls by error class and model, most frequent first."""
        from spanwise.store.views.failure import ERRORS

        return [ErrorRow(*found) for found in self._figures(ERRORS, since, _names(ErrorRow))]

    def latency(self, since: datetime | None = None) -> list[LatencyRow]:
        """How long model calls took, by model, slowest first."""
        from spanwise.store.views.operation import LATENCY

        return [LatencyRow(*found) for found in self._figures(LATENCY, since, _names(LatencyRow))]

    def traces(self, limit: int = 20, since: datetime | None = None) -> list[TraceRow]:
        """The traces that started last, newest first, at most `limit` (and 1,000)."""
        found = self._read(query.TRACES, [_utc(since), min(limit, MAX_ROWS)])
        return [TraceRow(cells[0], _aware(cells[1]), *cells[2:]) for cells in found]

    def trace(self, trace_id: str) -> list[StoredSpan]:
        """The spans of one trace in order of their start, at most 20,000; empty when it is unknown."""
        return [_span(found) for found in self._read(query.TRACE, [trace_id, MAX_SPANS])]

    def documents(self, trace_id: str) -> dict[str, StoredDocuments]:
        """What the spans of one trace carried, by span id, at most 20,000; with content as large as it was captured."""
        found = self._read(query.DOCUMENTS, [trace_id, MAX_SPANS])
        return {cells[0]: StoredDocuments(*(json.loads(cell) for cell in cells[1:])) for cells in found}

    def trace_ids(self, beginning: str, limit: int = 10) -> list[str]:
        """Ids of traces that begin with `beginning` (hex, any case), at most `limit`."""
        return [found[0] for found in self._read(query.TRACE_IDS, [beginning.lower(), limit])]

    def last_trace_id(self) -> str | None:
        """The id of the trace that started last; `None` when the store is empty."""
        found = self._read(query.LAST_TRACE_ID, [])
        return found[0][0] if found else None

    def counts(self) -> StoreCounts:
        """How much the store holds."""
        found = self._read(query.COUNTS, [])
        if not found:
            return StoreCounts(0, 0, 0, None, None, 0)
        spans, calls, traces, oldest, newest = found[0]
        return StoreCounts(
            spans,
            calls,
            traces,
            _aware(oldest) if oldest else None,
            _aware(newest) if newest else None,
            self.path.stat().st_size,
        )

    def calls(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[list[StoredCall]]:
        """The model calls that started in a time, in order of their start, in batches of at most 4,000 and about 16 MB.

        The file is free between two batches: what others write meanwhile is seen where it lies ahead.
        """
        place: repricing.Place | None = None
        while self._exists():
            with opened(self.path, read_only=True, lock_timeout_s=self._config.lock_timeout_s) as connection:
                rows = repricing.read_batch(connection, place, _utc(since), _utc(until))
            if not rows:
                return
            place = repricing.place_of(rows[-1])
            yield [stored_call(found) for found in rows]

    def spans_by_id(self, beginning: str, limit: int = 10) -> list[StoredCall]:
        """Spans whose ids begin with `beginning` (hex, any case), newest first, at most `limit`."""
        return [stored_call(found) for found in self._read(repricing.BY_ID, [beginning.lower(), limit])]

    def reprice(self, prices: Sequence[NewPrice], run: str, at: datetime) -> set[tuple[int, int]]:
        """Write other prices on stored calls in one transaction, and what they were into the table of repricings.

        Returns the trace and span ids of what was changed. A call that was deleted or priced again since it was read
        is left alone. `run` names the work that the change is a part of. Costs about 0.3 ms per call, more where spans
        carry much content.

        Raises:
            StoreError: nothing of `prices` was written.
        """
        if not prices or not self._exists():
            return set()
        with (
            self._writing,
            opened(self.path, read_only=False, lock_timeout_s=self._config.lock_timeout_s) as connection,
        ):
            return repricing.write_prices(connection, run, _microseconds(at), prices)

    def repricings(self) -> list[RepricingRow]:
        """What repricings changed, newest first, at most 1,000 rows; what was deleted with its spans is not in it."""
        if not self._exists():
            return []
        with opened(self.path, read_only=True, lock_timeout_s=self._config.lock_timeout_s) as connection:
            found = repricing.read_runs(connection, MAX_ROWS)
        return [RepricingRow(cells[0], _aware(cells[1]), *cells[2:]) for cells in found]

    def _figures(self, view: View, since: datetime | None, names: Sequence[str]) -> Iterator[SqlRow]:
        """The cells of those columns, row by row."""
        answer = self.ask(view, since=since)
        return zip(*(answer.cells(name) for name in names), strict=True)

    def _read(self, sql: str, parameters: list[object]) -> list[SqlRow]:
        if not self._exists():
            return []
        with opened(self.path, read_only=True, lock_timeout_s=self._config.lock_timeout_s) as connection:
            return connection.execute(sql, parameters).fetchall()

    def _exists(self) -> bool:
        try:
            return self.path.exists()
        except OSError as error:
            raise StoreError(f"the store {self.path} cannot be reached ({error.strerror})") from error

    def _is_prune_due(self) -> bool:
        now_s = time.monotonic()
        if self._pruned_at_s is not None and now_s - self._pruned_at_s < self._config.prune_interval_s:
            return False
        self._pruned_at_s = now_s
        return True


def _names(row_of: type[ErrorRow | LatencyRow]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(row_of))


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def _microseconds(moment: datetime) -> int:
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _span(cells: SqlRow) -> StoredSpan:
    values = dict(zip(SPAN_FIELDS, cells, strict=True))
    for name in ("redaction_kinds", "finish_reasons"):
        values[name] = _texts(values[name])
    for name in ("redaction_count", "resends"):
        values[name] = values[name] or 0
    values["start"] = _aware(values["start"])
    return StoredSpan(**values)


def _texts(document: str | None) -> tuple[str, ...]:
    found = json.loads(document) if document else []
    return tuple(str(text) for text in found) if isinstance(found, list) else (str(found),)
