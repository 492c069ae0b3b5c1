"""`python -m demo` starts the emulator, runs the commands in order and passes on what went wrong."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import TypeAlias

import pytest

from demo import __main__ as demo
from tests.emulator.document import Json


STAND_IN = """#!{python}
import json, os, sys
kept = {{n: v for n, v in os.environ.items() if n.startswith(("OPENAI", "ANTHROPIC", "OTEL", "SPANWISE", "DEMO"))}}
with open({log!r}, "a") as log:
    log.write(json.dumps({{"arguments": sys.argv[1:], "environment": kept}}) + "\\n")
sys.exit({code} if sys.argv[1] == {failing!r} else 0)
"""
Calls: TypeAlias = list[Json]


def run_with_stand_in(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *, failing: str = "", code: int = 0
) -> tuple[int, Calls]:
    """The exit code, and what each command was given, with a stand-in for the `spanwise` command."""
    command, log = folder / "spanwise", folder / "calls.jsonl"
    command.write_text(STAND_IN.format(python=sys.executable, log=str(log), failing=failing, code=code))
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(demo, "find_spanwise", lambda: str(command))
    monkeypatch.setattr(demo, "STORE", folder / "demo" / "spanwise.duckdb")
    for name in [n for n in os.environ if n.startswith(("OTEL", "DEMO"))]:
        monkeypatch.delenv(name)
    result = demo.main()
    return result, [json.loads(line) for line in log.read_text().splitlines()]


def test_demo_runs_its_commands_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each under a heading, with the same store and policy; the last run is forgotten; next commands follow."""
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "spanwise.duckdb").write_text("the last run's")
    code, calls = run_with_stand_in(monkeypatch, tmp_path)
    assert code == 0
    assert [call["arguments"] for call in calls] == [arguments for _, arguments in demo.STEPS]
    assert calls[0]["arguments"] == ["run", "--summary", sys.executable, "demo/app.py"]
    settings = calls[0]["environment"]
    assert settings["DEMO_EMULATOR"] == "1"
    assert settings["OPENAI_BASE_URL"].startswith("http://127.0.0.1:")
    assert settings["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] == "SPAN_ONLY"
    assert settings["OTEL_SERVICE_NAME"] == "shop-assistant"
    assert {call["environment"]["SPANWISE_STORE"] for call in calls} == {str(tmp_path / "demo" / "spanwise.duckdb")}
    assert demo.WEBHOOK not in Path(settings["SPANWISE_POLICY"]).read_text()
    assert not (tmp_path / "demo" / "spanwise.duckdb").exists()
    out = capfd.readouterr().out
    assert out.count("\n$ spanwise ") == len(demo.STEPS)
    assert "spanwise view" in out


@pytest.mark.parametrize(("failing", "count"), [("run", 1), ("trace", 2), ("report", 4), ("budgets", len(demo.STEPS))])
def test_demo_stops_at_the_first_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failing: str, count: int
) -> None:
    """A command that fails ends the demonstration with its own exit code."""
    code, calls = run_with_stand_in(monkeypatch, tmp_path, failing=failing, code=7)
    assert code == 7
    assert len(calls) == count


def test_demo_uses_a_real_endpoint_when_one_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With a key and an address of one's own there is no emulator, and the settings are left as they are."""
    monkeypatch.setenv("OPENAI_API_KEY", "mine")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    _, calls = run_with_stand_in(monkeypatch, tmp_path)
    settings = calls[0]["environment"]
    assert settings["OPENAI_BASE_URL"] == "http://127.0.0.1:9/v1"
    assert "DEMO_EMULATOR" not in settings
    assert "ANTHROPIC_API_KEY" not in settings


def test_demo_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Without the command there is one sentence with the cure, and a code of its own."""
    monkeypatch.setattr(demo, "find_spanwise", lambda: None)
    assert demo.main() == 127
    assert "pip install ." in capfd.readouterr().err
