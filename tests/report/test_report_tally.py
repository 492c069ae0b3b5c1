"""The sums of one run."""

from __future__ import annotations

import threading
from decimal import Decimal

from spanwise.record import SpanRecord
from spanwise.report import RunTally
from tests.store.calls import call, failed, unpriced


def summary_of(*records: SpanRecord) -> str:
    """The summary line after `records`."""
    tally = RunTally()
    tally.add(records)
    return tally.summary().line()


def test_line() -> None:
    """Calls, models, tokens, cost, latency, errors, refusals and redactions in one line."""
    records = [
        call(1, took_s=2, spanwise__redaction__count=2),
        call(2, took_s=2, gen_ai__request__model="gpt-4.1-mini"),
        failed(3),
        call(4, took_s=2, spanwise__response__refused=True),
    ]
    assert summary_of(*records) == (
        "spanwise: 4 model calls, 2 models, 330 tokens, $0.300 (1 unpriced), p95 2.0 s, 1 error, 1 refused, "
        "2 values redacted"
    )


def test_nothing() -> None:
    """No spans, and spans without model calls, are two different findings."""
    assert summary_of() == "spanwise: no spans arrived (spanwise doctor says why)"
    assert summary_of(call(1, gen_ai__operation__name="execute_tool")) == "spanwise: 1 span, no model calls"


def test_unknown_cost_is_not_zero() -> None:
    """When no call has a price there is no sum; when some have, the line says how many lack one."""
    assert ", unpriced, " in summary_of(unpriced(1))
    assert ", $0.100 (1 unpriced), " in summary_of(call(1), unpriced(2))


def test_a_refused_call_is_not_without_a_price() -> None:
    """A call that a budget refused was never made: the line counts it as refused, and nothing is missing in the sum."""
    refused = [failed(number) for number in (1, 2)]
    for record in refused:
        record.attributes["spanwise.budget.action"] = "block"
    said = summary_of(call(3), *refused)
    assert ", $0.100, " in said
    assert said.endswith(", 2 errors, 2 refused by a budget")
    assert ", no cost, " in summary_of(*refused)


def test_estimates_and_other_currencies() -> None:
    """An estimate carries a tilde; other currencies are named, never added to dollars."""
    estimate = call(1, spanwise__cost__status="estimated")
    foreign = call(2, gen_ai__usage__cost__currency="EUR")
    assert ", ~$0.100 (1 in another currency), " in summary_of(estimate, foreign)


def test_a_span_sent_twice_counts_once() -> None:
    """A retried batch does not double the bill, nor does a duplicate of a call."""
    record = call(1)
    again = call(2, spanwise__duplicate_of="0000000000000001")
    tally = RunTally()
    for _ in range(2):
        tally.add([record, again])
    summary = tally.summary()
    assert (summary.spans, summary.calls, summary.cost_usd) == (2, 1, Decimal("0.100000000000"))


def test_threads() -> None:
    """Spans added by several threads at once are all counted."""
    tally = RunTally()

    def add(first: int) -> None:
        for number in range(first, first + 200):
            tally.add([call(number)])

    threads = [threading.Thread(target=add, args=(1 + 200 * index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.summary().calls == 800
