"""The gap between an invoice and the store is explained in parts that add up to it exactly."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.reconcile import (
    Category,
    Comparison,
    GroupBy,
    Invoice,
    InvoiceLine,
    Kind,
    Period,
    Reason,
    compare,
    notes,
    sentences,
    verdict,
)
from spanwise.reconcile.comparison import OUR_SERVICES
from spanwise.reconcile.ratio import ratio_name
from spanwise.store import LedgerRow
from tests.reconcile.ledger import MONDAY, TUESDAY, WEDNESDAY, ZERO, export, row


PRICES = {Kind.INPUT: Decimal("2.5e-6"), Kind.CACHE_READ: Decimal("1.25e-6"), Kind.OUTPUT: Decimal("1e-5")}
"""What one token of `row()` costs."""


def bill(*lines: InvoiceLine) -> Invoice:
    """An invoice of `lines`."""
    found = Invoice(formats=["by hand"], providers={"openai"})
    for line in lines:
        found.add(line)
    return found


def cost(day: date = MONDAY, model: str | None = "gpt-4o", amount: str = "0.575", **options: object) -> InvoiceLine:
    """A line with an amount."""
    return InvoiceLine(day, model, amount=Decimal(amount), **options)  # type: ignore[arg-type]


def usage(
    day: date = MONDAY,
    model: str = "gpt-4o",
    tokens: tuple[int, int, int, int] = (100_000, 100_000, 0, 20_000),
    requests: int | None = 10,
    tier: str | None = None,
) -> InvoiceLine:
    """A line with counts: uncached, read from the cache, written to it, output."""
    counts = dict(zip((Kind.INPUT, Kind.CACHE_READ, Kind.CACHE_WRITE, Kind.OUTPUT), tokens, strict=True))
    return InvoiceLine(day, model, tokens=counts, requests=requests, tier=tier)


def compared(invoice: Invoice, *rows: LedgerRow, by: GroupBy = GroupBy.MODEL) -> Comparison:
    """Both sides, whose explanations are shown to add up first."""
    found = compare(invoice, rows, by=by)
    assert found is not None
    assert sum((it.amount for it in found.explanations), ZERO) == found.gap
    assert sum((entry.gap or ZERO for entry in found.rows), ZERO) + _services(found) == found.usage_gap
    return found


def _services(found: Comparison) -> Decimal:
    return sum((it.amount for it in found.explanations if it.reason is Reason.SERVICE), ZERO)


def parts(found: Comparison) -> dict[tuple[Reason, str], Decimal]:
    """Amounts by reason and model, without what is nothing."""
    return {(it.reason, it.model): it.amount for it in found.explanations if it.amount}


def test_equal_sides_have_no_gap() -> None:
    """An invoice that bills what we priced needs no explanation."""
    found = compared(
        export("openai_costs.csv"), row(), row(TUESDAY, tokens=(200_000, 0, 0, 0), spent=("0.5", "0", "0", "0"))
    )
    assert parts(found) == {(Reason.SERVICE, "assistants api | file search"): Decimal("0.0271")}
    assert found.usage == Decimal("1.1021")
    assert found.ours == Decimal("1.075")
    assert found.is_within(Decimal(3))
    assert not found.is_within(Decimal(2))


def test_usage_without_spans() -> None:
    """A model, a day or calls that we never saw are valued by what was billed for them."""
    other_model = compared(bill(cost(), cost(model="gpt-4o-mini", amount="1.5")), row())
    assert parts(other_model) == {(Reason.NOT_SEEN, "gpt-4o-mini"): Decimal("1.5")}
    more = usage(tokens=(200_000, 200_000, 0, 40_000), requests=20)
    found = compared(bill(cost(amount="1.15"), more), row())
    assert parts(found) == {(Reason.NOT_SEEN, "gpt-4o"): Decimal("0.575")}
    (missing,) = found.explanations
    assert (missing.calls, missing.tokens) == (10, 220_000)


def test_days_before_the_store_are_told_apart() -> None:
    """What was deleted or never recorded is no call that was overlooked."""
    found = compared(bill(cost(MONDAY), cost(TUESDAY)), row(TUESDAY))
    assert parts(found) == {(Reason.BEFORE_STORE, "gpt-4o"): Decimal("0.575")}
    assert any("the store begins on 2026-11-24" in note for note in notes(found))


def test_calls_that_the_invoice_does_not_have() -> None:
    """Calls with another key or of another organisation make our side larger."""
    found = compared(bill(cost(amount="0.575")), row(), row(model="gpt-4.1", spent=("1", "0", "0", "1")))
    assert parts(found) == {(Reason.NOT_BILLED, "gpt-4.1"): Decimal(-2)}
    fewer = compared(bill(cost(amount="0.2875"), usage(tokens=(50_000, 50_000, 0, 10_000), requests=5)), row())
    assert parts(fewer) == {(Reason.NOT_BILLED, "gpt-4o"): Decimal("-0.2875")}
    assert fewer.explanations[0].calls == 5


def test_calls_without_a_price_are_valued_at_that_of_others() -> None:
    """Unpriced calls explain what their tokens cost in priced calls of the model."""
    lost = row(calls=2, status="unpriced", spent=None, tokens=(10_000, 0, 0, 1_000))
    found = compared(bill(cost(amount="0.61"), usage(tokens=(110_000, 100_000, 0, 21_000), requests=12)), row(), lost)
    assert parts(found) == {(Reason.UNPRICED, "gpt-4o"): Decimal("0.035")}
    assert found.explanations[0].calls == 2
    assert found.rows[0].unpriced == 2


def test_a_model_without_any_price_is_what_was_billed_for_it() -> None:
    """Where nothing of ours is priced, the invoice says what it cost, with or without counts."""
    lost = row(calls=3, status="unpriced", spent=None)
    assert parts(compared(bill(cost()), lost)) == {(Reason.UNPRICED, "gpt-4o"): Decimal("0.575")}
    twice = usage(tokens=(200_000, 200_000, 0, 40_000), requests=6)
    found = compared(bill(cost(amount="1.15"), twice), lost)
    assert parts(found) == {
        (Reason.UNPRICED, "gpt-4o"): Decimal("0.575"),
        (Reason.NOT_SEEN, "gpt-4o"): Decimal("0.575"),
    }


def test_calls_that_reported_no_usage() -> None:
    """A stream without usage costs as much as other calls of the model did: usage of calls that were seen."""
    silent = row(calls=1, silent=1, status="unpriced", spent=None, tokens=(0, 0, 0, 0))
    more = usage(tokens=(110_000, 110_000, 0, 22_000), requests=11)
    found = compared(bill(cost(amount="0.6325"), more), row(), silent)
    assert parts(found) == {(Reason.UNPRICED, "gpt-4o"): Decimal("0.0575")}


def test_estimates_are_judged_by_exact_calls() -> None:
    """An estimate is off by what its tokens cost in exact calls less what was estimated."""
    guess = row(calls=1, status="estimated", tokens=(10_000, 0, 0, 0), spent=("0.05", "0", "0", "0"))
    found = compared(bill(cost(amount="0.6"), usage(tokens=(110_000, 100_000, 0, 20_000), requests=11)), row(), guess)
    assert parts(found) == {(Reason.ESTIMATED, "gpt-4o"): Decimal("-0.025")}
    only = compared(bill(cost(amount="0.5"), usage()), row(status="estimated"))
    assert parts(only) == {(Reason.ESTIMATED, "gpt-4o"): Decimal("-0.075")}


def test_other_counts_for_as_many_calls() -> None:
    """As many requests as calls and other tokens: the counts differ, no call is missing."""
    found = compared(bill(cost(amount="0.6"), usage(tokens=(110_000, 100_000, 0, 20_000))), row())
    assert parts(found) == {(Reason.TOKENS, "gpt-4o"): Decimal("0.025")}


@pytest.mark.parametrize(
    ("amount", "meaning"),
    [
        ("0.2875", "half the price, as batch and flex processing have"),
        ("0.5175", "a discount of 10 percent"),
        ("0.6325", "10 percent more, as inference in one region has"),
        ("1.15", "twice the price, as priority processing and long prompts have"),
        ("0.42", None),
    ],
)
def test_another_price_for_the_same_tokens(amount: str, meaning: str | None) -> None:
    """At equal tokens the rest is the price, and a ratio that is known is named."""
    found = compared(bill(cost(amount=amount), usage()), row())
    assert parts(found) == {(Reason.PRICE, "gpt-4o"): Decimal(amount) - Decimal("0.575")}
    (price,) = found.explanations
    assert price.ratio == pytest.approx(Decimal(amount) / Decimal("0.575"), abs=Decimal("1e-9"))
    assert price.meaning == meaning


def test_an_invoice_that_says_batch_is_believed() -> None:
    """Where most tokens are marked as a batch, that is the answer, whatever the ratio."""
    found = compared(bill(cost(amount="0.3"), usage(tier="batch")), row())
    assert found.explanations[0].meaning == "the invoice says that it was batch processing"


def test_a_discount_that_the_invoice_tells() -> None:
    """List price less billed price is the discount; what is left is between our price and the list."""
    line = cost(amount="0.46", list_amount=Decimal("0.575"))
    found = compared(bill(line, usage()), row())
    assert parts(found) == {(Reason.DISCOUNT, "gpt-4o"): Decimal("-0.115")}
    assert found.explanations[0].meaning == "a discount of 20 percent"


def test_money_without_counts_is_not_guessed_at() -> None:
    """Without usage on the invoice, tokens and price cannot be told apart, and it says how to."""
    found = compared(bill(cost(amount="0.2875")), row())
    assert parts(found) == {(Reason.UNDETERMINED, "gpt-4o"): Decimal("-0.2875")}
    assert found.explanations[0].meaning == "half the price, as batch and flex processing have"
    assert "add a usage export to tell them apart" in sentences(found)[0]


def test_quantities_stand_in_where_usage_is_missing() -> None:
    """Usage lines count before quantities of cost lines, which are the same tokens; where they lack, those count."""
    monday, tuesday = row(), row(TUESDAY, tokens=(100_000, 0, 0, 0), spent=("0.25", "0", "0", "0"))
    found = compared(export("openai_costs.csv", "openai_usage.csv"), monday, tuesday)
    assert parts(found)[Reason.NOT_SEEN, "gpt-4o"] == Decimal("0.25")
    assert found.rows[0].invoice_tokens == 420_000


def test_rounding_is_no_more_than_rounding() -> None:
    """Rows in cents may differ by half a cent each; more than that is a price."""
    cents = bill(cost(amount="0.58"))
    cents.rounded_to = Decimal("0.01")
    assert parts(compared(cents, row())) == {(Reason.ROUNDING, "gpt-4o"): Decimal("0.005")}
    more = bill(cost(amount="0.59"))
    more.rounded_to = Decimal("0.01")
    assert parts(compared(more, row())) == {(Reason.UNDETERMINED, "gpt-4o"): Decimal("0.015")}


def test_usage_of_neighbouring_days() -> None:
    """What is missing on one day and too much on the next is told as that, and adds up to nothing."""
    monday = usage(MONDAY, tokens=(110_000, 100_000, 0, 20_000), requests=None)
    tuesday = usage(TUESDAY, tokens=(90_000, 100_000, 0, 20_000), requests=None)
    found = compared(
        bill(cost(MONDAY, amount="0.6"), monday, cost(TUESDAY, amount="0.55"), tuesday),
        row(),
        row(TUESDAY),
        by=GroupBy.DAY,
    )
    assert found.gap == 0
    assert [(it.reason, it.amount, it.days) for it in found.explanations] == [(Reason.DAY_EDGE, ZERO, 2)]
    assert [entry.gap for entry in found.rows] == [Decimal("0.025"), Decimal("-0.025")]
    assert "count to neighbouring days" in sentences(found)[0]


def test_credits_and_taxes_are_no_usage() -> None:
    """They are named, are part of the whole gap, and have no part in what a tolerance is for."""
    found = compared(
        bill(
            cost(),
            cost(model=None, item="VAT", category=Category.TAX, amount="0.11"),
            cost(model=None, item="Startup credit", category=Category.CREDIT, amount="-0.5"),
        ),
        row(),
    )
    assert parts(found) == {
        (Reason.CREDIT, "Startup credit"): Decimal("-0.5"),
        (Reason.TAX, "VAT"): Decimal("0.11"),
    }
    assert (found.usage_gap, found.charges, found.gap) == (ZERO, Decimal("-0.39"), Decimal("-0.39"))
    assert found.is_within(ZERO)
    assert "-$0.3900 of credits, taxes and purchases apart" in verdict(found, Decimal(1))


def test_searches_are_compared_with_services() -> None:
    """What we counted for searches stands against services that the invoice bills apart."""
    with_search = row(other="0.02")
    found = compared(bill(cost(), cost(model=None, item="web_search", kind=Kind.OTHER, amount="0.03")), with_search)
    assert parts(found) == {
        (Reason.SERVICE, "web_search"): Decimal("0.03"),
        (Reason.SERVICE, OUR_SERVICES): Decimal("-0.02"),
    }
    without = compared(bill(cost(amount="0.595")), with_search)
    assert parts(without) == {}


def test_usage_alone_is_valued_at_our_prices() -> None:
    """A usage export has no amounts: its tokens are worth what ours cost, and it says so."""
    found = compared(bill(usage(tokens=(200_000, 100_000, 0, 20_000), requests=15)), row())
    assert parts(found) == {(Reason.NOT_SEEN, "gpt-4o"): Decimal("0.25")}
    assert found.valued
    assert "valued at the prices of the calls here" in notes(found)[0]
    unknown = compared(bill(usage(), usage(model="gpt-9")), row())
    assert (unknown.unvalued, unknown.gap) == (1, ZERO)
    assert "1 row of usage without a price on either side" in " ".join(notes(unknown))


def test_usage_that_was_billed_at_nothing() -> None:
    """Beside amounts of the same day, usage without one was free, and is not valued."""
    found = compared(bill(cost(model="gpt-4.1", amount="1"), usage()), row())
    assert parts(found) == {(Reason.NOT_SEEN, "gpt-4.1"): Decimal(1), (Reason.PRICE, "gpt-4o"): Decimal("-0.575")}


def test_a_total_of_a_day_is_compared_with_all_models() -> None:
    """An invoice that names no models is compared by day, and says how to get more."""
    found = compared(export("openai_costs_ungrouped.csv"), row(), row(model="gpt-4.1", spent=("1", "0", "0", "0")))
    assert [(entry.key, entry.invoice, entry.ours) for entry in found.rows] == [
        ("(all models)", Decimal("0.575"), Decimal("1.575"))
    ]
    assert not found.by_model
    assert "export it by line item or model" in " ".join(notes(found))


def test_a_charge_for_a_month_is_compared_as_a_whole() -> None:
    """Where a line covers more than a day, days are not told apart."""
    month = bill(cost(MONDAY, amount="1.15"))
    month.whole_days = False
    month.days |= {MONDAY, TUESDAY}
    found = compared(month, row(), row(TUESDAY))
    assert (found.gap, found.by_day) == (ZERO, False)


def test_other_currencies_stand_apart() -> None:
    """Nothing is added across currencies: rows and calls in others are told beside the comparison."""
    euros = row(currency="EUR")
    found = compared(
        export("focus_1_2.csv"),
        euros,
        row(model="claude-sonnet-4", provider="aws.bedrock", spent=("1", "0", "0", "0.25")),
    )
    assert (found.currency, found.foreign) == ("USD", {"EUR": Decimal("3.00")})
    only = compared(bill(cost(currency="EUR")), euros, row())
    assert (only.currency, only.gap, only.foreign_calls) == ("EUR", ZERO, {"USD": 10})


def test_only_calls_of_the_provider_that_bills() -> None:
    """OpenAI's invoice has nothing to say about calls of others, and a provider can be named."""
    azure = row(provider="azure.ai.openai")
    assert compared(export("openai_costs_ungrouped.csv"), row(), azure).gap == 0
    found = compare(export("openai_costs_ungrouped.csv"), [row(), azure], providers=["azure.ai.openai"])
    assert found is not None
    assert (found.providers, found.gap) == (("azure.ai.openai",), ZERO)


def test_only_days_that_the_invoice_covers() -> None:
    """Calls outside of the invoice's days are no gap; a period cuts both sides."""
    assert compared(bill(cost()), row(), row(WEDNESDAY)).gap == 0
    both = bill(cost(MONDAY), cost(TUESDAY, amount="5"))
    found = compare(both, [row(), row(TUESDAY)], period=Period(MONDAY, TUESDAY))
    assert found is not None
    assert (found.gap, found.last) == (ZERO, MONDAY)
    assert compare(both, [], period=Period(WEDNESDAY)) is None
    assert compare(Invoice(), [row()]) is None


def test_sentences_are_largest_first() -> None:
    """A person reads what matters most before what matters least, and how much is left over."""
    lines = [cost(model=f"gpt-{number}", amount=f"{number}.5") for number in range(1, 16)]
    found = compared(bill(*lines), row(model="gpt-1", spent=("1.5", "0", "0", "0")))
    told = sentences(found)
    assert told[0].startswith("+$15.50  gpt-15, usage on the invoice")
    assert told[-1] == "+$6.00  2 smaller explanations"
    assert len(told) == 13


@pytest.mark.parametrize(
    ("ratio", "name"),
    [
        ("0.85", "a discount of 15 percent"),
        ("0.852", "a discount of 15 percent"),
        ("0.83", None),
        ("1", None),
        ("0", None),
    ],
)
def test_ratios_are_named_only_when_they_are_near(ratio: str, name: str | None) -> None:
    """Half a percent away from a round discount is that discount, two percent is not."""
    assert ratio_name(Decimal(ratio)) == name


DAYS = st.sampled_from([MONDAY + timedelta(days=number) for number in range(4)])
MODELS = st.sampled_from(["gpt-4o", "gpt-4o-mini", "o3"])
COUNTS = st.integers(0, 10**9)
MONEY = st.decimals(0, 10**6, places=12, allow_nan=False, allow_infinity=False)
TOKENS = st.tuples(COUNTS, COUNTS, COUNTS, COUNTS)
LINES = st.one_of(
    st.builds(
        lambda day, model, amount, kind, listed: InvoiceLine(
            day, model, kind=kind, amount=amount, list_amount=listed and amount + listed
        ),
        DAYS,
        MODELS,
        MONEY,
        st.one_of(st.none(), st.sampled_from(Kind)),
        st.one_of(st.none(), MONEY),
    ),
    st.builds(usage, DAYS, MODELS, TOKENS, st.one_of(st.none(), st.integers(0, 100))),
    st.builds(
        lambda day, amount, category: InvoiceLine(day, item="x", amount=amount - 1000, category=category),
        DAYS,
        MONEY,
        st.sampled_from(Category),
    ),
)


def _row(
    day: date, model: str, status: str, tokens: tuple[int, int, int, int], spent: list[Decimal], silent: int
) -> LedgerRow:
    money = None if status == "unpriced" else tuple(str(amount) for amount in spent)
    return row(day, model, status=status, calls=silent + 3, silent=silent, tokens=tokens, spent=money)  # type: ignore[arg-type]


ROWS = st.builds(
    _row,
    DAYS,
    MODELS,
    st.sampled_from(["exact", "estimated", "unpriced", "provider"]),
    TOKENS,
    st.lists(MONEY, min_size=4, max_size=4),
    st.integers(0, 3),
)


@given(st.lists(LINES, max_size=12), st.lists(ROWS, max_size=8), st.booleans(), st.booleans())
def test_any_gap_adds_up_exactly(
    lines: list[InvoiceLine], rows: list[LedgerRow], whole_days: bool, rounded: bool
) -> None:
    """Whatever both sides say: explanations add up to the gap, rows to the sums, by model and by day."""
    for by in GroupBy:
        invoice = bill(*lines)
        invoice.whole_days = whole_days
        invoice.rounded_to = Decimal("0.01") if rounded else None
        found = compare(invoice, rows, by=by)
        if found is None:
            assert not lines
            continue
        assert sum((it.amount for it in found.explanations), ZERO) == found.gap
        known = sum((entry.invoice or ZERO for entry in found.rows), ZERO)
        services = sum(
            (it.amount for it in found.explanations if it.reason is Reason.SERVICE and it.model != OUR_SERVICES), ZERO
        )
        assert known + services == found.usage
        sentences(found)
        notes(found)
        verdict(found, Decimal(1))
