"""What the README of evaluations shows works."""

from __future__ import annotations

import re
from pathlib import Path

import spanwise.evaluate
from spanwise.evaluate import Example, read_judge
from spanwise.evaluate.function import judgement_of
from spanwise.record import SpanRecord


TEXT = (Path(spanwise.evaluate.__file__).parent / "README.md").read_text("utf-8")


def block(language: str) -> str:
    """The one block of code in `language`."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


def test_the_judge_is_accepted(tmp_path: Path) -> None:
    """The file of the README is a judge without a complaint, and puts the texts in place."""
    file = tmp_path / "judge.yaml"
    file.write_text(block("yaml"), "utf-8")
    judge = read_judge(file)
    asked = judge.request(Example("user: where?", "there", "", SpanRecord("chat", 1, 2)))
    assert "Question: user: where?\nAnswer: there" in asked
    assert "from 1 to 5" in asked


def test_the_function_judges() -> None:
    """The function of the README gives a value and a reason."""
    space: dict[str, object] = {}
    exec(block("python"), space)
    function = space["short"]
    assert callable(function)
    found = judgement_of(function(Example("", "there", "", SpanRecord("chat", 1, 2))))
    assert (found.value, found.reason) == (True, "by its length")
