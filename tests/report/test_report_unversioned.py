"""`report prompts` tells prompts that nobody versions by their fingerprint."""

from __future__ import annotations

from pathlib import Path

from spanwise.store import VIEWS, Store
from tests.report.dozen import call


PERFORMANCE = next(view for view in VIEWS if view.name == "prompt_performance")


def test_unversioned_prompts_are_told_apart(tmp_path: Path) -> None:
    """A row for each fingerprint that came again, one for all others; a call without any is in none."""
    store = Store(tmp_path / "store.duckdb")
    marks = ["a" * 16, "a" * 16, "b" * 16, "c" * 16, None]
    records = [
        call(
            number,
            1,
            0,
            1,
            "large",
            given=10,
            made=1,
            cost=0.5,
            **({"spanwise__prompt__fingerprint": mark} if mark else {}),
        )
        for number, mark in enumerate(marks, 1)
    ]
    store.write([*records, call(9, 1, 0, 1, "large", given=10, made=1, cost=0.5, prompt="plan@1")])
    rows = store.ask(PERFORMANCE).rows
    assert sorted((row[0], row[1]) for row in rows) == [
        ("plan@1", 1),
        ("unversioned " + "a" * 16, 2),
        ("unversioned, seen once", 2),
    ]
