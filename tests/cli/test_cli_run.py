"""`spanwise run`: the program's own streams, exit code and signals, and one line about its model calls."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.command import MODEL_CALL, SPANWISE, TIMEOUT_S, environment, spanwise


@pytest.mark.parametrize("code", [0, 1, 2, 77, 255])
def test_exit_code(tmp_path: Path, code: int) -> None:
    """The exit code is the program's."""
    assert spanwise(tmp_path, "run", "sh", "-c", f"exit {code}").returncode == code


def test_killed_program(tmp_path: Path) -> None:
    """A program that a signal ended gives 128 and its number, as in a shell."""
    assert spanwise(tmp_path, "run", "sh", "-c", "kill -9 $$").returncode == 128 + signal.SIGKILL


def test_streams_are_untouched(tmp_path: Path) -> None:
    """Standard input, output and error are the program's, byte for byte; without a terminal nothing is added."""
    program = (
        "import sys; data = sys.stdin.buffer.read(); sys.stdout.buffer.write(data); sys.stderr.write('warning\\n')"
    )
    ran = subprocess.run(
        [SPANWISE, "run", sys.executable, "-c", program],
        input=bytes(range(256)),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, bytes(range(256)), b"warning\n")


@pytest.mark.parametrize(
    ("command", "code", "sentence"),
    [
        (["no-such-program"], 127, "spanwise: no-such-program: command not found"),
        (["./none"], 127, "spanwise: ./none: command not found"),
        ([""], 127, "spanwise: the command is empty"),
        (["."], 126, "spanwise: .: is a directory"),
        (["./app.py"], 126, "spanwise: ./app.py: not executable (did you mean: spanwise run python ./app.py)"),
        (["./data"], 126, "spanwise: ./data: not executable"),
        (["./broken"], 126, "spanwise: ./broken: cannot be executed (exec format error)"),
    ],
)
def test_program_that_cannot_run(tmp_path: Path, command: list[str], code: int, sentence: str) -> None:
    """What cannot be run is named in one line, with a shell's exit code."""
    (tmp_path / "app.py").write_text("")
    (tmp_path / "data").write_text("")
    (tmp_path / "broken").write_bytes(b"\x7fELF\0\0")
    (tmp_path / "broken").chmod(0o755)
    ran = spanwise(tmp_path, "run", *command)
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, "", sentence + "\n")


def test_options_of_the_program(tmp_path: Path) -> None:
    """Everything after the program's name is the program's, also what looks like an option of ours."""
    program = "import sys; print(sys.argv[1:])"
    ran = spanwise(tmp_path, "run", sys.executable, "-c", program, "--json", "-h", "--", "--store=x")
    assert ran.stdout == "['--json', '-h', '--', '--store=x']\n"


def test_summary_as_json(tmp_path: Path) -> None:
    """`--json` prints the sums on standard error, where they do not mix with the program's output."""
    ran = spanwise(tmp_path, "run", "--json", sys.executable, "-c", MODEL_CALL + "print('out')")
    assert ran.stdout == "out\n"
    assert ran.stderr.count("\n") == 1, "one line, as whoever greps for it expects"
    summary = json.loads(ran.stderr, parse_float=Decimal)
    assert summary["calls"] == 1
    assert summary["tokens"] == 1100
    assert summary["cost_usd"] == Decimal("0.00056")
    assert summary["redactions"] == 1
    assert summary["unpriced"] == 0


def test_summary_on_a_terminal(tmp_path: Path) -> None:
    """On a terminal one line follows the program's output; `--quiet` and `SPANWISE_SUMMARY=0` leave it out."""
    line = "spanwise: 1 model call, 1 model, 1.1k tokens, $0.00056, p95 "
    assert line in on_terminal(tmp_path)
    assert line not in on_terminal(tmp_path, "--quiet")
    assert line not in on_terminal(tmp_path, SPANWISE_SUMMARY="0")


def on_terminal(directory: Path, *options: str, **variables: str) -> str:
    """What a program with one model call prints to standard error when that is a terminal."""
    leader, follower = pty.openpty()
    ran = subprocess.run(
        [SPANWISE, "run", *options, sys.executable, "-c", MODEL_CALL],
        cwd=directory,
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=follower,
        timeout=TIMEOUT_S,
        check=False,
    )
    os.write(follower, b"end")
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    os.close(follower)
    assert ran.returncode == 0, shown
    return shown


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_reach_the_program(tmp_path: Path, number: signal.Signals) -> None:
    """A signal sent to `spanwise run` reaches the program, whose answer to it decides the exit code."""
    program = (
        "import signal, sys\n"
        f"signal.signal({int(number)}, lambda *_: sys.exit(42))\n"
        "print('ready', flush=True)\n"
        "signal.pause()\n"
    )
    with subprocess.Popen(
        [SPANWISE, "run", sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(number)
        assert child.wait(TIMEOUT_S) == 42


def test_store_that_cannot_be_used(tmp_path: Path) -> None:
    """A file that is no store is named before the program starts, and stays as it is."""
    (tmp_path / "notes.txt").write_text("mine")
    ran = spanwise(tmp_path, "run", "--store", "notes.txt", sys.executable, "-c", "print('started')")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("spanwise: the store notes.txt is not a DuckDB file; ")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_private_store(tmp_path: Path) -> None:
    """The store is made in the project, readable by its owner only, and ignored by git."""
    spanwise(tmp_path, "run", sys.executable, "-c", MODEL_CALL)
    assert (tmp_path / ".spanwise").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / ".spanwise" / "spanwise.duckdb").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / ".spanwise" / ".gitignore").read_text() == "*\n"


def test_program_in_a_program(tmp_path: Path) -> None:
    """A program that starts another Python program is recorded with it."""
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {MODEL_CALL!r}], check=True)"
    ran = spanwise(tmp_path, "run", "--json", sys.executable, "-c", outer)
    assert json.loads(ran.stderr)["calls"] == 1


def test_two_runs_at_once(tmp_path: Path) -> None:
    """Two runs share one store, and each sums up its own calls only."""
    runs = [
        subprocess.Popen(
            [SPANWISE, "run", "--json", sys.executable, "-c", MODEL_CALL * count],
            cwd=tmp_path,
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        for count in (2, 3)
    ]
    summaries = [json.loads(run.communicate(timeout=TIMEOUT_S)[1]) for run in runs]
    assert [summary["calls"] for summary in summaries] == [2, 3]
    (row,) = json.loads(spanwise(tmp_path, "report", "cost", "--json").stdout)
    assert row["calls"] == 5
