"""What one run did, counted while its spans arrive."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from spanwise.record import SpanRecord
from spanwise.report.quantity import UNPRICED, counted, seconds, short_count, short_money
from spanwise.semconv import attributes as attr
from spanwise.semconv import values
from spanwise.store import cost_amount, error_type, is_model_call


MAX_REMEMBERED: Final = 1_000_000
"""Spans and durations kept at most, about 100 MB; beyond it a span sent twice is counted twice."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The sums of one run. `cost_usd` is `None` when no call had a known price, `p95_s` when there was no call.

    `blocked` counts calls that a budget refused: they were never made and are not `unpriced`.
    """

    spans: int
    calls: int
    models: int
    tokens: int
    cost_usd: Decimal | None
    unpriced: int
    estimated: int
    foreign: int
    p95_s: float | None
    errors: int
    refusals: int
    redactions: int
    blocked: int = 0

    def line(self) -> str:
        """The summary as one line of text."""
        if not self.spans:
            return "spanwise: no spans arrived (spanwise doctor says why)"
        if not self.calls:
            return f"spanwise: {counted(self.spans, 'span')}, no model calls{self._redacted()}"
        return (
            f"spanwise: {counted(self.calls, 'model call')}, {counted(self.models, 'model')}, "
            f"{short_count(self.tokens)} tokens, {self._cost()}, p95 {seconds(self.p95_s)}"
            f"{', ' + counted(self.errors, 'error') if self.errors else ''}"
            f"{f', {self.refusals:,} refused' if self.refusals else ''}"
            f"{f', {self.blocked:,} refused by a budget' if self.blocked else ''}{self._redacted()}"
        )

    def _cost(self) -> str:
        notes = []
        if self.cost_usd is None:
            amount = "no cost" if self.blocked == self.calls else UNPRICED
        else:
            amount = ("~" if self.estimated else "") + short_money(self.cost_usd)
            if self.unpriced:
                notes.append(f"{self.unpriced:,} {UNPRICED}")
        if self.foreign:
            notes.append(f"{self.foreign:,} in another currency")
        return f"{amount} ({', '.join(notes)})" if notes else amount

    def _redacted(self) -> str:
        return f", {counted(self.redactions, 'value')} redacted" if self.redactions else ""


class RunTally:
    """Adds up the spans of one run; may be fed from several threads. Spans that arrive twice count once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: set[tuple[int, int]] = set()
        self._spans = 0
        self._calls = 0
        self._models: set[str] = set()
        self._tokens = 0
        self._cost_usd: Decimal | None = None
        self._unpriced = 0
        self._estimated = 0
        self._foreign = 0
        self._durations_s: array[float] = array("d")
        self._errors = 0
        self._refusals = 0
        self._redactions = 0
        self._blocked = 0

    def add(self, records: Sequence[SpanRecord]) -> None:
        """Count `records`."""
        with self._lock:
            for record in records:
                key = (record.trace_id, record.span_id)
                if key not in self._seen:
                    self._add_span(record)
                    if len(self._seen) < MAX_REMEMBERED:
                        self._seen.add(key)

    def summary(self) -> RunSummary:
        """The sums so far."""
        with self._lock:
            return RunSummary(
                self._spans,
                self._calls,
                len(self._models),
                self._tokens,
                self._cost_usd,
                self._unpriced,
                self._estimated,
                self._foreign,
                _p95(self._durations_s),
                self._errors,
                self._refusals,
                self._redactions,
                self._blocked,
            )

    def _add_span(self, record: SpanRecord) -> None:
        self._spans += 1
        self._redactions += record.count(attr.SPANWISE_REDACTION_COUNT) or 0
        if not is_model_call(record):
            return
        self._calls += 1
        model = record.text(attr.GEN_AI_REQUEST_MODEL) or record.text(attr.GEN_AI_RESPONSE_MODEL)
        if model:
            self._models.add(model)
        self._tokens += record.count(attr.GEN_AI_USAGE_INPUT_TOKENS) or 0
        self._tokens += record.count(attr.GEN_AI_USAGE_OUTPUT_TOKENS) or 0
        self._errors += error_type(record) is not None
        self._refusals += record.attributes.get(attr.SPANWISE_RESPONSE_REFUSED) is True
        if len(self._durations_s) < MAX_REMEMBERED:
            self._durations_s.append(record.duration_s)
        self._add_cost(record)

    def _add_cost(self, record: SpanRecord) -> None:
        amount = cost_amount(record)
        if amount is None:
            blocked = record.text(attr.SPANWISE_BUDGET_ACTION) == values.SPANWISE_BUDGET_ACTION_BLOCK
            self._blocked += blocked
            self._unpriced += not blocked
            return
        if (record.text(attr.GEN_AI_USAGE_COST_CURRENCY) or "USD") != "USD":
            self._foreign += 1
            return
        self._cost_usd = (self._cost_usd or Decimal(0)) + amount
        self._estimated += record.attributes.get(attr.SPANWISE_COST_STATUS) == values.SPANWISE_COST_STATUS_ESTIMATED


def _p95(durations_s: array[float]) -> float | None:
    if not durations_s:
        return None
    ordered = sorted(durations_s)
    position = 0.95 * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
