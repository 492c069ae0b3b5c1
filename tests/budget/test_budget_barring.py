"""What is known not to be refused is never refused: the short check before a call agrees with the long one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.budget import Budget, Ledger
from spanwise.budget.condition import Condition
from spanwise.budget.sums import Sums
from spanwise.semconv import attributes as attr


HOUR = 3600
WHO = st.fixed_dictionaries(
    {},
    optional={
        attr.USER_ID: st.sampled_from(["u-1", "u-2", ""]),
        attr.GEN_AI_REQUEST_MODEL: st.sampled_from(["m-1", "m-2", "n-1"]),
        attr.SPANWISE_TENANT: st.sampled_from(["t-1", "t-2"]),
        "plan": st.sampled_from(["free", "paid", ["free", "paid"], True, 7]),
    },
)
STEPS = st.lists(st.tuples(WHO, st.sampled_from(["0", "0.4", "1"]), st.sampled_from([0, 60, HOUR])), max_size=25)
BUDGETS = (
    Budget("users", Decimal(1), "hour", by=("user",), action="block"),
    Budget("pairs", Decimal(1), "hour", by=("user", "model"), action="block"),
    Budget("models", Decimal(1), "hour", where={"model": "m-*"}, action="block"),
    Budget("plans", Decimal(1), "hour", by=("tenant",), when=(Condition.parse("plan=free"),), action="block"),
)


class Clock:
    """A clock that is set."""

    now_s = 1_000 * HOUR

    def __call__(self) -> float:
        """The time."""
        return self.now_s


def owed(spends: list[tuple[Mapping[str, object], Decimal, int]], who: Mapping[str, object], now_s: int) -> bool:
    """Whether a call of `who` is to be refused, by adding up all calls again."""
    ledger = Ledger(BUDGETS, clock=lambda: now_s)
    for said, usd, at_s in spends:
        ledger.add(said.get, Sums(usd=usd, calls=1), at_s)
    return ledger.refusal(who.get) is not None


@settings(max_examples=60, deadline=None)
@given(STEPS, WHO)
def test_a_call_that_passes_is_not_refused(
    steps: list[tuple[dict[str, object], str, int]], who: dict[str, object]
) -> None:
    """Whatever was asked before, both checks say what the sums say, when keys are barred, freed and barred again."""
    clock = Clock()
    ledger = Ledger(BUDGETS, clock=clock)
    spends: list[tuple[Mapping[str, object], Decimal, int]] = []
    for said, usd, later_s in steps:
        clock.now_s += later_s
        for asked in (who, said):
            refused = owed(spends, asked, clock.now_s)
            assert not (refused and ledger.passes(asked, {})), "known to pass, and to be refused"
            assert (ledger.refusal(asked.get) is not None) is refused
        spends.append((said, Decimal(usd), clock.now_s))
        ledger.add(said.get, Sums(usd=Decimal(usd), calls=1), clock.now_s)


def test_a_call_that_was_let_through_passes_the_short_check() -> None:
    """What was looked at once is known the next time, of the request and of the context, until somebody is barred."""
    ledger = Ledger(BUDGETS[:1], clock=Clock())
    ledger.add({attr.USER_ID: "u-2"}.get, Sums(usd=Decimal(1), calls=1), Clock.now_s)
    said = {attr.USER_ID: "u-1"}
    assert not ledger.passes({}, said)
    assert ledger.refusal(said.get) is None
    assert ledger.passes({}, said) and ledger.passes(said, {})
    assert not ledger.passes({}, {attr.USER_ID: "u-2"}) and not ledger.passes({}, {})
    assert not ledger.passes({attr.USER_ID: ["u-1"]}, {}), "a list is nobody that is known"
    ledger.add(said.get, Sums(usd=Decimal(1), calls=1), Clock.now_s)
    assert not ledger.passes({}, said) and ledger.refusal(said.get) is not None


def test_an_hour_that_slid_below_its_limit_refuses_again_when_it_is_reached_again() -> None:
    """A sum that fell and rose again within one step is judged anew."""
    clock = Clock()
    ledger = Ledger(BUDGETS[:1], clock=clock)
    said = {attr.USER_ID: "u-1"}
    for usd, later_s in (("0.5", 0), ("0.5", 1800)):
        clock.now_s += later_s
        ledger.add(said.get, Sums(usd=Decimal(usd), calls=1), clock.now_s)
    assert ledger.refusal(said.get) is not None
    clock.now_s += 1800
    assert ledger.refusal(said.get) is None
    ledger.add(said.get, Sums(usd=Decimal("0.6"), calls=1), clock.now_s)
    assert ledger.refusal(said.get) is not None
