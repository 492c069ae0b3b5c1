"""`spanwise score` as a user types it, and scores of a program on their way to a report."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.cli import main
from spanwise.cli.command import CommandError
from spanwise.cli.score_file import read_scores, value_of
from spanwise.store import Store, StoredScore
from tests.cli.command import spanwise
from tests.store.calls import call


Typed: TypeAlias = Callable[..., tuple[int, str, str]]
"""A command in this process."""

TRACE = f"{9:032x}"
SPAN = f"{5:016x}"

PROGRAM = """
import spanwise
from opentelemetry import trace
attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4.1-mini",
    "gen_ai.response.id": "chatcmpl-1",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 100,
}
with trace.get_tracer("t").start_as_current_span("chat gpt-4.1-mini", attributes=attributes) as span:
    spanwise.score("helpful", True, comment="ask jane@doe.org", user="u-7", source="human")
spanwise.score("overall", 0.75, trace=f"{span.get_span_context().trace_id:032x}")
"""
"""A program that scores its call while it runs and its trace afterwards."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The store of a directory, with one trace in it."""
    store = Store(tmp_path / ".spanwise" / "spanwise.duckdb")
    store.write([call(5, 9, gen_ai__response__id="r-1")])
    return store


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """The command in the directory of the store, in this process: exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["spanwise", *arguments])
        code = main()
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def said(score: StoredScore) -> tuple[Any, ...]:
    """What is looked at of a score."""
    return score.name, score.value, score.label, score.span_id


@pytest.mark.slow
def test_from_a_program_a_file_and_the_command_line(tmp_path: Path) -> None:
    """Scores of a running program, of a later import and of a command in another run are all at their call."""
    ran = spanwise(tmp_path, "run", "--json", sys.executable, "-c", PROGRAM)
    assert ran.returncode == 0, ran.stderr
    (tmp_path / "scores.csv").write_text(
        "name,value,response_id,comment\ntone,formal,chatcmpl-1,\nhelpful,maybe not,,nothing to be about\n"
    )
    imported = spanwise(tmp_path, "score", "import", "scores.csv")
    assert imported.returncode == 1
    assert "scores.csv: line 3: a score names no trace, span or response." in imported.stderr
    command = Path(sys.executable).parent / "spanwise"
    inside = spanwise(tmp_path, "run", "--quiet", command, "score", "last", "safe=true")
    assert inside.returncode == 0 and "the store of this run" in inside.stderr
    (found,) = json.loads(spanwise(tmp_path, "traces", "--json").stdout)
    (span,) = json.loads(spanwise(tmp_path, "trace", "last", "--json").stdout)
    scores = {it["name"]: it for it in span["scores"]}
    assert set(scores) == {"helpful", "overall", "tone", "safe"}
    assert {it["trace_id"] for it in scores.values()} == {found["trace_id"]}
    assert [scores[name]["span_id"] for name in ("helpful", "tone", "overall", "safe")] == [
        span["span_id"],
        span["span_id"],
        None,
        None,
    ]
    assert scores["helpful"]["comment"] == "ask [EMAIL]" and scores["helpful"]["user"] == "u-7"
    drawn = spanwise(tmp_path, "trace", "last", COLUMNS="200")
    assert "scored tone formal (human); scored helpful true (human): ask [EMAIL]" in drawn.stdout
    assert "trace scored overall 0.75 (code)" in drawn.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["last", "helpful=0.5"], ("helpful", 0.5, None, None)),
        ([TRACE, "helpful=true", "--span", SPAN], ("helpful", 1.0, "true", SPAN)),
        (["000", "tone=so so", "--span", "0000000000000005"], ("tone", None, "so so", SPAN)),
        (["--response-id", "r-1", "tone=formal"], ("tone", None, "formal", SPAN)),
        (["add", TRACE.upper(), "n=-1"], ("n", -1.0, None, None)),
    ],
)
def test_by_hand(typed: Typed, store: Store, arguments: list[str], expected: tuple[Any, ...]) -> None:
    """A trace by its id, the beginning of one or `last`; a span of it; an answer without a trace."""
    code, output, errors = typed("score", *arguments)
    assert code == 0 and output == "", errors
    (found,) = store.scores()
    assert said(found) == expected and found.source == "human"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["last"], "accepted is NAME=VALUE"),
        (["helpful=1"], "there is no trace"),
        (["last", "helpful"], "helpful is no score"),
        (["last", "helpful=nan"], "finite number"),
        (["xyz", "helpful=1"], "hexadecimal"),
        (["fff", "helpful=1"], "no trace begins with fff"),
        (["last", "helpful=1", "--span", "fff"], "no span begins with fff"),
        (["last", "helpful=1", "--span", SPAN, "--response-id", "r"], "give one of them"),
        (["helpful=1", "--span", SPAN, "--response-id", "r"], "give one of them"),
        (["import", "none.csv"], "cannot be read"),
    ],
)
def test_wrong_use(typed: Typed, store: Store, arguments: list[str], message: str) -> None:
    """Wrong use is one line and exit code 2, and writes nothing."""
    code, _, errors = typed("score", *arguments)
    assert code == 2
    assert message in errors and errors.count("\n") == 1
    assert store.scores() == []


def test_csv(tmp_path: Path) -> None:
    """Every good line is a score with all that it says; every bad one is named with its number and the reason."""
    file = tmp_path / "s.csv"
    file.write_text(
        "name,value,label,trace_id,span_id,response_id,comment,source,user,time,team\n"
        f'helpful,0.5,fair,{TRACE},{SPAN},,"two\nlines",llm,u-7,2026-01-31T12:00:00Z,red\n'
        f"tone,,formal,{TRACE},,,,,,,\n"
        f"helpful,x,,{TRACE},zz,,,,,,\n"
        f"helpful,nan,,{TRACE},,,,,,,\n"
        f",1,,{TRACE},,,,,,,\n"
        f"helpful,,,{TRACE},,,,,,,\n"
        f"helpful,1,,{TRACE},,,,robot,,,\n"
        f"helpful,1,,{TRACE},,,,,,yesterday,\n"
        f"helpful,1,,{TRACE},,,,,,,,,,\n"
        "helpful,1,,,,r-1,,,,,\n"
    )
    found = read_scores(file, "human")
    assert [(it.text("gen_ai.evaluation.name"), it.value) for it in found.scores] == [
        ("helpful", 0.5),
        ("tone", None),
        ("helpful", 1.0),
    ]
    first = found.scores[0]
    assert first.text("gen_ai.evaluation.score.label") == "fair"
    assert first.text("gen_ai.evaluation.explanation") == "two\nlines"
    assert (first.text("spanwise.score.source"), first.text("user.id")) == ("llm", "u-7")
    assert first.time_unix_nano == 1_769_860_800 * 10**9
    assert [problem.partition(":")[0] for problem in found.problems] == [f"line {number}" for number in range(5, 12)]
    assert found.ignored == {"team"}


def test_json_lines(tmp_path: Path) -> None:
    """JSON lines say by their types what is meant: a number in quotes is a label."""
    file = tmp_path / "s.jsonl"
    lines: list[Any] = [
        {"name": "a", "value": 1, "trace_id": TRACE},
        {"name": "b", "value": "1", "trace_id": TRACE, "span_id": None},
        {"name": "c", "value": True, "response_id": "r"},
        {"name": "d", "value": None, "response_id": "r"},
        {"name": "e", "value": [1], "response_id": "r"},
        [1],
    ]
    file.write_text("\n".join([*map(json.dumps, lines), "", "{"]))
    found = read_scores(file, "code")
    labels = [(it.value, it.text("gen_ai.evaluation.score.label")) for it in found.scores]
    assert labels == [(1.0, None), (None, "1"), (1.0, "true")]
    assert [problem.partition(":")[0] for problem in found.problems] == ["line 4", "line 5", "line 6", "line 8"]


def test_nothing_good(tmp_path: Path, typed: Typed) -> None:
    """A file without a good line is exit code 2, and no store is made for it."""
    (tmp_path / "s.jsonl").write_text("{}\n")
    code, _, errors = typed("score", "import", "s.jsonl")
    assert code == 2 and "line 1: name: found text of 0 characters" in errors
    assert not (tmp_path / ".spanwise").exists()


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe{", b"name,value\n" + b'"' * 3])
def test_other_files(tmp_path: Path, content: bytes) -> None:
    """What is no such file is one error, or a named line."""
    file = tmp_path / "s.csv"
    file.write_bytes(content)
    try:
        found = read_scores(file, "human")
    except CommandError as error:
        assert error.exit_code == 2 and str(file) in str(error)
    else:
        assert found.problems and not found.scores


@given(st.binary(max_size=300))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Any file is scores, named lines, or one error of ours."""
    file = tmp_path_factory.getbasetemp() / "any"
    file.write_bytes(b"name,value,trace_id\n" + content)
    try:
        found = read_scores(file, "human")
    except CommandError:
        return
    assert all(score.trace_id for score in found.scores)


@pytest.mark.parametrize(("text", "value"), [("1", 1.0), ("TRUE", True), ("1e3", 1000.0), ("good", "good"), ("", "")])
def test_values_in_text(text: str, value: object) -> None:
    """Numbers and truth are what they look like; the rest is a label."""
    assert value_of(text) == value and type(value_of(text)) is type(value)
