"""The body of `spanwise check`: what is printed, and the exit code."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from spanwise.cli.check_command import check_files
from tests.semconv.check.telemetry import CHAT, WHERE, Json, changed, span, spans


GOOD = spans(span(CHAT))
IMPROVABLE = spans(
    span(changed(CHAT, gen_ai__response__id=None, spanwise__stream__outcome=None, gen_ai__usage__input_tokens=None))
)
WRONG = spans(span({**CHAT, "gen_ai.foo": "\x1b[2J"}))
FAILED_WITHOUT_ADDRESS = spans(
    span({**changed(CHAT, server__address=None, server__port=None), "error.type": "timeout"}, status=2)
)


def written(path: Path, *documents: Json) -> str:
    """`documents` as the lines of a file."""
    path.write_text("\n".join(json.dumps(one) for one in documents))
    return str(path)


@pytest.mark.parametrize(
    ("document", "fail_on", "code"),
    [
        (GOOD, "violation", 0),
        (GOOD, "improvement", 0),
        (GOOD, "information", 1),
        (GOOD, "never", 0),
        (FAILED_WITHOUT_ADDRESS, "violation", 0),
        (FAILED_WITHOUT_ADDRESS, "improvement", 1),
        (IMPROVABLE, "violation", 1),
        (WRONG, "violation", 1),
        (WRONG, "never", 0),
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_exit_code(tmp_path: Path, document: Json, fail_on: str, code: int, as_json: bool) -> None:
    """The exit code is 1 when a finding is at least as serious as asked for, in either form of output."""
    assert check_files([written(tmp_path / "a.json", document)], fail_on=fail_on, as_json=as_json) == code


def test_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The text has a row for each rule and attribute, worst first, with its count and one place; nothing acts on a
    terminal.
    """
    check_files([written(tmp_path / "a.json", WRONG, WRONG, GOOD)], fail_on="violation", as_json=False)
    text = capsys.readouterr().out
    lines = text.splitlines()
    [row] = [number for number, line in enumerate(lines) if "missing_attribute" in line]
    assert lines[row].split()[:4] == ["violation", "missing_attribute", "gen_ai.foo", "2"]
    assert f"chat llama-4 {WHERE}" in lines[row + 1]
    assert all("information" in line for line in lines[row + 2 : -2] if line[:1].strip())
    assert "verdict: 2 violation, 0 improvement," in text
    assert "read 3 spans, 0 metrics, 0 events; 3 of them are about GenAI or MCP" in text
    assert "\x1b" not in text


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON has every finding on its own, and says what failed the check."""
    code = check_files([written(tmp_path / "a.json", WRONG)], fail_on="violation", as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert code == 1
    assert (document["ok"], document["fail_on"], document["left_out"]) == (False, "violation", 0)
    assert document["checked"] == {"spans": 1, "metrics": 0, "events": 0, "judged": 1}
    assert document["severities"]["violation"] == 1
    assert document["findings"][0] == {
        "id": "missing_attribute",
        "severity": "violation",
        "signal": "span",
        "subject": "chat llama-4",
        "attribute": "gen_ai.foo",
        "message": "not in the registry",
        "where": WHERE,
    }


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`-` is standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(WRONG).encode())))
    assert check_files(["-"], fail_on="violation", as_json=False) == 1
    assert "gen_ai.foo" in capsys.readouterr().out


def test_several_files_are_one_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files are checked together."""
    paths = [written(tmp_path / "a.json", GOOD), written(tmp_path / "b.json", WRONG)]
    assert check_files(paths, fail_on="violation", as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["checked"]["spans"] == 2


def test_bad_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that cannot be read is named on standard error, and does not decide the exit code."""
    path = tmp_path / "a.json"
    path.write_text(f"{json.dumps(GOOD)}\n{{cut\n{json.dumps(GOOD)}\n")
    assert check_files([path], fail_on="violation", as_json=True) == 0
    printed = capsys.readouterr()
    assert f"{path}:2: not JSON" in printed.err
    document = json.loads(printed.out)
    assert (document["checked"]["spans"], document["unread"]) == (2, 1)
    assert document["problems"][0]["line"] == 2


def test_many_bad_lines_are_few_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """However much cannot be read, a screen can hold what is said about it."""
    path = tmp_path / "a.json"
    path.write_text(f"{json.dumps(GOOD)}\n" + "x\n" * 5_000)
    check_files([path], fail_on="violation", as_json=True)
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 21
    assert errors[-1] == "spanwise: and 4980 more that cannot be read"


@pytest.mark.parametrize("content", ["", "\n", "{", "[1, 2]", "\x00\x01", "plain text"])
def test_nothing_readable(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    """Nothing to check is not a success: exit code 2, a reason on standard error, no report."""
    path = tmp_path / "a.json"
    path.write_text(content)
    assert check_files([path], fail_on="never", as_json=True) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("spanwise: ")


def test_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is wrong use: exit code 2, and the other files are checked all the same."""
    paths = [str(tmp_path / "none.json"), written(tmp_path / "a.json", WRONG)]
    assert check_files(paths, fail_on="violation", as_json=False) == 2
    printed = capsys.readouterr()
    assert "none.json: No such file or directory" in printed.err
    assert "gen_ai.foo" in printed.out
    assert check_files([tmp_path], fail_on="violation", as_json=False) == 2


def test_unknown_threshold() -> None:
    """A threshold that does not exist is refused before anything is read."""
    with pytest.raises(ValueError, match="fatal"):
        check_files([], fail_on="fatal", as_json=False)
