"""`StateTable` gives back what it was given, to whoever holds it, and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.alerting import Condition, StateTable
from tests.alerting.asked import stored
from tests.alerting.traffic import NOON_S


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
CONDITIONS = st.builds(
    Condition,
    rule=TEXT,
    labels=st.dictionaries(TEXT, TEXT, max_size=3),
    state=st.sampled_from(["pending", "firing", "resolved"]),
    since_s=NUMBER,
    started_s=NUMBER,
    held_s=NUMBER,
    seen_s=NUMBER,
    value=NUMBER,
    told=st.sampled_from(["", "firing", "resolved"]),
    told_s=NUMBER,
    failures=st.integers(0, 10),
    next_s=NUMBER,
)


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that is written over again and again."""
    return stored(tmp_path_factory.mktemp("states"), [])


@settings(max_examples=10, deadline=None)
@given(st.lists(CONDITIONS, max_size=4, unique_by=lambda each: each.key))
def test_conditions_come_back_as_they_were(states: Path, conditions: list[Condition]) -> None:
    """Every field, whatever stands in labels; of what was written before, nothing."""
    table = StateTable(states)
    assert table.take("me", now_s=NOON_S, until_s=NOON_S + 60) is not None
    assert table.write("me", conditions, until_s=NOON_S + 60, evaluated_s=NOON_S, unanswered={"a": "b"})
    found = StateTable(states).read()
    assert {each.key: each for each in found.conditions} == {each.key: each for each in conditions}
    assert (found.holder, found.evaluated_s, found.unanswered) == ("me", NOON_S, {"a": "b"})


def test_only_the_holder_writes(tmp_path: Path) -> None:
    """One whose time has ended, and whose place was taken, changes nothing any more."""
    table = StateTable(stored(tmp_path, []))
    assert table.take("me", now_s=NOON_S, until_s=NOON_S + 60) is not None
    assert table.take("you", now_s=NOON_S + 59, until_s=NOON_S + 200) is None
    assert table.take("you", now_s=NOON_S + 61, until_s=NOON_S + 200) is not None
    assert not table.write("me", [], until_s=NOON_S + 300, evaluated_s=NOON_S, unanswered={})
    assert table.read().holder == "you"
