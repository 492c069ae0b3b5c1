"""What is written is found again, once, with its exact figures."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from spanwise.record import Event, Link
from spanwise.store import Dimension, Store, default_path
from tests.store.calls import call, failed, unpriced


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in a folder that does not exist yet."""
    return Store(tmp_path / ".spanwise" / "spanwise.duckdb")


def test_missing_file_reads_as_empty(store: Store) -> None:
    """A store that was never written answers with nothing, and reading does not create it."""
    assert store.cost(Dimension.MODEL) == []
    assert store.traces() == []
    assert store.last_trace_id() is None
    assert store.counts().spans == 0
    assert not store.path.exists()


def test_file_is_private(store: Store) -> None:
    """The file has mode 0600, its folder 0700, and git ignores all of it."""
    store.write([call(1)])
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    assert (store.path.parent / ".gitignore").read_text() == "*\n"
    assert sorted(path.name for path in store.path.parent.iterdir()) == [".gitignore", "spanwise.duckdb"]


def test_existing_folder_is_left_as_it_is(tmp_path: Path) -> None:
    """A folder somebody else made keeps its mode and gets no `.gitignore`."""
    tmp_path.chmod(0o755)
    Store(tmp_path / "spans.duckdb").write([call(1)])
    assert [path.name for path in tmp_path.iterdir()] == ["spans.duckdb"]
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_path_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """`SPANWISE_STORE` names another file; empty counts as unset."""
    monkeypatch.setenv("SPANWISE_STORE", "/somewhere/else.duckdb")
    assert Store().path == Path("/somewhere/else.duckdb")
    monkeypatch.setenv("SPANWISE_STORE", "")
    assert Store().path == default_path() == Path(".spanwise/spanwise.duckdb")


def test_redelivery_counts_once(store: Store) -> None:
    """A span that is delivered again, in one batch or a later one, is stored once."""
    first, second = call(1), call(2)
    store.write([first, first])
    store.write([first, second])
    (row,) = store.cost(Dimension.MODEL)
    assert row.calls == 2
    assert row.cost_usd == Decimal("0.2")


def test_same_span_id_in_two_traces_is_two_spans(store: Store) -> None:
    """Only trace and span id together identify a span."""
    store.write([call(1, trace=1)])
    store.write([call(1, trace=2)])
    assert store.counts().spans == 2


def test_money_adds_up_exactly(store: Store) -> None:
    """A thousand tenths of a cent are one dollar, not nearly one."""
    store.write([call(number, gen_ai__usage__cost__amount=0.001) for number in range(1, 1001)])
    assert store.cost(Dimension.MODEL)[0].cost_usd == Decimal(1)


def test_unknown_is_not_zero(store: Store) -> None:
    """Calls without a price have no part in the sum and are counted; all of them together cost `None`."""
    store.write([unpriced(1)])
    assert store.cost(Dimension.MODEL)[0].cost_usd is None
    store.write([call(2), failed(3)])
    (row,) = store.cost(Dimension.MODEL)
    assert (row.cost_usd, row.unpriced, row.calls, row.errors) == (Decimal("0.1"), 2, 3, 1)


def test_duplicates_count_for_nothing(store: Store) -> None:
    """A span that repeats another has no part in calls, tokens, cost, errors or latency, but is in its trace."""
    store.write([call(1), call(2, spanwise__duplicate_of="01", error__type="X")])
    (row,) = store.cost(Dimension.MODEL)
    assert (row.calls, row.input_tokens, row.cost_usd, row.errors) == (1, 100, Decimal("0.1"), 0)
    assert store.errors() == []
    assert store.latency()[0].calls == 1
    assert len(store.trace(f"{1:032x}")) == 2


def test_other_currency_stays_out_of_the_sum(store: Store) -> None:
    """Euros are not added to dollars; the calls are counted apart."""
    store.write([call(1), call(2, gen_ai__usage__cost__currency="EUR")])
    (row,) = store.cost(Dimension.MODEL)
    assert (row.cost_usd, row.foreign, row.unpriced) == (Decimal("0.1"), 1, 0)


def test_agents_are_not_calls(store: Store) -> None:
    """A span that contains model calls does not count what they have counted."""
    store.write([call(1), call(2, gen_ai__operation__name="invoke_agent")])
    assert store.cost(Dimension.MODEL)[0].calls == 1


@pytest.mark.parametrize(
    ("by", "key"),
    [
        (Dimension.MODEL, "gpt-4.1"),
        (Dimension.PROVIDER, "openai"),
        (Dimension.USER, "u1"),
        (Dimension.SESSION, "thread"),
        (Dimension.PROMPT, "greet@3"),
        (Dimension.SERVICE, "shop"),
        (Dimension.TENANT, "acme"),
        (Dimension.DAY, f"{datetime.now(UTC) - timedelta(seconds=1):%Y-%m-%d}"),
    ],
)
def test_every_dimension(store: Store, by: Dimension, key: str) -> None:
    """Costs can be grouped by each dimension."""
    attributes = {
        "user.id": "u1",
        "gen_ai.conversation.id": "thread",
        "gen_ai.prompt.name": "greet",
        "gen_ai.prompt.version": "3",
        "spanwise.tenant": "acme",
    }
    record = call(1)
    record.attributes.update(attributes)
    store.write([record])
    assert [row.key for row in store.cost(by)] == [key]


def test_since_leaves_out_the_older(store: Store) -> None:
    """A time limit applies to the start of a span."""
    store.write([call(1, ago_s=7200), call(2, trace=2)])
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert store.cost(Dimension.MODEL, hour_ago)[0].calls == 1
    assert [row.trace_id for row in store.traces(since=hour_ago)] == [f"{2:032x}"]
    assert store.latency(hour_ago)[0].calls == 1


def test_percentiles(store: Store) -> None:
    """p50 and p95 are of the calls' durations, interpolated."""
    store.write([call(number, took_s=number) for number in range(1, 22)])
    (row,) = store.cost(Dimension.MODEL)
    assert row.p50_s == pytest.approx(11)
    assert row.p95_s == pytest.approx(20)


def test_trace_with_its_details(store: Store) -> None:
    """A trace comes back in the order of starts, with tokens, cost, error and redaction."""
    parent = call(1, ago_s=0, took_s=3, gen_ai__operation__name="invoke_agent")
    child = call(2, took_s=2, spanwise__redaction__count=3, spanwise__redaction__kinds=("card", "email"))
    child.parent_span_id = 1
    child.events = [Event("exception", 5, {"exception.type": "E"})]
    child.links = [Link(7, 8)]
    store.write([child, parent])
    first, second = store.trace(f"{1:032x}")
    assert (first.span_id, first.parent_span_id, first.model_call) == (f"{1:016x}", None, False)
    assert (second.parent_span_id, second.redaction_count, second.redaction_kinds) == (
        f"{1:016x}",
        3,
        ("card", "email"),
    )
    assert second.cost == Decimal("0.1")
    assert second.start.tzinfo is UTC
    assert second.duration_s == pytest.approx(2)


def test_traces_newest_first(store: Store) -> None:
    """The list is ordered by start, limited, and has the sums of each trace."""
    store.write([call(1, trace=1, ago_s=60), call(2, trace=2, ago_s=30), call(3, trace=3), failed(4, trace=3)])
    rows = store.traces(limit=2)
    assert [row.trace_id[-1] for row in rows] == ["3", "2"]
    assert (rows[0].spans, rows[0].calls, rows[0].errors, rows[0].cost_usd) == (2, 2, 1, Decimal("0.1"))
    assert store.last_trace_id() == f"{3:032x}"


def test_trace_ids_by_beginning(store: Store) -> None:
    """Ids are found by their first digits in either case."""
    store.write([call(1, trace=0xABC << 116), call(2, trace=0xABD << 116)])
    assert len(store.trace_ids("ab")) == 2
    assert store.trace_ids("ABC") == [f"{0xABC << 116:032x}"]
    assert store.trace_ids("%") == []


def test_errors_by_class(store: Store) -> None:
    """Failed calls are grouped by error class and model, with the last trace."""
    store.write([failed(1, trace=1), failed(2, trace=2), call(3)])
    (row,) = store.errors()
    assert (row.error_type, row.model, row.calls) == ("RateLimitError", "gpt-4.1", 2)
    assert row.last_trace_id in {f"{1:032x}", f"{2:032x}"}


def test_error_by_status_only(store: Store) -> None:
    """A call whose status is error but which names no class is an error all the same."""
    record = failed(1)
    del record.attributes["error.type"]
    store.write([record])
    assert store.errors()[0].error_type == "_OTHER"


def test_empty_batch_touches_nothing(store: Store) -> None:
    """No spans, no file."""
    store.write([])
    assert not store.path.exists()
