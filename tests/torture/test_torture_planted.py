"""The torture suite finds what is wrong: bad instrumentations, each with a planted fault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator import Emulator
from tests.torture.runner import Runner
from tests.torture.suite import Instrumentation, Suite
from tests.torture.verdict import FAILED, PASSED


CASES = (
    "one span per call/chat sync",
    "one span per call/chat stream sync",
    "streams: drained, teed, read elsewhere/drained sync",
    "context is the caller's between chunks and after a call/between chunks sync",
    "refusals (400 to 529): status ERROR, error.type of few values/error_400 sync",
    "the user's exception is the very one/error_400 sync",
    "clients and streams are what they were (type, is, copy, pickle)/types sync",
    "no key or header in any span/answer sync",
)
FAULTS = {
    "DoubleCounting": {0, 1, 2, 3, 4},
    "LeakingContext": {3, 4},
    "ConsumingStream": {6},
    "TalkingOfErrors": {4, 5, 7},
}
"""Which of the cases must fail; the first of a bad instrumentation's faults is what it was made for."""


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for the module."""
    with Emulator() as running:
        yield running


@pytest.mark.parametrize("name", FAULTS)
def test_planted_fault(emulator: Emulator, name: str) -> None:
    """The cases that a bad instrumentation breaks fail, and say what they found; the others pass."""
    planted = Suite(name, sdks={"openai": Instrumentation((f"tests.torture.planted:{name}",), ())})
    verdicts = Runner(planted, "openai", emulator).run(only=CASES)
    outcomes = {verdict.case: verdict.outcome for verdict in verdicts}
    assert set(outcomes.values()) <= {FAILED, PASSED}
    assert {CASES.index(case) for case, outcome in outcomes.items() if outcome == FAILED} == FAULTS[name]
    assert all(verdict.faults for verdict in verdicts if verdict.outcome == FAILED)


def test_crash_loses_one_case(emulator: Emulator) -> None:
    """A process that dies in one case costs that case only: the others have their verdicts."""
    planted = Suite("crash", sdks={"openai": Instrumentation(("tests.torture.planted:Crashing",), ())})
    verdicts = Runner(planted, "openai", emulator).run(only=CASES)
    outcomes = {verdict.case: verdict for verdict in verdicts}
    assert set(outcomes) == set(CASES)
    assert "its process died" in outcomes[CASES[4]].faults[0]
    assert outcomes[CASES[0]].outcome == outcomes[CASES[7]].outcome == PASSED
