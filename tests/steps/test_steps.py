"""`steps` tells apart what is linear, what is not and what never ends."""

from __future__ import annotations

import sys

import pytest

from tests.steps import TooMany, steps


def once(size: int) -> int:
    """Looks at every number once."""
    return sum(number % 3 for number in range(size))


def each(size: int) -> int:
    """Looks at every number once for every number."""
    found = 0
    for first in range(size):
        for second in range(size):
            found += first == second
    return found


def test_steps_are_the_same_every_time() -> None:
    """Lines and calls are counted exactly."""
    assert len({steps(lambda: each(20)) for _ in range(3)}) == 1


def test_steps_show_growth() -> None:
    """Twice the size is twice the steps of what is linear, and four times those of what is quadratic."""
    assert 1.9 < steps(lambda: once(2_000)) / steps(lambda: once(1_000)) < 2.1
    assert steps(lambda: each(80)) / steps(lambda: each(40)) > 3.5


def test_functions_of_c_count() -> None:
    """A loop that is no loop of Python is seen by what it calls."""
    assert steps(lambda: list(map(len, ["a"] * 500))) < 100 < steps(lambda: [len(text) for text in ["a"] * 500])


def test_what_never_ends_is_ended() -> None:
    """The count stops the work, and whoever traced before traces again."""

    def forever() -> None:
        while True:
            pass

    before = sys.gettrace(), sys.getprofile()
    with pytest.raises(TooMany):
        steps(forever, most=10_000)
    assert (sys.gettrace(), sys.getprofile()) == before
