"""A trace as a tree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.report import trace_summary, trace_table
from spanwise.report.trace import MAX_LINES, notes, tokens_cell
from spanwise.report.tree import branches
from tests.report.rows import drawn, span, step


def test_tree() -> None:
    """Children stand below their parent, with lines that show where a level ends."""
    spans = [step(1), step(2, 1, "retrieval"), span(3, 2, "embeddings small"), span(4, 1)]
    lines = drawn(trace_table(spans))
    assert lines[2].split()[:1] == ["answer"]
    assert [line.rstrip("0123456789").split("  ")[0] for line in lines[3:6]] == [
        "├─ retrieval",
        "│",
        "└─ chat gpt-4.1",
    ]
    assert lines[4].startswith("│  └─ embeddings small")
    assert "|- retrieval" in drawn(trace_table(spans, ascii_only=True))[3]


def test_figures() -> None:
    """A call shows its tokens, the cached part of them, and its cost; a step shows neither."""
    lines = drawn(trace_table([step(1), span(2, 1, cache_read_tokens=800)]))
    assert lines[2].split() == ["answer", "1.0", "s"]
    assert "1.2k in (800 cached), 300 out" in lines[3]
    assert "$0.020000" in lines[3]


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"error_type": "RateLimitError"}, "error: RateLimitError"),
        ({"refused": True}, "refused"),
        ({"finish_reasons": ("length",)}, "ended by length"),
        ({"finish_reasons": ("stop", "content_filter")}, "ended by content_filter"),
        ({"resends": 2}, "sent again 2 times"),
        ({"redaction_count": 3, "redaction_kinds": ("card", "email")}, "3 redacted: card, email"),
        ({"duplicate_of": "00f067aa0ba902b7"}, "repeats span 00f067aa0ba902b7, not counted"),
        ({"cost": None, "cost_reason": "unknown model"}, "unpriced: unknown model"),
        ({"time_to_first_chunk_s": 0.25}, "first chunk 250 ms"),
        ({"finish_reasons": ("tool_call",)}, None),
        ({}, None),
    ],
)
def test_notes(changes: dict[str, Any], note: str | None) -> None:
    """What a reader should know beside the figures is said; an ordinary call needs no words."""
    assert notes(span(1, **changes)) == ([] if note is None else [note])


def test_tokens_unknown_are_not_zero() -> None:
    """A call that reported no tokens shows none."""
    assert tokens_cell(span(1, input_tokens=None, output_tokens=None)) == ""
    assert tokens_cell(span(1, input_tokens=0, output_tokens=None)) == "0 in"


def test_unpriced_call_in_a_trace() -> None:
    """A call without a price reads `unpriced`; one in another currency keeps it."""
    lines = drawn(trace_table([span(1, cost=None, cost_status="unpriced"), span(2, currency="EUR")]))
    assert "unpriced" in lines[2]
    assert "0.020000 EUR" in lines[3]


def test_a_refused_call_in_a_trace() -> None:
    """A call that a budget refused has an empty cost, is told in the summary, and is not without a price."""
    refused = span(2, 1, cost=None, blocked=True)
    line = trace_summary([span(1, cost=Decimal("0.01")), refused])
    assert "unpriced" not in line
    assert line.endswith("1 call refused by a budget")
    assert not any("unpriced" in drawn_line for drawn_line in drawn(trace_table([refused])))


def test_summary() -> None:
    """The line about a trace sums its model calls only, and says what has no price."""
    spans = [step(1), span(2, 1), span(3, 1, cost=None), span(4, 1, cost=Decimal("0.01"), cost_status="estimated")]
    assert trace_summary(spans) == (
        f"trace {'a' * 32}  2026-11-24 10:00:00 UTC  4 spans, 3 model calls, 4.5k tokens  ~$0.030000 (1 unpriced)"
    )


def test_long_trace_is_cut() -> None:
    """Past a limit of lines, one line says how many spans are left out."""
    lines = drawn(trace_table([span(number) for number in range(1, MAX_LINES + 11)]))
    assert lines[-1].startswith("... and 10 spans more")


def test_cycle() -> None:
    """Spans that are each other's ancestors are drawn once each."""
    spans = [span(1, 2), span(2, 1), span(3, 3)]
    assert sorted(branch.span.span_id for branch in branches(spans)) == [it.span_id for it in spans]


@given(st.lists(st.tuples(st.integers(1, 12), st.none() | st.integers(1, 15)), unique_by=lambda it: it[0]))
def test_every_span_is_drawn_once(edges: list[tuple[int, int | None]]) -> None:
    """Whatever the parents say, each span appears exactly once, and never above its parent unless they form a ring."""
    spans = [span(number, parent) for number, parent in edges]
    drawn_ids = [branch.span.span_id for branch in branches(spans)]
    assert sorted(drawn_ids) == sorted(it.span_id for it in spans)


def test_deep_trace() -> None:
    """A chain of 20,000 spans, as deep as it is long, is walked without recursion."""
    spans = [span(number, number - 1 or None) for number in range(1, 20_001)]
    assert sum(1 for _ in branches(spans)) == len(spans)
