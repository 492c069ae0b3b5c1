"""`Ledger`: exact sums by budget, key and period, shares told once, and who is refused."""

from __future__ import annotations

import threading
from calendar import timegm
from decimal import Decimal, getcontext, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.budget import Budget, Crossing, Ledger
from spanwise.budget.account import Entry
from spanwise.budget.condition import Condition, matches
from spanwise.budget.scope import OTHERS
from spanwise.budget.sums import Sums
from spanwise.semconv import attributes as attr


NOON = timegm((2026, 11, 26, 12, 0, 0))
DAY = 86_400


class Clock:
    """A clock that stands until it is set."""

    def __init__(self, now_s: float = NOON) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        """The time."""
        return self.now_s


def budget(limit: str = "1", per: str = "day", **options: object) -> Budget:
    """A budget by user that refuses, unless `options` say otherwise."""
    given_options = {"by": ("user",), "action": "block", **options}
    return Budget("b", Decimal(limit), per, **given_options)  # type: ignore[arg-type]


def spend(ledger: Ledger, usd: str, user: str = "u-1", at_s: float | None = None, **more: str) -> list[Crossing]:
    """Add a call of `user`; what was reached by it."""
    said: dict[str, object] = {attr.USER_ID: user, **more}
    clock = ledger._clock()
    return ledger.add(said.get, Sums(usd=Decimal(usd), calls=1), clock if at_s is None else at_s)[1]


def spent(ledger: Ledger) -> dict[str, Decimal]:
    """What each user has spent."""
    return {line.key["user"]: line.sums.usd for line in ledger.lines()}


def nothing(name: str) -> None:
    """A call that says nothing of itself; `name` is not known."""


def is_refused(ledger: Ledger, user: str = "u-1") -> bool:
    """Whether a call of `user` would be."""
    return bool(ledger.barring) and ledger.refusal({attr.USER_ID: user}.get) is not None


@given(st.lists(st.decimals(min_value="0.000000001", max_value="1000000", places=12), max_size=40))
def test_sums_are_exact(amounts: list[Decimal]) -> None:
    """Whatever is added, the sum is that of arithmetic, also where the application's context has few digits."""
    ledger = Ledger([budget()], clock=Clock())
    with localcontext() as context:
        context.prec = 3
        for amount in amounts:
            spend(ledger, str(amount))
    assert sum(spent(ledger).values()) == sum(amounts)


def test_sums_of_many_threads_are_exact() -> None:
    """Calls that end at the same time are all counted."""
    ledger = Ledger([budget("1000", by=())], clock=Clock())
    threads = [threading.Thread(target=lambda: [spend(ledger, "0.01") for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (line,) = ledger.lines()
    assert (line.sums.usd, line.sums.calls) == (Decimal("40.00"), 4000)


def test_who_has_spent_the_limit_is_refused_and_nobody_else() -> None:
    """At the limit calls of this key are refused, with exact numbers and the time of the next one."""
    ledger = Ledger([budget("0.3")], clock=Clock())
    for _ in range(3):
        assert not is_refused(ledger)
        spend(ledger, "0.1")
    refused = ledger.refusal({attr.USER_ID: "u-1"}.get)
    assert refused is not None
    assert (refused.budget, refused.key, refused.limit, refused.spent) == (
        "b",
        {"user": "u-1"},
        Decimal("0.3"),
        Decimal("0.3"),
    )
    assert refused.resets_at is not None and refused.resets_at.isoformat() == "2026-11-27T00:00:00+00:00"
    assert "u-1" not in str(refused), "the text is logged"
    assert not is_refused(ledger, "u-2")
    assert ledger.refusal(nothing) is None, "a call of nobody is not a call of somebody"


@pytest.mark.parametrize(("per", "later_s"), [("hour", 3600), ("day", DAY), ("month", 31 * DAY)])
def test_a_period_ends(per: str, later_s: int) -> None:
    """In the next period calls are let through again, and sums begin with nothing."""
    clock = Clock()
    ledger = Ledger([budget(per=per)], clock=clock)
    spend(ledger, "2")
    assert is_refused(ledger)
    clock.now_s += later_s
    assert not is_refused(ledger)
    spend(ledger, "0.5")
    assert spent(ledger) == {"u-1": Decimal("0.5")}


def test_an_hour_slides_by_minutes() -> None:
    """What was spent counts for an hour, not until the hour is full; then the key is let through at once."""
    clock = Clock(NOON + 50 * 60)
    ledger = Ledger([budget("1", "hour")], clock=clock)
    spend(ledger, "0.6")
    clock.now_s += 20 * 60
    spend(ledger, "0.6")
    assert is_refused(ledger)
    refused = ledger.refusal({attr.USER_ID: "u-1"}.get)
    assert refused is not None and refused.resets_at is not None
    assert refused.resets_at.timestamp() == NOON + 110 * 60
    clock.now_s = NOON + 110 * 60
    assert not is_refused(ledger)
    spend(ledger, "0")
    assert spent(ledger) == {"u-1": Decimal("0.6")}


def test_a_month_is_one_of_the_calendar() -> None:
    """The days of a month add up until the last; what was spent in another counts for nothing."""
    clock = Clock(timegm((2026, 11, 30, 23, 59, 0)))
    ledger = Ledger([budget("9", "month")], clock=clock)
    spend(ledger, "1", at_s=timegm((2026, 11, 1, 0, 0, 0)))
    spend(ledger, "1", at_s=timegm((2026, 10, 31, 23, 59, 59)))
    spend(ledger, "1")
    assert spent(ledger) == {"u-1": Decimal(2)}
    clock.now_s += 120
    spend(ledger, "1")
    assert spent(ledger) == {"u-1": Decimal(1)}


def test_a_call_of_the_future_counts_now() -> None:
    """A clock that is ahead does not hide what is spent."""
    ledger = Ledger([budget()], clock=Clock())
    spend(ledger, "2", at_s=NOON + 10 * DAY)
    assert is_refused(ledger)


def test_each_share_is_told_once_in_a_period() -> None:
    """80 and 100 percent are told when they are reached, not again, and again in the next period."""
    clock = Clock()
    ledger = Ledger([budget("10", at=(80, 100))], clock=clock)
    told = [[each.percent for each in spend(ledger, "2")] for _ in range(7)]
    assert told == [[], [], [], [80], [100], [], []]
    clock.now_s += DAY
    assert [each.percent for each in spend(ledger, "50")] == [100], "two shares at once are one message"
    assert [each.percent for each in spend(ledger, "1", "u-2")] == []


def test_an_hour_at_its_share_is_told_once() -> None:
    """An hour that slides around a share does not tell of it with each call."""
    clock = Clock()
    ledger = Ledger([budget("10", "hour", at=(80,))], clock=clock)
    spend(ledger, "7.9")
    told = 0
    for _ in range(50):
        clock.now_s += 60
        told += len(spend(ledger, "0.1"))
    assert told == 1


def test_there_is_an_end_to_keys() -> None:
    """Beyond the bound keys share one account, which says so and refuses nobody; keys of the past make room."""
    clock = Clock()
    ledger = Ledger([budget("1")], most_keys=3, clock=clock)
    for number in range(6):
        spend(ledger, "2", f"u-{number}")
    assert spent(ledger) == {"u-0": 2, "u-1": 2, "u-2": 2, OTHERS: 6}
    assert is_refused(ledger, "u-0") and not is_refused(ledger, "u-4") and not is_refused(ledger, OTHERS)
    clock.now_s += 2 * DAY
    spend(ledger, "2", "u-9")
    assert "u-9" in spent(ledger) and is_refused(ledger, "u-9")


def test_only_calls_that_it_is_about_count() -> None:
    """`where` chooses, with `*`; a call that does not say what it is asked counts for nothing."""
    chosen = budget(by=(), where={"model": "gpt-*-mini"})
    ledger = Ledger([chosen], clock=Clock())
    for model in ("gpt-4.1-mini", "gpt-4.1", "o3"):
        ledger.add({attr.GEN_AI_REQUEST_MODEL: model}.get, Sums(usd=Decimal(1)), NOON)
    ledger.add(nothing, Sums(usd=Decimal(1)), NOON)
    (line,) = ledger.lines()
    assert line.sums.usd == 1
    assert ledger.refusal({attr.GEN_AI_REQUEST_MODEL: "gpt-5-mini"}.get) is not None
    assert ledger.refusal({attr.GEN_AI_REQUEST_MODEL: "gpt-5"}.get) is None


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("a", "a", True), ("a", "ab", False), ("a*", "ab", True), ("*b", "ab", True), ("a*b*c", "a-b-c", True),
        ("a*b*c", "acb", False), ("a*a", "a", False), ("*", "", True), ("*x*", "axb", True), ("a**b", "ab", True),
        ("*" * 200 + "b", "a" * 5000, False),
    ],
)  # fmt: skip
def test_a_star_stands_for_any_characters(pattern: str, value: str, *, expected: bool) -> None:
    """Patterns match as they are documented, in time that does not explode."""
    assert matches(pattern, value) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spanwise.metadata.plan=free", True), ("spanwise.metadata.plan != free", False), ("spanwise.tags=be*", True),
        ("spanwise.tags=gamma", False), ("spanwise.tags!=gamma", True), ("gen_ai.request.stream=true", True),
        ("gen_ai.request.max_tokens=12*", True), ("not.said=*", False), ("not.said!=x", True),
    ],
)  # fmt: skip
def test_a_condition_compares_an_attribute(text: str, *, expected: bool) -> None:
    """Texts, numbers, bools and lists are compared as they are documented; what is not said is no value."""
    said: dict[str, object] = {
        "spanwise.metadata.plan": "free",
        "spanwise.tags": ("alpha", "beta"),
        "gen_ai.request.stream": True,
        "gen_ai.request.max_tokens": 128,
    }
    assert Condition.parse(text).holds(said.get) is expected
    ledger = Ledger([budget(by=(), when=(Condition.parse(text),))], clock=Clock())
    ledger.add(said.get, Sums(usd=Decimal(2)), NOON)
    assert bool(ledger.barring) is expected


def test_sums_of_a_file_and_of_this_process_go_together() -> None:
    """What waits to be written is not lost when the sums of all are read, and not counted twice."""
    ledger = Ledger([budget("10")], pends=True, clock=Clock())
    spend(ledger, "1")
    (taken,) = ledger.take()
    spend(ledger, "2")
    others = taken.sums.copy()
    others.add(Sums(usd=Decimal(4)))
    ledger.settle([taken._replace(sums=others)])
    assert spent(ledger) == {"u-1": Decimal(7)}
    ledger.put_back([taken])
    assert [entry.sums.usd for entry in ledger.take()] == [Decimal(3)]


def test_a_collector_that_is_behind_changes_nothing() -> None:
    """The larger of what this process and what the collector knows counts: neither is ahead of the truth."""
    ledger = Ledger([budget("10", at=(50, 100))], clock=Clock())
    spend(ledger, "3")
    bucket = NOON // DAY * DAY
    assert ledger.hear([Entry("b", ("u-1",), bucket, Sums(usd=Decimal(1)))]) == []
    assert spent(ledger) == {"u-1": Decimal(3)}
    (crossing,) = ledger.hear([Entry("b", ("u-1",), bucket, Sums(usd=Decimal(12)))])
    assert crossing.percent == 100 and is_refused(ledger)


def test_what_a_file_says_of_the_past_is_told_to_nobody_again() -> None:
    """A restart takes over the sum: calls are refused from the first, and nobody is told a second time."""
    ledger = Ledger([budget("1")], clock=Clock())
    bucket = NOON // DAY * DAY
    entries = [
        Entry("b", ("u-1",), bucket, Sums(usd=Decimal(2))),
        Entry("b", ("u-1",), bucket - DAY, Sums(usd=Decimal(2))),
        Entry("of-yesterday", ("u-1",), bucket, Sums(usd=Decimal(2))),
        Entry("b", ("two", "values"), bucket, Sums(usd=Decimal(2))),
    ]
    assert ledger.settle(entries, tells=False) == []
    assert is_refused(ledger) and spent(ledger) == {"u-1": Decimal(2)}
    assert spend(ledger, "1") == []


def test_the_context_of_the_application_stays() -> None:
    """Nothing here changes how the application calculates."""
    before = getcontext().copy()
    spend(Ledger([budget()], clock=Clock()), "1")
    assert getcontext().prec == before.prec and getcontext().flags == before.flags
