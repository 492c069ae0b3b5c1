"""A few hundred inputs of each target of `tests.fuzz`, the same ones every time."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.broken import Broken, smallest
from tests.fuzz.chance import BytesRandom
from tests.fuzz.speed_target import growing, grows, hostile
from tests.fuzz.targets import TARGETS
from tests.redact.test_redact_properties import ATTACKS


COUNTS = {"text": 250, "span": 120, "planted": 400, "split": 250, "clean": 400, "call": 300, "sums": 300}


@pytest.mark.parametrize("name", COUNTS)
def test_no_promise_is_broken(name: str) -> None:
    """No exception, no leak of a planted value, no change of clean text, no second change, exact sums."""
    for number in range(COUNTS[name]):
        TARGETS[name].play(Random(f"suite:{name}:{number}"))


@pytest.mark.slow
@pytest.mark.parametrize("play", [hostile, growing])
def test_time_is_linear(play: object) -> None:
    """Repeats of near misses and nested encodings cost no more per byte than ordinary text full of values, times 50."""
    assert callable(play)
    for number in range(60):
        play(Random(f"suite:{number}"))


@pytest.mark.slow
@pytest.mark.parametrize("piece", ATTACKS)
def test_time_of_repeats_is_linear(piece: str) -> None:
    """What the interpreter and the engines do inside of one step is linear, too; that cannot be counted."""
    assert not grows(piece)


def test_chance_out_of_bytes_is_chance() -> None:
    """Every byte counts, every choice can be reached, and when the bytes are over there is still an answer."""
    chosen = {BytesRandom(bytes([number])).choice("abcd") for number in range(256)}
    assert chosen == set("abcd")
    assert BytesRandom(b"").randrange(10) == BytesRandom(b"").randrange(10)
    assert len(BytesRandom(b"").sample(range(100), 4)) == 4
    assert 0 <= BytesRandom(b"\xff" * 8).random() < 1
    assert sorted(BytesRandom(bytes(range(60))).sample(range(9), 9)) == list(range(9))


def test_a_finding_is_made_small() -> None:
    """Of a long input only what breaks the promise is left."""
    text = "lorem ipsum " * 50 + "AB" + "dolor " * 50 + "C"
    assert smallest(text, lambda shorter: "AB" in shorter and "C" in shorter) == "ABC"
    assert str(Broken("promise", "x" * 1000, detail="rule"))[:30] == "promise (rule): 'xxxxxxxxxxxxx"
