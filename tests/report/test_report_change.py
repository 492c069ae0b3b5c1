"""What changed: effects of a hand-computed data set, and a sum that always holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.report.change import FACTORS, MIX, PRICE, TOKENS, VOLUME, change
from spanwise.store import LedgerRow


def row(
    model: str,
    calls: int,
    *,
    given: int = 0,
    read: int = 0,
    made: int = 0,
    input_usd: str = "0",
    read_usd: str = "0",
    output_usd: str = "0",
    more_usd: str = "0",
    cost: bool = True,
    currency: str = "USD",
) -> LedgerRow:
    """The calls of one model on one day; `given` are input tokens, those read from the cache included."""
    parts = [Decimal(text) for text in (input_usd, read_usd, "0", output_usd)]
    total = sum(parts, Decimal(more_usd)) if cost else None
    return LedgerRow(
        date(2026, 11, 1), "openai", model, currency if cost else None, "exact" if cost else "unpriced", calls, 0,
        given, read, 0, made, total, *parts,
    )  # fmt: skip


def test_more_calls_are_volume() -> None:
    """Twice the calls, all else the same: the whole difference."""
    found = change(
        [row("a", 10, given=1000, input_usd="1"), row("b", 10, made=500, output_usd="3")],
        [row("a", 20, given=2000, input_usd="2"), row("b", 20, made=1000, output_usd="6")],
    )
    assert [found.before_usd, found.after_usd, found.change_usd] == [4, 8, 4]
    assert dict(found.factors_usd) == {VOLUME: 4, MIX: 0, TOKENS: 0, PRICE: 0}


def test_a_dearer_model_for_some_calls_is_mix() -> None:
    """Ten calls each time: at first nine at 10 cents and one at 1 dollar, then five and five."""
    found = change(
        [row("small", 9, given=900, input_usd="0.9"), row("large", 1, given=100, input_usd="1")],
        [row("small", 5, given=500, input_usd="0.5"), row("large", 5, given=500, input_usd="5")],
    )
    assert found.change_usd == Decimal("3.6")
    assert dict(found.factors_usd) == {VOLUME: 0, MIX: Decimal("3.6"), TOKENS: 0, PRICE: 0}
    assert [(effect.model[1], effect.change_usd) for effect in found.effects] == [
        ("large", 4),
        ("small", Decimal("-0.4")),
    ]


def test_longer_prompts_are_tokens_and_a_new_tariff_is_price() -> None:
    """One and the other, each alone."""
    before = [row("a", 10, given=1000, made=100, input_usd="1", output_usd="1")]
    longer = change(before, [row("a", 10, given=3000, made=100, input_usd="3", output_usd="1")])
    assert dict(longer.factors_usd) == {VOLUME: 0, MIX: 0, TOKENS: 2, PRICE: 0}
    dearer = change(before, [row("a", 10, given=1000, made=100, input_usd="1", output_usd="1.5")])
    assert dict(dearer.factors_usd) == {VOLUME: 0, MIX: 0, TOKENS: 0, PRICE: Decimal("0.5")}


def test_two_at_once_share_what_they_do_together() -> None:
    """1,000 tokens at 1 become 2,000 at 3: 1 to 6. Alone tokens add 1 and the price 2; the 2 of both are halved."""
    found = change([row("a", 1, given=1000, input_usd="1")], [row("a", 1, given=2000, input_usd="6")])
    assert dict(found.factors_usd) == {VOLUME: 0, MIX: 0, TOKENS: 2, PRICE: 3}


def test_what_moves_into_the_cache_is_tokens() -> None:
    """Cached tokens are another bucket at another price; the price of neither has changed."""
    found = change(
        [row("a", 1, given=1000, read=100, input_usd="0.9", read_usd="0.01")],
        [row("a", 1, given=1000, read=900, input_usd="0.1", read_usd="0.09")],
    )
    assert dict(found.factors_usd) == {VOLUME: 0, MIX: 0, TOKENS: Decimal("-0.72"), PRICE: 0}


def test_what_is_not_charged_by_tokens() -> None:
    """Searches and amounts that a provider sends whole are a price per call."""
    found = change([row("a", 10, more_usd="1")], [row("a", 10, more_usd="2")])
    assert dict(found.factors_usd) == {VOLUME: 0, MIX: 0, TOKENS: 0, PRICE: 1}


def test_a_period_without_calls() -> None:
    """Everything that began, or ended, is volume."""
    some = [row("a", 10, given=1000, input_usd="1")]
    assert dict(change([], some).factors_usd) == {VOLUME: 1, MIX: 0, TOKENS: 0, PRICE: 0}
    assert dict(change(some, []).factors_usd) == {VOLUME: -1, MIX: 0, TOKENS: 0, PRICE: 0}
    assert change([], []).change_usd == 0


def test_a_model_that_is_new_is_mix() -> None:
    """The number of calls is the same; five of ten go to a model that nobody called before."""
    found = change(
        [row("a", 10, given=1000, input_usd="1")],
        [row("a", 5, given=500, input_usd="0.5"), row("new", 5, given=500, input_usd="5")],
    )
    assert dict(found.factors_usd) == {VOLUME: 0, MIX: Decimal("4.5"), TOKENS: 0, PRICE: 0}


def test_calls_without_a_price_are_in_no_sum() -> None:
    """They are counted, as are those in another currency."""
    found = change(
        [row("a", 1, given=10, input_usd="1"), row("b", 3, cost=False)],
        [row("a", 1, given=10, input_usd="1"), row("c", 2, given=10, input_usd="9", currency="EUR")],
    )
    assert found.change_usd == 0
    assert found.left_out == (3, 2)


AMOUNTS = st.decimals(0, 1000, places=9).map(str)
TOKEN_COUNTS = st.integers(0, 10**6)


@st.composite
def rows(draw: st.DrawFn) -> list[LedgerRow]:
    """A few rows of three models."""
    return [
        row(
            draw(st.sampled_from("abc")),
            draw(st.integers(1, 1000)),
            given=2 * draw(TOKEN_COUNTS),
            read=draw(TOKEN_COUNTS),
            made=draw(TOKEN_COUNTS),
            input_usd=draw(AMOUNTS),
            read_usd=draw(AMOUNTS),
            output_usd=draw(AMOUNTS),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]


@settings(max_examples=60, deadline=None)
@given(rows(), rows())
def test_effects_always_add_up(before: list[LedgerRow], after: list[LedgerRow]) -> None:
    """Factors, models and their factors sum to the difference, to the last digit; swapped periods swap the sign."""
    found = change(before, after)
    spent = [sum((cell.cost or Decimal(0) for cell in rows), Decimal(0)) for rows in (before, after)]
    assert [found.before_usd, found.after_usd] == spent
    assert sum(found.factors_usd.values(), Decimal(0)) == found.change_usd
    assert sum((effect.change_usd for effect in found.effects), Decimal(0)) == found.change_usd
    for effect in found.effects:
        assert sum(effect.factors_usd.values(), Decimal(0)) == effect.change_usd
    back = change(after, before)
    for factor in FACTORS:
        assert abs(found.factors_usd[factor] + back.factors_usd[factor]) < Decimal("1e-9")
