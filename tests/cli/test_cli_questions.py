"""The commands that read the store: data on standard output, prose on standard error."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spanwise.cli.since import moment
from spanwise.store import Dimension, Store
from tests.cli.command import SPANWISE, TIMEOUT_S, environment, spanwise
from tests.cli.typed import typed
from tests.store.calls import call, failed, unpriced


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose store holds two traces: a call that failed and one without a price; and a priced one."""
    directory = tmp_path_factory.mktemp("project")
    Store(directory / ".spanwise" / "spanwise.duckdb").write(
        [
            call(1, 0xABC << 88, ago_s=90_000, user__id="ann", gen_ai__input__messages='[{"role":"user"}]'),
            failed(2, 0xABD << 88),
            unpriced(3, 0xABD << 88),
        ]
    )
    return directory


def test_cost(project: Path) -> None:
    """`report cost` prints a table; the notes and the next command go to standard error."""
    ran = spanwise(project, "report", "cost", "--by", "model")
    assert ran.returncode == 0
    assert "gpt-4.1" in ran.stdout
    assert "$0.100000" in ran.stdout
    assert "2 calls have no known price and have no part in the sums" in ran.stderr
    assert "next: spanwise" in ran.stderr
    assert "next:" not in ran.stdout


@pytest.mark.parametrize("dimension", list(Dimension))
def test_cost_by_each_dimension(project: Path, dimension: Dimension) -> None:
    """Each dimension gives every call a row, those without a value a row of their own, and sums to the same cost."""
    ran = typed(project, "report", "cost", "--by", dimension, "--json")
    rows = json.loads(ran.stdout)
    assert ran.stderr == ""
    assert sum(row["calls"] for row in rows) == 3
    assert sum(row["cost_usd"] or 0 for row in rows) == pytest.approx(0.1)
    assert all({"user": "user_id"}.get(dimension, dimension) in row for row in rows)


def test_unknown_cost_is_null(project: Path) -> None:
    """JSON says null where no call has a price."""
    rows = json.loads(typed(project, "report", "cost", "--by", "user", "--json").stdout)
    assert {row["user_id"]: row["cost_usd"] for row in rows} == {"ann": 0.1, None: None}


def test_since(project: Path) -> None:
    """`--since` leaves older calls out, and says how to see them when nothing is left."""
    rows = json.loads(typed(project, "report", "cost", "--since", "1h", "--json").stdout)
    assert rows[0]["calls"] == 2
    ran = typed(project, "report", "cost", "--since", "2099-01-01")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr == "no model calls in that time; leave out --since to see all\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", datetime(2026, 11, 24, 9, 58, 30, tzinfo=UTC)),
        ("2w", datetime(2026, 11, 10, 10, 0, tzinfo=UTC)),
        ("999999w", datetime.min.replace(tzinfo=UTC)),
        ("2026-11-20T08:00:00+02:00", datetime(2026, 11, 20, 6, 0, tzinfo=UTC)),
    ],
)
def test_moment(text: str, expected: datetime) -> None:
    """An age counts back from now; a time keeps its zone."""
    assert moment(text, datetime(2026, 11, 24, 10, 0, tzinfo=UTC)) == expected


def test_errors(project: Path) -> None:
    """`report errors` says which calls failed and where to look."""
    ran = typed(project, "report", "errors")
    assert "RateLimitError" in ran.stdout
    assert "next: spanwise trace 0000000abd" in ran.stderr


def test_latency(project: Path) -> None:
    """`report latency` has a row per model."""
    (row,) = json.loads(typed(project, "report", "latency", "--json").stdout)
    assert (row["model"], row["calls"], row["p50_s"]) == ("gpt-4.1", 3, pytest.approx(1, rel=0.01))


def test_traces(project: Path) -> None:
    """`traces` lists the newest first, as many as asked for."""
    rows = json.loads(typed(project, "traces", "--json").stdout)
    assert [row["spans"] for row in rows] == [2, 1]
    assert len(json.loads(typed(project, "traces", "--limit", "1", "--json").stdout)) == 1


@pytest.mark.parametrize("wanted", ["last", "0000000abd", "0000000ABD" + "0" * 22])
def test_trace(project: Path, wanted: str) -> None:
    """`trace` takes `last`, the beginning of an id in any case, or all of it."""
    ran = typed(project, "trace", wanted)
    assert "error: RateLimitError" in ran.stdout
    assert "unpriced: unknown model" in ran.stdout
    assert "2 spans, 2 model calls" in ran.stderr


def test_trace_as_json(project: Path) -> None:
    """JSON has every attribute of every span, as it was stored."""
    (span,) = json.loads(typed(project, "trace", "0000000abc", "--json").stdout)
    assert span["cost"] == 0.1
    assert span["attributes"]["gen_ai.input.messages"] == '[{"role":"user"}]'
    assert span["resource"] == {"service.name": "shop"}
    assert (span["events"], span["links"]) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["trace", "xyz"], "a trace id is 1 to 32 hexadecimal digits, or the word last"),
        (["trace", "fff"], "no trace begins with fff"),
        (["trace", "0"], "several traces begin with 0: 0000000abc000, 0000000abd000"),
        (["report", "cost", "--by", "colour"], "is not one of 'model', 'provider'"),
        (["report", "cost", "--since", "soon"], "neither an age like 30m, 24h or 7d nor a date"),
        (["traces", "--limit", "0"], "--limit"),
        (["no-such-command"], "No such command 'no-such-command'"),
        (["trace"], "Missing argument 'ID'"),
        (["run"], "Missing argument 'CMD...'"),
    ],
)
def test_wrong_use(project: Path, arguments: list[str], sentence: str) -> None:
    """Wrong use ends with 2 and a sentence that says what is right; never a traceback."""
    ran = typed(project, *arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert sentence in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    "arguments", [["report", "cost"], ["report", "errors"], ["report", "latency"], ["traces"], ["trace", "last"]]
)
def test_empty_store(tmp_path: Path, arguments: list[str]) -> None:
    """Before the first run every question says what to do, makes no file, and answers JSON with an empty list."""
    ran = typed(tmp_path, *arguments)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr.endswith("yet; next: spanwise run python app.py\n")
    assert json.loads(typed(tmp_path, *arguments, "--json").stdout) == []
    assert list(tmp_path.iterdir()) == []


def test_closed_pipe(project: Path) -> None:
    """A reader that goes away (`| head -0`) ends the command as it would any other, without a traceback."""
    with subprocess.Popen(
        [SPANWISE, "traces", "--json"],
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == ""
        assert child.wait(TIMEOUT_S) == 141


def test_no_colour_in_a_pipe(project: Path) -> None:
    """What goes to a file has no escape sequences, and is not cut to a terminal's width."""
    assert "\x1b" not in typed(project, "trace", "last").stdout


def test_version_and_help(tmp_path: Path) -> None:
    """`--version` names the version; `-h` lists every command."""
    assert typed(tmp_path, "--version").stdout.startswith("spanwise 0.")
    shown = typed(tmp_path, "-h").stdout
    assert [name for name in ("run", "traces", "trace", "doctor", "report") if name not in shown] == []


def imported_by(statement: str) -> set[str]:
    """Heavy packages that `statement` imports."""
    heavy = ["typer", "rich", "duckdb", "grpc", "openai"]
    program = f"{statement}\nimport json, sys\nprint(json.dumps([name for name in {heavy} if name in sys.modules]))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment(), check=True)
    return set(json.loads(ran.stdout))


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import spanwise.cli", set()),
        ("import spanwise.store, spanwise.report", set()),
        ("import spanwise.cli.app", {"typer"}),
        ("import spanwise.pipeline, spanwise.instrument", set()),
    ],
)
def test_imports_are_late(statement: str, allowed: set[str]) -> None:
    """Nothing heavy is imported before it is used."""
    assert imported_by(statement) <= allowed


def test_what_changed(tmp_path: Path) -> None:
    """`report change` compares the last days with as many before, and its effects sum to the difference."""
    twice = {"gen_ai__usage__input_tokens": 200, "spanwise__cost__input": 0.2, "gen_ai__usage__cost__amount": 0.2}
    Store(tmp_path / ".spanwise" / "spanwise.duckdb").write(
        [
            call(1, 1, ago_s=100_000, spanwise__cost__input=0.1),
            call(2, 2, ago_s=36_000, **twice),
            call(3, 3, ago_s=3600, **twice),
            unpriced(4, 4),
        ]
    )
    ran = typed(tmp_path, "report", "change")
    assert ran.returncode == 0, ran.stderr
    assert "model mix" in ran.stdout
    assert "$0.300000 more than before (+300 %); most of it is" in ran.stderr
    assert "without a price in US dollars, and in no sum: 0 calls before, 1 now" in ran.stderr
    told = json.loads(typed(tmp_path, "report", "change", "--since", "24h", "--json").stdout)
    assert told["factors_usd"] == {"volume": 0.15, "mix": 0, "tokens": 0.15, "price": 0}
    assert told["calls_left_out"] == {"before": 0, "after": 1}
    empty = typed(tmp_path, "report", "change", "--since", "1m")
    assert "no priced model call since" in empty.stderr


def test_sql(project: Path, tmp_path: Path) -> None:
    """`sql` answers on standard output; a mistake is one line on standard error and exit code 2."""
    ran = spanwise(
        project, "sql", "SELECT user_id, cost_usd, unpriced_calls FROM cost_by_user ORDER BY user_id", "--csv"
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == ["user_id,cost_usd,unpriced_calls", "ann,0.1,0", ",,2"]
    ran = typed(project, "sql", "DELETE FROM spans")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "spanwise: DELETE is not run: the store is open for reading, so use SELECT\n"
    ran = typed(tmp_path, "sql", "SELECT 1")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "next: spanwise run python app.py" in ran.stderr
    assert "cost_by_model" in typed(tmp_path, "sql", "--views").stdout


def test_reports_to_files(project: Path, tmp_path: Path) -> None:
    """A report is written as a page and a chart, and standard output stays free for the data."""
    ran = spanwise(
        project, "report", "users", "--csv", "--html", tmp_path / "users.html", "--png", tmp_path / "users.png"
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("user_id,calls,")
    assert ran.stderr.splitlines() == [f"wrote {tmp_path / name}" for name in ("users.html", "users.png")]
    assert typed(project, "report", "users", "--csv", "--json").returncode == 2
