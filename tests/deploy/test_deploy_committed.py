"""What is committed below deploy/ is what the compilers render for a policy that says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from spanwise.deploy import TARGETS
from spanwise.deploy.render import State, write
from spanwise.plan import Plan


DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.mark.parametrize("name", TARGETS)
def test_committed_files_are_the_rendered_ones(name: str) -> None:
    """Byte for byte, none missing and none left over: `spanwise deploy render all --out deploy` makes them."""
    outcomes = write(TARGETS[name].compile(Plan()), DEPLOY / name, check=True)
    wrong = {str(outcome.path): f"{outcome.state}\n{outcome.difference[:2000]}" for outcome in outcomes}
    assert {path: text for path, text in wrong.items() if not text.startswith(State.SAME)} == {}


@pytest.mark.parametrize("name", TARGETS)
def test_rendering_twice_gives_the_same(name: str) -> None:
    """No clock, no order of a set, no path of this machine."""
    first, second = (TARGETS[name].compile(Plan()) for _ in range(2))
    assert first == second
    assert not any(str(DEPLOY.parent) in artefact.text for artefact in first)
