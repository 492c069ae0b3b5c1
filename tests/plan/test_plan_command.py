"""`spanwise policy explain`, `schema`, `init`: what a user sees of the schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spanwise.cli.policy_command import check_policy_file, explain_key, print_schema, write_policy
from spanwise.plan.example import EXAMPLES, example
from spanwise.plan.explanation import UnknownKeyError, explain, find, overview
from spanwise.plan.outline import Line, lines
from spanwise.plan.schema import schema
from spanwise.policy.document import parse
from tests.plan.form_reader import refusals


LINES = list(lines())


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.dotted)
def test_the_example_of_a_key_is_accepted_there(line: Line) -> None:
    """What `explain` shows can be written; at most something that belongs beside it is missing, or the end is cut."""
    shown = example(line).removesuffix("...\n")
    wrong = [
        problem
        for problem in refusals(parse(shown.encode()).value)
        if len([step for step in problem.path if isinstance(step, str)]) >= len(line.keys)
        and "missing" not in problem.message
    ]
    assert wrong == [], shown


def test_a_key_is_found_however_it_is_written() -> None:
    """As in the reference, as in a complaint, and with names of one's own."""
    for written in ("budgets.limit_usd", "budgets[].limit_usd", "budgets[0].limit_usd"):
        assert find(written).dotted == "budgets[].limit_usd"
    assert find("redact.attributes['user.id']").dotted == "redact.attributes.NAME"
    assert find("alerts.receivers.night-shift.slack").dotted == "alerts.receivers.NAME.slack"


def test_an_explanation_has_everything() -> None:
    """What it does, what is accepted, the default, the variable, and an example."""
    assert explain("content.mode") == (
        "content.mode\n"
        "  Where texts of prompts and answers are written: nowhere, on the span, on a log event, or on both.\n"
        "  accepted: none, span, event, both\n"
        "  default: none\n"
        "  environment: OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT comes before it\n"
        "  example:\n"
        "    content:\n"
        "      mode: span\n"
    )
    assert "  it must be there\n" in explain("budgets.per")


def test_an_unknown_key_has_a_neighbour(capsys: pytest.CaptureFixture[str]) -> None:
    """A typing error is answered with the nearest key, on standard error, with exit code 2."""
    with pytest.raises(UnknownKeyError, match=r"Did you mean budgets\.limit_usd\?"):
        explain("budgets.limt_usd")
    assert explain_key("nonsense" * 1000) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and len(shown.err) < 1000


def test_the_overview_has_every_key() -> None:
    """Without a key there is a line for each."""
    rows = overview().splitlines()
    assert len(rows) == len([line for line in LINES if line.entry.about])
    assert any(row.startswith("sampling.keep.errors ") for row in rows)


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output is the schema and nothing else."""
    assert print_schema() == 0
    assert json.loads(capsys.readouterr().out) == schema()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_written_and_right(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `init` writes has no mistakes, and looks for the schema beside itself."""
    assert write_policy(name, tmp_path) == 0
    file = tmp_path / "spanwise.yaml"
    assert "$schema=spanwise.schema.json\n" in file.read_text()
    assert check_policy_file(file, here=False) == 0
    assert "no mistakes" in capsys.readouterr().out


def test_a_policy_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there stays as it is, and the exit code says so; so it does for an example that is none."""
    (tmp_path / "spanwise.yaml").write_text("cap: {}\n")
    assert write_policy("startup", tmp_path) == 2
    assert (tmp_path / "spanwise.yaml").read_text() == "cap: {}\n"
    assert write_policy("startpu", tmp_path) == 2
    assert "Did you mean startup?" in capsys.readouterr().err
    assert write_policy("startup", tmp_path / "absent") == 2
