"""Stored calls come back as records, and their prices change in whole batches, remembered."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from spanwise.record import Event, SpanRecord
from spanwise.reprice import RepricingOptions, reprice
from spanwise.store import Dimension, NewPrice, Store, StoreConfig, StoredCall, StoreError, repricing, schema
from tests.store.calls import call, unpriced
from tests.store.test_store_sharing import WRITER, environment


AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store that does not exist yet."""
    return Store(tmp_path / "spans.duckdb")


def read(store: Store) -> list[StoredCall]:
    """All calls of the store."""
    return [found for batch in store.calls() for found in batch]


def dearer(found: StoredCall, amount: float = 0.25) -> NewPrice:
    """`found` at another price, of another book."""
    attributes = {
        **found.record.attributes,
        "gen_ai.usage.cost.amount": amount,
        "gen_ai.usage.cost.currency": "USD",
        "spanwise.cost.status": "estimated",
        "spanwise.cost.reason": "why not",
        "spanwise.cost.book": "book 2",
    }
    removed = {"gen_ai.usage.cost.amount": found.record.attributes.get("gen_ai.usage.cost.amount")}
    return NewPrice(replace(found.record, attributes=attributes), found.price, removed)


def test_a_call_comes_back_as_it_was(store: Store) -> None:
    """Ids, times, kind, status, attributes, resource and scope are those of the span; events and links are left out."""
    record = call(7, trace=0xABC << 100, took_s=2.5, list__of=["a", "b"], nested={"x": [1, {"y": 2.5}]}, flag=True)
    record.parent_span_id = 5
    record.events = [Event("exception", 5)]
    record.trace_state = "a=b"
    record.flags = 1
    store.write([record])
    (found,) = read(store)
    assert found.record == replace(record, events=[])
    assert (found.price.amount, found.price.currency, found.price.status) == (Decimal("0.1"), "USD", "exact")


def test_only_model_calls_of_the_time_are_read_in_order(store: Store) -> None:
    """Agents and duplicates are no model calls; `since` is part of the range, `until` is not."""
    hours = {1: 3, 2: 2, 3: 1}
    calls = {number: call(number, ago_s=ago * 3600, took_s=0) for number, ago in hours.items()}
    store.write(
        [
            *calls.values(),
            call(4, gen_ai__operation__name="invoke_agent"),
            call(5, spanwise__duplicate_of="0000000000000001"),
        ]
    )
    assert [found.record.span_id for found in read(store)] == [1, 2, 3]
    second, third = (
        datetime.fromtimestamp(0, UTC) + timedelta(microseconds=calls[number].start_unix_nano // 1000)
        for number in (2, 3)
    )
    ((found,),) = store.calls(second, third)
    assert found.record.span_id == 2
    assert list(store.calls(third + timedelta(seconds=1))) == []


def test_batches_cover_every_call_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls that start at the same moment are neither skipped nor read twice where a batch ends between them."""
    records = [call(number, trace=number % 3 + 1) for number in range(1, 24)]
    for record in records:
        record.start_unix_nano = records[0].start_unix_nano
    store.write(records)
    monkeypatch.setattr(repricing, "READ", repricing.READ.replace(f"LIMIT {repricing.BATCH_CALLS}", "LIMIT 5"))
    sizes = [len(batch) for batch in store.calls()]
    assert sizes == [5, 5, 5, 5, 3]
    assert sorted(found.record.span_id for found in read(store)) == list(range(1, 24))


def test_large_documents_make_small_batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch ends once its documents are large, so that content of calls does not fill the memory."""
    store.write([call(number, body="x" * 3000) for number in range(1, 300)])
    monkeypatch.setattr(repricing, "BATCH_BYTES", 100_000)
    sizes = [len(batch) for batch in store.calls()]
    assert max(sizes) < 200
    assert sum(sizes) == 299


def test_a_new_price_is_in_columns_and_document(store: Store) -> None:
    """Reports, traces and documents all say the new price, and nothing else of the call changed."""
    store.write([call(1, ago_s=60), unpriced(2)])
    first, second = read(store)
    assert store.reprice([dearer(first), dearer(second, 1.5)], "run", AT) == {(1, 1), (1, 2)}
    assert store.cost(Dimension.MODEL)[0].cost_usd == Decimal("1.75")
    spans = store.trace(f"{1:032x}")
    assert [(span.cost, span.cost_status, span.cost_reason) for span in spans] == [
        (Decimal("0.25"), "estimated", "why not"),
        (Decimal("1.5"), "estimated", "why not"),
    ]
    documents = store.documents(f"{1:032x}")
    assert documents[f"{1:016x}"].attributes["gen_ai.usage.cost.amount"] == 0.25
    again, _ = read(store)
    assert again.record == dearer(first).record


def test_what_it_cost_before_is_remembered(store: Store) -> None:
    """The table of repricings adds up by run and books, and keeps the attributes that were taken away."""
    store.write([call(1, ago_s=60, spanwise__cost__book="book 1"), call(2, spanwise__cost__book="book 1")])
    store.reprice([dearer(found) for found in read(store)], "run-1", AT)
    store.reprice([dearer(found, 0.75) for found in read(store)], "run-2", AT + timedelta(hours=1))
    second, first = store.repricings()
    assert (first.run, first.at, first.old_book, first.new_book, first.calls) == ("run-1", AT, "book 1", "book 2", 2)
    assert (first.old, first.new, first.old_currency, first.new_currency) == (
        Decimal("0.2"),
        Decimal("0.5"),
        "USD",
        "USD",
    )
    assert (second.run, second.old_book, second.old, second.new) == (
        "run-2",
        "book 2",
        Decimal("0.5"),
        Decimal("1.5"),
    )
    with duckdb.connect(str(store.path)) as connection:
        found = connection.execute("SELECT removed FROM repricings WHERE run = 'run-1'").fetchall()
    assert found == [('{"gen_ai.usage.cost.amount":0.1}',)] * 2


def test_a_price_that_somebody_else_changed_stays(store: Store) -> None:
    """A call that was priced again since it was read, or is gone, is left alone and not counted."""
    store.write([call(1, ago_s=60), call(2)])
    seen = read(store)
    store.reprice([dearer(seen[0], 9.0)], "other", AT)
    gone = replace(seen[1], record=replace(seen[1].record, span_id=3))
    assert store.reprice([dearer(seen[0]), dearer(seen[1]), dearer(gone)], "mine", AT) == {(1, 2)}
    assert [found.price.amount for found in read(store)] == [Decimal(9), Decimal("0.25")]
    assert {row.run: row.calls for row in store.repricings()} == {"other": 1, "mine": 1}


def test_a_failing_write_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Price and memory are one transaction: when one cannot be written, neither is."""
    store.write([call(1)])
    (found,) = read(store)
    monkeypatch.setattr(repricing, "_CHANGE", repricing._CHANGE.replace("SET cost = batch.cost", "SET cost = 1e9"))
    with pytest.raises(StoreError):
        store.reprice([dearer(found)], "run", AT)
    assert read(store)[0].price.amount == Decimal("0.1")
    assert store.repricings() == []


def test_nothing_to_change_touches_nothing(store: Store) -> None:
    """No file is made for an empty change, and a missing file has no calls and no history."""
    assert store.reprice([], "run", AT) == set()
    assert read(store) == []
    assert store.repricings() == []
    assert not store.path.exists()
    store.write([call(1)])
    assert store.repricings() == []


def test_memory_goes_with_its_span(tmp_path: Path) -> None:
    """Retention deletes what is remembered of a span together with the span."""
    store = Store(tmp_path / "spans.duckdb", StoreConfig(keep_days=1, prune_interval_s=0))
    store.write([call(1, ago_s=80_000), call(2)])
    store.reprice([dearer(found) for found in read(store)], "run", AT)
    assert store.repricings()[0].calls == 2
    with duckdb.connect(str(store.path)) as connection:
        for table in (schema.TABLE, schema.REPRICINGS):
            connection.execute(f"UPDATE {table} SET start = start - INTERVAL 2 DAY WHERE span_id = ?", [f"{1:016x}"])
    store.write([call(3)])
    assert store.repricings()[0].calls == 1


def test_beside_a_running_writer(tmp_path: Path) -> None:
    """Repricing again and again while another process writes loses no span and leaves every call priced once."""
    path = tmp_path / "shared.duckdb"
    arguments = [sys.executable, "-c", WRITER, str(path), "0", "10", "40"]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment())
    store = Store(path)

    def price(record: SpanRecord) -> SpanRecord:
        record.attributes.update(
            {
                "gen_ai.usage.cost.amount": 0.5,
                "gen_ai.usage.cost.currency": "USD",
                "spanwise.cost.status": "exact",
                "spanwise.cost.book": "new",
            }
        )
        return record

    written = 0
    while process.poll() is None:
        written += reprice(store, price, RepricingOptions()).written
        time.sleep(0.01)
    assert process.wait() == 0
    process.communicate()
    written += reprice(store, price, RepricingOptions()).written
    (row,) = store.cost(Dimension.MODEL)
    assert (row.calls, row.cost_usd, written) == (400, Decimal(200), 400)
    assert sum(found.calls for found in store.repricings()) == 400
