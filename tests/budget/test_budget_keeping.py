"""Sums outlive a process and go from one to another: the file, the collector, the document between them."""

from __future__ import annotations

import http.client
import logging
import os
import secrets
import sqlite3
import stat
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.budget import Budget, BudgetStep
from spanwise.budget.account import Entry
from spanwise.budget.document import SumsError, read, written
from spanwise.budget.sums import Sums
from spanwise.budget.sums_file import SumsFile, sums_path
from spanwise.collector import Collector
from spanwise.pipeline.keeper import Keeper
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import environment, values


BUDGET = Budget("b", Decimal(1), "month", by=("user",), action="block")
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=15)
ENTRIES = st.builds(
    Entry,
    st.sampled_from(["b", "c"]),
    st.tuples(st.text(max_size=20)),
    st.integers(0, 4_000_000_000),
    st.builds(Sums, AMOUNTS, AMOUNTS, *[st.integers(0, 10**12)] * 3),
)


def step() -> BudgetStep:
    """The budgets of one process."""
    return BudgetStep([BUDGET])


def spend(of: BudgetStep, usd: str, user: str = "u-1") -> None:
    """A call of `user` ends now."""
    of.ledger.add({attr.USER_ID: user}.get, Sums(usd=Decimal(usd), calls=1), time.time())


def call() -> SpanRecord:
    """A call that has ended now and cost a quarter."""
    return SpanRecord(
        name="chat",
        trace_id=secrets.randbits(128),
        span_id=secrets.randbits(64),
        end_unix_nano=time.time_ns(),
        attributes={
            attr.GEN_AI_OPERATION_NAME: values.GEN_AI_OPERATION_NAME_CHAT,
            attr.GEN_AI_USAGE_COST_AMOUNT: 0.25,
            attr.GEN_AI_USAGE_COST_CURRENCY: "USD",
            attr.USER_ID: "u-1",
        },
    )


def spent(of: BudgetStep) -> dict[str, Decimal]:
    """What each user has spent."""
    return {line.key["user"]: line.sums.usd for line in of.ledger.lines()}


def kept(of: BudgetStep, file: SumsFile | None, collector: str = "") -> Keeper:
    """A keeper whose rounds a test makes."""
    keeper = Keeper(of, file, collector, interval_s=3600)
    keeper.start()
    keeper._interval_s = 0
    return keeper


def eventually(is_so: Callable[[], bool]) -> bool:
    """Whether something of another thread comes true within seconds."""
    deadline_s = time.monotonic() + 10
    while not is_so() and time.monotonic() < deadline_s:
        os.sched_yield()
    return is_so()


def test_a_restart_keeps_the_sum(tmp_path: Path) -> None:
    """The next process refuses from its first call on what the one before has used up."""
    file = SumsFile(tmp_path / "new" / "budgets.sqlite")
    first = step()
    keeper = kept(first, file)
    spend(first, "0.6")
    keeper.settle()
    spend(first, "0.400000000000001")
    keeper.close()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    second = step()
    kept(second, file).close()
    assert spent(second) == {"u-1": Decimal("1.000000000000001")}
    assert second.ledger.refusal({attr.USER_ID: "u-1"}.get) is not None


def test_processes_of_one_machine_share_the_file(tmp_path: Path) -> None:
    """What one has spent the other knows after a round; nothing is counted twice."""
    file = SumsFile(tmp_path / "budgets.sqlite")
    one, other = step(), step()
    keepers = kept(one, file), kept(other, file)
    for _ in range(3):
        spend(one, "0.1")
        spend(other, "0.2")
        for keeper in keepers * 2:
            keeper.settle()
    assert spent(one) == spent(other) == {"u-1": Decimal("0.9")}
    spend(one, "0.2")
    for keeper in keepers:
        keeper.close()
    assert other.ledger.refusal({attr.USER_ID: "u-1"}.get) is not None


def test_a_collector_that_shares_the_file_counts_no_call_again(tmp_path: Path) -> None:
    """A program beside `spanwise serve` writes what it spends itself; calls of programs elsewhere are counted."""
    path = tmp_path / "budgets.sqlite"
    program, collector = step(), BudgetStep([BUDGET], received=True)
    keepers = kept(program, SumsFile(path)), kept(collector, SumsFile(path))
    before = program(call())
    for keeper in keepers * 2:
        keeper.settle()
    calls = before, program(call())
    for span in calls:
        collector(span)
    for keeper in keepers * 2:
        keeper.settle()
    assert spent(collector) == spent(program) == {"u-1": Decimal("0.5")}
    elsewhere = step()
    kept(elsewhere, SumsFile(tmp_path / "elsewhere.sqlite"))
    collector(elsewhere(call()))
    collector(step()(call()))
    assert spent(collector) == {"u-1": Decimal(1)}
    for keeper in keepers:
        keeper.close()


def test_a_call_names_no_file_that_somebody_else_writes(tmp_path: Path) -> None:
    """Where a collector adds up, or nobody keeps sums, a span is counted by whoever receives it."""
    asking = step()
    kept(asking, SumsFile(tmp_path / "budgets.sqlite"), "http://127.0.0.1:1").close()
    collector = BudgetStep([BUDGET], received=True)
    kept(collector, SumsFile(tmp_path / "budgets.sqlite")).close()
    for each in (asking, step(), collector):
        assert attr.SPANWISE_BUDGET_FILE not in each(call()).attributes


def test_a_collector_names_the_file_before_the_first_call(tmp_path: Path) -> None:
    """A program that starts after it has nothing to learn later."""
    path = tmp_path / "budgets.sqlite"
    collector, program = BudgetStep([BUDGET], received=True), step()
    keepers = kept(collector, SumsFile(path)), kept(program, SumsFile(path))
    collector(program(call()))
    assert spent(collector) == {}
    for keeper in keepers:
        keeper.close()


def test_a_file_keeps_its_name(tmp_path: Path) -> None:
    """All who use it call it by the name it has, and one of an earlier version gets one."""
    path = tmp_path / "budgets.sqlite"
    first, second = SumsFile(path), SumsFile(path)
    assert first.id != second.id
    first.exchange([], {}, time.time())
    second.read({})
    assert second.id == first.id
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE ids")
    third = SumsFile(path)
    third.read({})
    third.exchange([], {}, time.time())
    second.read({})
    assert second.id == third.id != first.id


def test_a_file_that_two_began_to_use_at_once_has_both_ids(tmp_path: Path) -> None:
    """What the later one said of its calls before it had written is known as well."""
    first, second = SumsFile(tmp_path / "budgets.sqlite"), SumsFile(tmp_path / "budgets.sqlite")
    said = second.id
    first.exchange([], {}, time.time())
    second.exchange([], {}, time.time())
    first.read({})
    assert second.id == first.id != said
    assert first.is_called(said) and first.is_called(first.id)
    assert not any(map(first.is_called, (SumsFile(tmp_path / "other.sqlite").id, None, [said])))


@pytest.mark.parametrize("broken", [b"this is no database" * 100, b""])
def test_a_file_that_cannot_be_used(tmp_path: Path, broken: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """The process goes on with sums in memory; a broken file stays as it is, an empty one is used."""
    file = SumsFile(tmp_path / "budgets.sqlite")
    file.path.write_bytes(broken)
    made = step()
    keeper = kept(made, file)
    spend(made, "0.5")
    keeper.settle()
    spend(made, "0.25")
    keeper.settle()
    keeper.close()
    assert spent(made) == {"u-1": Decimal("0.75")}
    if broken:
        assert file.path.read_bytes() == broken
        assert len([line for line in caplog.messages if "memory of this process" in line]) == 2
    else:
        assert [entry.sums.usd for entry in file.read({"b": 0})] == [Decimal("0.75")]


def test_a_file_that_somebody_writes_is_waited_for_by_nobody(tmp_path: Path) -> None:
    """While another holds the file sums wait in memory, and are written later, once."""
    file = SumsFile(tmp_path / "budgets.sqlite")
    made = step()
    keeper = kept(made, file)
    spend(made, "0.1")
    keeper.settle()
    connection = sqlite3.connect(file.path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    spend(made, "0.2")
    keeper.settle()
    assert spent(made) == {"u-1": Decimal("0.3")}
    connection.execute("ROLLBACK")
    connection.close()
    keeper.close()
    assert [entry.sums.usd for entry in file.read({"b": 0})] == [Decimal("0.3")]


def test_rows_of_somebody_else_are_left_out(tmp_path: Path) -> None:
    """A row that is none of sums does not keep the others from being read."""
    file = SumsFile(tmp_path / "budgets.sqlite")
    file.exchange([Entry("b", ("u-1",), 86_400, Sums(usd=Decimal(1)))], {}, 0)
    connection = sqlite3.connect(file.path)
    for key, usd in (("[1", "1"), ('"a"', "1"), ('["u-2"]', "much"), ('["u-3"]', "NaN"), ("[" * 100_000, "1")):
        connection.execute("INSERT INTO sums VALUES ('b', ?, 86400, ?, '0', 0, 0, 0)", (key, usd))
    connection.commit()
    connection.close()
    assert [entry.key for entry in file.read({"b": 0})] == [("u-1",)]


def test_sums_of_long_ago_are_forgotten(tmp_path: Path) -> None:
    """The file keeps what a forecast looks back on, and no more."""
    file = SumsFile(tmp_path / "budgets.sqlite")
    now_s = 200 * 86_400
    entries = [Entry("b", ("u",), day * 86_400, Sums(calls=1)) for day in (100, 150, 199)]
    file.exchange(entries, {}, now_s)
    assert sorted(entry.bucket for entry in file.read({"b": 0})) == [150 * 86_400, 199 * 86_400]


@given(st.lists(ENTRIES, max_size=20))
def test_a_document_says_what_it_was_made_of(entries: list[Entry]) -> None:
    """Nothing is rounded, and no key is changed, on the way from a collector to a process."""
    assert read(written(entries, 1.0)) == entries


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"sums": 1}', b'{"sums": [1]}', b'{"sums": [{"budget": "b"}]}',
     b'{"sums":[{"budget":"b","key":["u"],"bucket":1,"usd":"x","estimated_usd":"0","calls":1,"unpriced":0,"tokens":0}]}',
     b'{"sums":[{"budget":"b","key":["u"],"bucket":1,"usd":"NaN","estimated_usd":"0","calls":1,"unpriced":0,"tokens":0}]}'],
)  # fmt: skip
def test_a_document_that_is_none(content: bytes) -> None:
    """What somebody else answers is refused as a whole; sums stay as they are."""
    with pytest.raises(SumsError):
        read(content)


def test_the_collector_tells_processes(tmp_path: Path) -> None:
    """A process hears what others have spent, without a file of its own being written."""
    adds = step()
    spend(adds, "2")
    file = SumsFile(tmp_path / "budgets.sqlite")
    with Collector(lambda _: None, budgets=lambda: written(adds.ledger.entries(), 0.0)) as collector:
        asks = step()
        spend(asks, "0.5")
        keeper = kept(asks, file, collector.http_url)
        keeper.settle()
        assert spent(asks) == {"u-1": Decimal(2)}
        assert asks.ledger.refusal({attr.USER_ID: "u-1"}.get) is not None
        address = urlsplit(collector.http_url)
        assert address.port is not None
        for headers, status in (({}, 200), ({"Host": "evil.example"}, 404)):
            connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=5)
            connection.request("GET", "/v1/budgets", headers=headers)
            assert connection.getresponse().status == status
            connection.close()
    keeper.settle()
    keeper.close()
    assert spent(asks) == {"u-1": Decimal(2)}, "a collector that is gone takes nothing away"
    assert not file.path.exists()


def test_a_collector_without_budgets_has_no_such_page() -> None:
    """Where no policy has budgets nothing is served."""
    with Collector(lambda _: None) as collector:
        connection = http.client.HTTPConnection(urlsplit(collector.http_url).netloc, timeout=5)
        connection.request("GET", "/v1/budgets")
        assert connection.getresponse().status == 404
        connection.close()


def test_a_keeper_keeps_by_itself(tmp_path: Path) -> None:
    """Its thread writes what is spent, without anybody asking."""
    file = SumsFile(tmp_path / "budgets.sqlite")
    made = step()
    keeper = Keeper(made, file, interval_s=0.01)
    keeper.start()
    spend(made, "0.5")
    assert eventually(lambda: bool(file.read({"b": 0})))
    keeper.close()


def test_a_child_process_counts_for_itself(tmp_path: Path) -> None:
    """After a fork what the parent has spent is written by the parent alone."""
    file = SumsFile(tmp_path / "budgets.sqlite")
    made = step()
    keeper = kept(made, file)
    spend(made, "0.5")
    made.ledger._after_fork()
    assert made.ledger.take() == []
    keeper.close()


def test_where_the_sums_are(caplog: pytest.LogCaptureFixture) -> None:
    """Beside the store, where a variable says, or nowhere."""
    caplog.set_level(logging.WARNING)
    said: Any = {
        "": Path(".spanwise/budgets.sqlite"),
        "/a/b.sqlite": Path("/a/b.sqlite"),
        "off": None,
    }
    assert {name: sums_path({environment.SPANWISE_BUDGETS: name}) for name in said} == said
    assert sums_path({environment.SPANWISE_STORE: "/s/x.duckdb"}) == Path("/s/budgets.sqlite")
