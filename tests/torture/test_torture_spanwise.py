"""The torture suite on us: everything passes, with every SDK there is a module for."""

from __future__ import annotations

import pytest

from tests.emulator import Emulator
from tests.torture.runner import Runner
from tests.torture.sdk import NAMES
from tests.torture.suite import OWN, suite
from tests.torture.verdict import PASSED


@pytest.mark.slow
@pytest.mark.parametrize("sdk", NAMES)
def test_no_case_fails(sdk: str) -> None:
    """No case fails and none is not supported."""
    with Emulator() as emulator:
        verdicts = Runner(suite(OWN, (sdk,)), sdk, emulator).run()
    assert len(verdicts) > 150
    assert [(verdict.case, verdict.faults) for verdict in verdicts if verdict.outcome != PASSED] == []
