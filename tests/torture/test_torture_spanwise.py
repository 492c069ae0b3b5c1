"""The torture suite on us: everything passes, with every SDK there is a module for."""

from __future__ import annotations

import pytest

from tests.emulator import Emulator
from tests.torture.case.tokens import UNASKED
from tests.torture.runner import Runner
from tests.torture.sdk import NAMES, tried
from tests.torture.suite import OWN, suite
from tests.torture.verdict import PASSED, UNSUPPORTED


@pytest.mark.slow
@pytest.mark.parametrize("sdk", NAMES)
def test_no_case_fails(sdk: str) -> None:
    """No case fails, and none is not supported but the usage that nobody asked for where requests are left as sent."""
    with Emulator() as emulator:
        verdicts = Runner(suite(OWN, (sdk,)), sdk, emulator).run(starts=False)
    assert len(verdicts) > 80
    excused = (UNASKED,) if tried(sdk).is_left_as_sent else ()
    others = [verdict for verdict in verdicts if verdict.outcome != PASSED]
    assert [(verdict.case, verdict.faults) for verdict in others if verdict.promise not in excused] == []
    assert all(verdict.outcome == UNSUPPORTED for verdict in others)
