"""`spanwise reprice`: corrected prices reach stored calls, and the difference adds up."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.cli.reprice_command import price_step
from spanwise.record import AttributeValue, SpanRecord
from spanwise.reprice import Difference, RepricingOptions, difference_notes, reprice
from spanwise.reprice.pricing import Kept, priced_again
from spanwise.store import Dimension, Store, StoredCall, StoredPrice, cost_amount
from tests.cli.command import spanwise
from tests.cli.typed import typed
from tests.store.calls import call, unpriced, without


Document: TypeAlias = Any
"""JSON as the command prints it."""

OLD = "genai-prices 0.0.1"
RIGHT = 0.00028
"""100 tokens in at 2 USD and 10 out at 8 USD per million: gpt-4.1 by its list price."""


def ours(number: int, amount: float = 0.1, **attributes: AttributeValue) -> SpanRecord:
    """A call that an earlier book priced at `amount`, the buckets included; `__` stands for `.` in names."""
    record = call(number)
    record.attributes |= {
        "gen_ai.usage.cost.amount": amount,
        "gen_ai.usage.cost.source": "local",
        "spanwise.cost.book": OLD,
        "spanwise.cost.rule": "openai/gpt-4.1",
        "spanwise.cost.input": amount,
        "spanwise.cost.cache_write": 0.01,
        "spanwise.cost.micro_usd": int(amount * 1e6),
    }
    record.attributes |= {name.replace("__", "."): value for name, value in attributes.items()}
    return record


def sent(number: int, amount: float = 0.5) -> SpanRecord:
    """A call whose price the provider sent."""
    return call(
        number,
        gen_ai__usage__cost__amount=amount,
        gen_ai__usage__cost__source="provider",
        spanwise__cost__status="provider",
        spanwise__cost__micro_usd=int(amount * 1e6),
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose store holds a wrong price, a provider's, one unpriced, a duplicate and an agent."""
    unknown = unpriced(3)
    agent = ours(5, gen_ai__operation__name="invoke_agent")
    duplicate = ours(6, spanwise__duplicate_of=f"{1:016x}")
    mystery = ours(4, gen_ai__request__model="no-such-model", gen_ai__response__model="no-such-model")
    Store(tmp_path / ".spanwise" / "spanwise.duckdb").write([ours(1), sent(2), unknown, mystery, agent, duplicate])
    return tmp_path


def store_of(project: Path) -> Store:
    """The store of `project`."""
    return Store(project / ".spanwise" / "spanwise.duckdb")


def repriced(project: Path, *arguments: str) -> Document:
    """What `spanwise reprice --json` says."""
    ran = spanwise(project, "reprice", "--since", "1d", "--json", *arguments)
    assert (ran.returncode, ran.stderr) == (0, "")
    return json.loads(ran.stdout)


def attributes(project: Path, number: int) -> dict[str, Any]:
    """The attributes of a stored span."""
    found: dict[str, Any] = store_of(project).documents(f"{1:032x}")[f"{number:016x}"].attributes
    return found


def test_a_corrected_price_reaches_columns_and_attributes(project: Path) -> None:
    """The wrong amount is gone with its buckets and its book; nothing of an earlier pricing is left over."""
    repriced(project)
    found = attributes(project, 1)
    assert found["gen_ai.usage.cost.amount"] == RIGHT
    assert found["spanwise.cost.status"] == "exact"
    assert found["spanwise.cost.book"] != OLD
    assert found["spanwise.cost.micro_usd"] == 280
    assert found["spanwise.cost.input"] == 0.0002
    assert "spanwise.cost.cache_write" not in found
    assert store_of(project).trace(f"{1:032x}")[0].cost == Decimal("0.00028")


def test_the_difference_adds_up(project: Path) -> None:
    """Calls, sums, newly priced and unpriced are told by model; totals are the sums of the rows and of the store."""
    document = repriced(project)
    by_model = {row["model"]: row for row in document["models"]}
    known, unknown = by_model["gpt-4.1"], by_model["no-such-model"]
    assert (known["calls"], known["changed"], known["newly_priced"]) == (3, 2, 1)
    assert (known["old"], known["new"]) == (0.6, pytest.approx(0.50056, abs=1e-12))
    assert (unknown["old"], unknown["new"], unknown["became_unpriced"]) == (0.1, 0.0, 1)
    (total,) = document["totals"]
    assert total["calls"] == document["calls"] == 4
    assert total["old"] == 0.7
    assert total["difference"] == pytest.approx(total["new"] - total["old"], abs=1e-12)
    stored = sum((row.cost_usd or Decimal(0) for row in store_of(project).cost(Dimension.MODEL)), Decimal(0))
    assert float(stored) == total["new"]
    assert {(change["before"], change["after"]): change["calls"] for change in document["statuses"]} == {
        ("exact", "unpriced"): 1,
        ("unpriced", "exact"): 1,
    }


def test_a_second_run_changes_nothing(project: Path) -> None:
    """Repricing is idempotent: the same prices find every call as it should be."""
    assert repriced(project)["written"] == 3
    before = [attributes(project, number) for number in range(1, 7)]
    again = repriced(project)
    assert (again["written"], again["totals"][0]["difference"], again["statuses"]) == (0, 0.0, [])
    assert [attributes(project, number) for number in range(1, 7)] == before
    assert len({row.run for row in store_of(project).repricings()}) == 1


def test_a_dry_run_writes_nothing(project: Path) -> None:
    """`--dry-run` tells the same difference and leaves the store as it was."""
    before = [attributes(project, number) for number in range(1, 7)]
    dry = repriced(project, "--dry-run")
    assert [attributes(project, number) for number in range(1, 7)] == before
    assert store_of(project).repricings() == []
    real = repriced(project)
    assert (dry["run"], dry["models"], dry["written"]) == (None, real["models"], real["written"])


def test_what_a_provider_sent_stays_unless_asked(project: Path) -> None:
    """A provider's amount survives a repricing, and `--provider` replaces it."""
    repriced(project)
    assert attributes(project, 2)["gen_ai.usage.cost.amount"] == 0.5
    repriced(project, "--provider")
    found = attributes(project, 2)
    assert (found["gen_ai.usage.cost.amount"], found["gen_ai.usage.cost.source"]) == (RIGHT, "local")
    assert found["spanwise.cost.status"] == "exact"


def test_agents_and_duplicates_are_left_alone(project: Path) -> None:
    """Only calls that count are priced: the others keep every attribute."""
    before = [attributes(project, number) for number in (5, 6)]
    repriced(project, "--provider")
    assert [attributes(project, number) for number in (5, 6)] == before


def test_only_the_time_asked_for(project: Path) -> None:
    """Calls outside `--since` and `--until` are neither changed nor counted."""
    ran = spanwise(project, "reprice", "--since", "7d", "--until", "1d")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "no model calls in that time" in ran.stderr
    assert attributes(project, 1)["gen_ai.usage.cost.amount"] == 0.1


def test_a_person_reads_a_table_and_sentences(project: Path) -> None:
    """The table has old, new and difference; sentences name changes of status; the history has the run."""
    ran = typed(project, "reprice", "--since", "1d")
    assert ran.returncode == 0
    for expected in ("gpt-4.1", "no-such-model", "$0.600000", "-$0.199440", "total"):
        assert expected in ran.stdout
    assert "4 calls looked at, 3 changed" in ran.stderr
    assert "1 call: exact -> unpriced" in ran.stderr
    assert "next: spanwise report repricings" in ran.stderr
    history = typed(project, "report", "repricings")
    assert OLD in history.stdout
    rows = json.loads(typed(project, "report", "repricings", "--json").stdout)
    assert sum(row["calls"] for row in rows) == 3
    dry = typed(project, "reprice", "--since", "1d", "--dry-run")
    assert "nothing was written (dry run)" in dry.stderr


def test_a_policy_with_mistakes_changes_nothing(project: Path) -> None:
    """Own prices may stand in the policy: where it cannot be read, no call is priced without it."""
    (project / "spanwise.yaml").write_text("cost:\n  no_such_key: 1\n")
    ran = typed(project, "reprice", "--since", "1d")
    assert ran.returncode == 2
    assert "spanwise.yaml:2" in ran.stderr
    assert attributes(project, 1)["gen_ai.usage.cost.amount"] == 0.1


def test_since_is_asked_for(project: Path) -> None:
    """Without `--since` nothing is priced: it says what to type."""
    ran = typed(project, "reprice")
    assert ran.returncode == 2
    assert "--since" in ran.stderr


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    """No store is made by looking for calls to price."""
    ran = typed(tmp_path, "reprice", "--since", "1d")
    assert ran.returncode == 0
    assert not (tmp_path / ".spanwise").exists()
    assert "nothing was ever priced again" in typed(tmp_path, "report", "repricings").stderr


def stored(record: SpanRecord) -> StoredCall:
    """`record` as the store would hand it back."""
    amount = cost_amount(record)
    currency = None if amount is None else record.text("gen_ai.usage.cost.currency") or "USD"
    price = StoredPrice(amount, currency, record.text("spanwise.cost.status"), record.text("spanwise.cost.book"))
    return StoredCall(record, price)


def test_a_price_of_another_component_is_compared_again() -> None:
    """An amount that we did not compute is kept where the book has none, and compared where it now has one."""
    record = call(1, spanwise__cost__status="estimated", spanwise__cost__reason="priced by another component")
    change = priced_again(stored(record), price_step({}))
    assert not isinstance(change, Kept)
    assert change.record.attributes["gen_ai.usage.cost.amount"] == RIGHT
    assert change.record.attributes["spanwise.cost.reason"] == "another component has another price"
    record.attributes |= {"gen_ai.request.model": "no-such-model", "spanwise.cost.micro_usd": 100_000}
    assert priced_again(stored(record), price_step({})) is Kept.SAME


def test_a_discount_on_what_a_provider_sent_is_undone_first() -> None:
    """A discounted amount goes back to what was sent before it is priced again; `provider` forgets both."""
    record = sent(1, 0.4)
    record.attributes |= {"gen_ai.usage.cost.source": "local", "spanwise.cost.status": "exact"}
    record.attributes |= {"spanwise.usage.sent_cost": 0.5, "spanwise.cost.rule": "sent+mine*0.8"}
    change = priced_again(stored(record), price_step({}))
    assert not isinstance(change, Kept)
    found = change.record.attributes
    assert (found["gen_ai.usage.cost.amount"], found["gen_ai.usage.cost.source"]) == (0.5, "provider")
    assert "spanwise.usage.sent_cost" not in found
    assert change.removed["spanwise.usage.sent_cost"] == 0.5
    change = priced_again(stored(record), price_step({}), provider=True)
    assert not isinstance(change, Kept)
    assert change.record.attributes["gen_ai.usage.cost.amount"] == RIGHT
    assert "spanwise.usage.sent_cost" not in change.record.attributes


def test_what_a_provider_calls_an_estimate_stays_one() -> None:
    """The word of a provider about its own amount is no pricing of ours that could be taken back."""
    record = sent(1)
    record.attributes |= {"spanwise.cost.status": "estimated", "spanwise.cost.reason": "its own words"}
    assert priced_again(stored(record), price_step({})) is Kept.SENT


def test_a_doubt_outlives_a_new_price() -> None:
    """Another component's price was overwritten long ago: a new price does not become exact by forgetting that."""
    record = ours(1, spanwise__cost__reason="another component has another price")
    record.attributes["spanwise.cost.status"] = "estimated"
    change = priced_again(stored(record), price_step({}))
    assert not isinstance(change, Kept)
    assert change.record.attributes["spanwise.cost.status"] == "estimated"
    assert priced_again(stored(change.record), price_step({})) is Kept.SAME


def test_a_failing_price_changes_nothing(tmp_path: Path) -> None:
    """A call on which the step fails keeps what it had, and is counted."""

    def fail(_: SpanRecord) -> SpanRecord:
        raise ZeroDivisionError

    store = Store(tmp_path / "spans.duckdb")
    store.write([ours(1)])
    done = reprice(store, fail, RepricingOptions())
    assert (done.calls, done.written, done.failed) == (1, 0, 1)
    assert "1 call could not be priced" in " ".join(difference_notes(done))


AMOUNTS = st.one_of(st.none(), st.integers(0, 10**12).map(lambda units: units / 1e9))


@given(
    st.lists(
        st.tuples(AMOUNTS, AMOUNTS, st.sampled_from(["a", "b", None]), st.sampled_from(["USD", "EUR"])), max_size=30
    )
)
def test_totals_are_exact(calls: list[tuple[float | None, float | None, str | None, str]]) -> None:
    """Whatever is added: per currency, old and new are the exact sums of the amounts, and rows add up to totals."""
    difference = Difference()
    old_sums: dict[str, Decimal] = {}
    new_sums: dict[str, Decimal] = {}
    for number, (old, new, model, currency) in enumerate(calls, 1):
        before = StoredPrice(None if old is None else Decimal(repr(old)).quantize(Decimal("1e-12")), "USD", "x", None)
        record = call(number, gen_ai__usage__cost__amount=new, gen_ai__usage__cost__currency=currency)
        record.attributes["gen_ai.request.model"] = model
        if new is None:
            without(record, "gen_ai.usage.cost.amount", "gen_ai.usage.cost.currency")
        difference.add(before, record)
        if before.amount is not None:
            old_sums["USD"] = old_sums.get("USD", Decimal(0)) + before.amount
        amount = cost_amount(record)
        if amount is not None:
            new_sums[currency] = new_sums.get(currency, Decimal(0)) + amount
    totals = {total.currency: total for total in difference.totals()}
    assert {code: total.old for code, total in totals.items() if total.old} == {c: s for c, s in old_sums.items() if s}
    assert {code: total.new for code, total in totals.items() if total.new} == {c: s for c, s in new_sums.items() if s}
    assert sum(total.calls for total in totals.values()) == len(calls)


def test_an_older_book_can_be_told_from_the_store(tmp_path: Path) -> None:
    """After two runs an audit finds both: which book, what sum, when."""
    store = Store(tmp_path / "spans.duckdb")
    store.write([ours(1)])
    now = datetime(2026, 11, 25, tzinfo=UTC)
    first = reprice(store, price_step({}), RepricingOptions(), now=now)

    def free(record: SpanRecord) -> SpanRecord:
        record.attributes |= {"gen_ai.usage.cost.amount": 0.0, "gen_ai.usage.cost.currency": "USD"}
        record.attributes |= {"spanwise.cost.status": "exact", "spanwise.cost.book": "mine"}
        return record

    second = reprice(store, free, RepricingOptions(), now=now + timedelta(hours=1))
    later, earlier = store.repricings()
    assert (earlier.run, earlier.old_book, earlier.old, earlier.new) == (
        first.run,
        OLD,
        Decimal("0.1"),
        Decimal("0.00028"),
    )
    assert (later.run, later.new_book, later.old, later.new) == (second.run, "mine", Decimal("0.00028"), Decimal(0))


def test_without_limits_everything_is_priced(tmp_path: Path) -> None:
    """The defaults look at every call and keep what providers sent."""
    store = Store(tmp_path / "spans.duckdb")
    store.write([ours(1), sent(2)])
    done = reprice(store, price_step({}), RepricingOptions())
    assert (done.calls, done.written, done.sent, done.missed) == (2, 1, 1, 0)
