"""A person's SQL: what it may do, what it may not, and what is said then."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from spanwise.cli.sql_command import run_sql, show_views
from spanwise.store import VIEWS, StatementError, Store, StoreError, statement
from tests.report.dozen import dozen, store_of
from tests.store.timers import noted_timers


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The dozen calls, stored."""
    return store_of(tmp_path_factory.mktemp("dozen"), dozen())


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT count(*) FROM calls", [(10,)]),
        ("select model from cost_by_model order by cost_usd desc limit 1;", [("large",)]),
        ("WITH it AS (FROM cost_by_currency) SELECT currency FROM it ORDER BY calls DESC LIMIT 1", [("USD",)]),
        ("SELECT count(*) FROM spans", [(16,)]),
        ("VALUES (1, 'a')", [(1, "a")]),
        ("SELECT [1, 2]", [("[1, 2]",)]),
    ],
)
def test_reads(store: Store, text: str, rows: list[tuple[object, ...]]) -> None:
    """Views and the table can be asked for, in any form that reads."""
    assert store.sql(text).rows == rows


def test_plans_and_columns_can_be_asked_for(store: Store) -> None:
    """DESCRIBE and EXPLAIN read, too."""
    assert store.sql("DESCRIBE cost_by_model").rows[0][:2] == ("model", "VARCHAR")
    assert store.sql("EXPLAIN SELECT 1").rows


FORBIDDEN = [
    "INSERT INTO spans SELECT * FROM spans",
    "DELETE FROM spans",
    "DROP TABLE spans",
    "CREATE TABLE x (a INT)",
    "CREATE TEMP TABLE x AS SELECT 1",
    "COPY spans TO '/tmp/spanwise-test.csv'",
    "EXPORT DATABASE '/tmp/spanwise-test'",
    "ATTACH '/tmp/spanwise-test.duckdb'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit = '100GB'",
    "PRAGMA database_size",
    "CALL pragma_version()",
    "PREPARE x AS SELECT 1",
    "EXPLAIN ANALYZE DELETE FROM spans",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM 'https://localhost/x.csv'",
    "SELECT * FROM sqlite_scan('/tmp/x', 'y')",
    "SELECT getenv('HOME')",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE spans",
    "",
    "   -- nothing",
    "not sql",
    "SELECT nothing_such FROM calls",
    "SELECT * FROM dozen",
    "SELECT " + "(" * 3000 + "1" + ")" * 3000,
    "SELECT 'x' || " + "'y'" * 40_000,
]


@pytest.mark.parametrize("text", FORBIDDEN, ids=lambda text: text[:40] or "empty")
def test_forbidden(store: Store, text: str) -> None:
    """What writes, leaves the store or is no statement is refused in one line, and nothing happens."""
    before = store.path.read_bytes()
    with pytest.raises(StatementError) as refused:
        store.sql(text)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 450
    assert store.path.read_bytes() == before
    assert not list(Path("/tmp").glob("spanwise-test*"))


def test_a_variable_of_python_is_no_table(store: Store) -> None:
    """DuckDB would look for a name among the variables of the program; here it does not."""
    secrets = [{"key": "x"}]
    with pytest.raises(StatementError, match="secrets"):
        store.sql("SELECT * FROM secrets")
    assert secrets


def test_time_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that would run for hours is ended, and the store is free again."""
    monkeypatch.setattr(statement, "TIME_LIMIT_S", 0.2)
    waits = noted_timers(monkeypatch)
    with pytest.raises(StatementError, match=r"longer than 0\.2 s"):
        store.sql("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 3")
    assert waits == [0.2]
    assert store.sql("SELECT 1").rows == [(1,)]


def test_memory_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that would need gigabytes is ended, and nothing is spilled beside the store."""
    monkeypatch.setattr(statement, "TIME_LIMIT_S", 300)  # on a busy machine the time would be over first
    with pytest.raises(StatementError, match="more than 512MB"):
        store.sql("SELECT list(range) FROM range(200000000)")
    assert [path.name for path in store.path.parent.iterdir()] == ["s.duckdb"]


def test_rows_are_bounded(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """More rows than asked for are cut, and that is said."""
    assert run_sql(store, "SELECT range FROM range(50)", limit=3, as_json=True, as_csv=False) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == [{"range": 0}, {"range": 1}, {"range": 2}]
    assert shown.err == "only the first 3 rows; --limit N gives more, LIMIT and OFFSET in the statement others\n"
    assert run_sql(store, "SELECT range FROM range(3)", limit=3, as_json=True, as_csv=False) == 0
    assert capsys.readouterr().err == ""


def test_forms(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """A table, JSON and CSV have the same row; money keeps its digits in CSV, unknown is null, empty or a dash."""
    text = "SELECT user_id, cost_usd, last_day FROM (SELECT *, DATE '2026-11-25' AS last_day FROM cost_by_user) LIMIT 1"
    text = text.replace("LIMIT 1", "WHERE user_id = 'ann' OR user_id IS NULL ORDER BY user_id NULLS FIRST")
    assert run_sql(store, text, limit=9, as_json=True, as_csv=False) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"user_id": None, "cost_usd": None, "last_day": "2026-11-25"},
        {"user_id": "ann", "cost_usd": 0.031, "last_day": "2026-11-25"},
    ]
    assert run_sql(store, text, limit=9, as_json=False, as_csv=True) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[1:] == [["", "", "2026-11-25"], ["ann", "0.031", "2026-11-25"]]
    assert run_sql(store, text, limit=9, as_json=False, as_csv=False) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[2:] == [["-", "-", "2026-11-25"], ["ann", "0.031", "2026-11-25"]]


def test_wrong_use(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake is one line on standard error and exit code 2; no control character of the statement comes back."""
    assert run_sql(store, "SELECT \x1b[2Jx FROM calls", limit=1, as_json=False, as_csv=False) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    assert shown.err.startswith("spanwise: ")
    assert "\x1b" not in shown.err
    assert run_sql(store, "SELECT 1", limit=1, as_json=True, as_csv=True) == 2
    with pytest.raises(StoreError, match="there is no store"):
        Store(tmp_path / "none.duckdb").sql("SELECT 1")


def test_hostile_values_do_not_act(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """A value with an escape sequence is drawn as plain text, in names of columns as well."""
    assert run_sql(store, "SELECT 'a' || chr(27) || '[2J' AS \"x\x1b[1m\"", limit=1, as_json=False, as_csv=False) == 0
    assert "\x1b[2J" not in capsys.readouterr().out


def test_views_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Every view and column is in the list, for people and as JSON."""
    assert show_views(as_json=False) == 0
    shown = capsys.readouterr()
    assert [view.name for view in VIEWS if f"\n{view.name}\n" not in f"\n{shown.out}"] == []
    assert "cost_usd" in shown.out
    assert shown.err.startswith("next: spanwise sql ")
    assert show_views(as_json=True) == 0
    assert [view["view"] for view in json.loads(capsys.readouterr().out)] == [view.name for view in VIEWS]
