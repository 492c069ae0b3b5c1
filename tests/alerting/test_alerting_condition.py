"""States: what holds long enough fires, what fires does not flap, and what nobody saw changes nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spanwise.alerting.condition import (
    FIRING,
    GAP_S,
    KEEP_FIRING_S,
    PENDING,
    RESOLVED,
    Condition,
    advanced,
    begun,
)


STEP_S = 30


def followed(series: list[bool], hold_s: int) -> list[str]:
    """The state after each evaluation of a series, one every 30 seconds; `-` where nothing is remembered."""
    states: list[str] = []
    condition: Condition | None = None
    for at, holds in enumerate(series):
        now_s = float(at * STEP_S)
        if condition is not None:
            condition = advanced(condition, holds=holds, value=1.0, hold_s=hold_s, now_s=now_s)
        elif holds:
            condition = begun("r", {}, value=1.0, hold_s=hold_s, now_s=now_s)
        states.append(condition.state if condition else "-")
    return states


def test_it_fires_after_its_hold() -> None:
    """A minute of holding is three evaluations 30 seconds apart."""
    assert followed([True, True, True], 60) == [PENDING, PENDING, FIRING]
    assert followed([True], 0) == [FIRING]


def test_what_stops_before_its_hold_never_rings() -> None:
    """And begins anew the next time."""
    assert followed([True, False, True, True], 60) == [PENDING, "-", PENDING, PENDING]


def test_what_fires_is_resolved_after_five_calm_minutes() -> None:
    """Not before, and then once."""
    calm = KEEP_FIRING_S // STEP_S
    states = followed([True, *[False] * (calm + 2)], 0)
    assert states == [*[FIRING] * calm, *[RESOLVED] * 3]


@given(st.lists(st.booleans(), max_size=40))
def test_a_series_that_flaps_faster_than_five_minutes_rings_once(flaps: list[bool]) -> None:
    """However it flaps, with at most four calm minutes on end, it fires once and is not resolved in between."""
    series = [True, *(value for flap in flaps for value in ([True] if flap else [False] * 7 + [True]))]
    assert followed(series, 0) == [FIRING] * len(series)


@given(st.lists(st.booleans(), max_size=80), st.sampled_from([0, 60, 300]))
def test_it_fires_only_after_it_held(series: list[bool], hold_s: int) -> None:
    """Each beginning of firing is preceded by holding for the whole hold time, without a break."""
    states = followed(series, hold_s)
    for at, state in enumerate(states):
        if state == FIRING and (at == 0 or states[at - 1] not in {FIRING}):
            assert all(series[at - hold_s // STEP_S : at + 1])
            assert at >= hold_s // STEP_S


def test_a_gap_without_evaluation_is_no_holding() -> None:
    """What was pending when the evaluator ended begins anew when it is back much later."""
    first = begun("r", {}, value=1.0, hold_s=60, now_s=0)
    late = advanced(first, holds=True, value=1.0, hold_s=60, now_s=GAP_S + 1)
    assert late is not None
    assert (late.state, late.started_s) == (PENDING, GAP_S + 1)


def test_one_calm_look_after_a_gap_ends_nothing() -> None:
    """What fired when the evaluator ended must be calm for five minutes under its eyes."""
    first = begun("r", {}, value=1.0, hold_s=0, now_s=0)
    back = advanced(first, holds=False, value=None, hold_s=0, now_s=GAP_S + 1)
    assert back is not None
    assert back.state == FIRING
    over = advanced(back, holds=False, value=None, hold_s=0, now_s=GAP_S + 1 + KEEP_FIRING_S)
    assert over is not None
    assert over.state == RESOLVED


def test_what_rings_again_before_its_end_was_told_goes_on() -> None:
    """A receiver that knows of the ringing hears nothing new."""
    told = Condition("r", {}, RESOLVED, 0, 0, 0, 0, 1.0, told=FIRING, told_s=5)
    again = advanced(told, holds=True, value=2.0, hold_s=0, now_s=30)
    assert again is not None
    assert (again.state, again.told, again.value) == (FIRING, FIRING, 2.0)


def test_an_end_that_was_not_told_is_not_forgotten() -> None:
    """Ringing that was told, is over, and came back for too short a time to ring: its end is told after all."""
    told = Condition("r", {}, RESOLVED, 0, 0, 0, 0, 1.0, told=FIRING)
    pending = advanced(told, holds=True, value=1.0, hold_s=60, now_s=30)
    assert pending is not None
    over = advanced(pending, holds=False, value=None, hold_s=60, now_s=60)
    assert over is not None
    assert (pending.state, over.state, over.told) == (PENDING, RESOLVED, FIRING)
