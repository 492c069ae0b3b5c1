"""One trace as a tree with figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spanwise.report.quantity import UNPRICED, cost_cell, counted, places, seconds, short_count
from spanwise.report.score import by_span, score_notes
from spanwise.report.text import plain
from spanwise.report.tree import Branch, branches
from spanwise.semconv import values
from spanwise.store import StoredScore, StoredSpan


if TYPE_CHECKING:
    from rich.table import Table


MAX_LINES: Final = 2_000
"""Spans drawn at most; a last line says how many are left out."""

_ORDINARY: Final = frozenset(
    {values.GEN_AI_RESPONSE_FINISH_REASONS_STOP, values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL}
)
"""Finish reasons of a call that did what was asked; any other means a refusal, a filter or an answer cut short."""

_UNICODE: Final = ("├─ ", "└─ ", "│  ")
_ASCII: Final = ("|- ", "`- ", "|  ")


def trace_table(spans: Sequence[StoredSpan], scores: Sequence[StoredScore] = (), *, ascii_only: bool = False) -> Table:
    """`spans` of one trace as an indented table: name, time, tokens, cost, and what is noteworthy, as its `scores`.

    Redactions appear as counts by kind, never as values.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    scored = by_span(scores)
    decimals = places(max((span.cost or Decimal(0) for span in spans), default=Decimal(0)))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("span", overflow="ellipsis", no_wrap=True, min_width=24)
    table.add_column("time", justify="right", no_wrap=True)
    table.add_column("tokens", no_wrap=True)
    table.add_column("cost", justify="right", no_wrap=True)
    table.add_column("notes", overflow="fold")
    for number, branch in enumerate(branches(spans)):
        if number == MAX_LINES:
            table.add_row(f"... and {counted(len(spans) - MAX_LINES, 'span')} more")
            break
        span = branch.span
        style = "red" if span.error_type else "dim" if span.duplicate_of else ""
        name = Text(guide(branch, ascii_only=ascii_only), "dim").append(plain(span.name) or "(no name)", style)
        table.add_row(
            name,
            seconds(span.duration_s),
            tokens_cell(span),
            _cost(span, decimals),
            Text("; ".join([*notes(span), *score_notes(scored.get(span.span_id, ()))]), style),
        )
    return table


def guide(branch: Branch, *, ascii_only: bool) -> str:
    """The lines in front of a span's name."""
    if branch.is_root:
        return ""
    more, last, rail = _ASCII if ascii_only else _UNICODE
    return "".join(rail if goes_on else "   " for goes_on in branch.rails) + (last if branch.last else more)


def tokens_cell(span: StoredSpan) -> str:
    """Tokens of a span: `1.2k in (800 cached), 300 out`; empty when it reported none."""
    parts = []
    if span.input_tokens is not None:
        cached = f" ({short_count(span.cache_read_tokens)} cached)" if span.cache_read_tokens else ""
        parts.append(f"{short_count(span.input_tokens)} in{cached}")
    if span.output_tokens is not None:
        parts.append(f"{short_count(span.output_tokens)} out")
    return ", ".join(parts)


def notes(span: StoredSpan) -> list[str]:
    """What else a reader should know about a span, most important first."""
    found = []
    if span.error_type:
        found.append(f"error: {plain(span.error_type, 80)}")
    if span.refused:
        found.append("refused")
    found += [f"ended by {plain(reason, 40)}" for reason in span.finish_reasons[:5] if reason not in _ORDINARY]
    if span.resends:
        found.append(f"sent again {counted(span.resends, 'time')}")
    if span.redaction_count:
        kinds = ", ".join(plain(kind, 40) for kind in span.redaction_kinds[:20])
        found.append(f"{span.redaction_count:,} redacted" + (f": {kinds}" if kinds else ""))
    if span.duplicate_of:
        found.append(f"repeats span {plain(span.duplicate_of, 16)}, not counted")
    if span.model_call and span.cost is None and span.cost_reason:
        found.append(f"{UNPRICED}: {plain(span.cost_reason, 80)}")
    if span.time_to_first_chunk_s is not None:
        found.append(f"first chunk {seconds(span.time_to_first_chunk_s)}")
    return found


def trace_summary(spans: Sequence[StoredSpan]) -> str:
    """One line about a whole trace: id, start, and the sums of its model calls."""
    calls = [span for span in spans if span.model_call]
    amounts = [span.cost for span in calls if span.cost is not None and span.currency == "USD"]
    decimals = places(max(amounts, default=Decimal(0)))
    unpriced = sum(span.cost is None and not span.blocked for span in calls)
    blocked = sum(span.blocked for span in calls)
    tokens = sum((span.input_tokens or 0) + (span.output_tokens or 0) for span in calls)
    parts = [f"trace {spans[0].trace_id}", f"{min(span.start for span in spans):%Y-%m-%d %H:%M:%S} UTC"]
    parts.append(f"{counted(len(spans), 'span')}, {counted(len(calls), 'model call')}, {short_count(tokens)} tokens")
    if len(calls) > blocked:
        estimated = any(_is_estimate(span) for span in calls)
        sum_usd = sum(amounts, Decimal(0)) if amounts else None
        note = f" ({unpriced:,} {UNPRICED})" if unpriced and amounts else ""
        parts.append(cost_cell(sum_usd, decimals, estimated=estimated) + note)
    if blocked:
        parts.append(f"{counted(blocked, 'call')} refused by a budget")
    return "  ".join(parts)


def _cost(span: StoredSpan, decimals: int) -> str:
    if span.blocked or span.duplicate_of or not (span.model_call or span.cost is not None):
        return ""
    if span.cost is not None and span.currency != "USD":
        return f"{span.cost:,.{decimals}f} {plain(span.currency, 8)}"
    return cost_cell(span.cost, decimals, estimated=_is_estimate(span))


def _is_estimate(span: StoredSpan) -> bool:
    return span.cost_status == values.SPANWISE_COST_STATUS_ESTIMATED
