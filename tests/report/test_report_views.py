"""Every view against figures that were computed by hand from the table in `dozen`."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from spanwise.record import AttributeValue, Event, ScoreRecord
from spanwise.report.notes import notes
from spanwise.store import VIEWS, Answer, Dimension, Store, View
from spanwise.store.views.generate import PAGE, views_page
from tests.report.dozen import CLAUDE, LARGE, SMALL, asked, call, dozen, store_of, when


VIEW = {view.name: view for view in VIEWS}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The dozen calls, stored."""
    return store_of(tmp_path_factory.mktemp("dozen"), dozen())


def usd(text: str | None) -> Decimal | None:
    """An amount as the store gives it back."""
    return None if text is None else Decimal(text)


def sums(
    calls: int, errors: int, given: int, made: int, cost: str | None, *, read: int = 0, written: int = 0,
    estimated: str | None = None, unpriced: int = 0, foreign: int = 0, blocked: int = 0,
) -> tuple[Any, ...]:  # fmt: skip
    """The columns that all views of cost have, up to the durations."""
    return (
        *(calls, errors, given, made, read, written, 0),
        *(usd(cost), usd(estimated), 1 if estimated else 0, unpriced, foreign, blocked),
    )


COSTS = {
    "cost_by_day": [
        # 0.010 + 0.001 + 0.020 + 0.008; 1000 + 500 + 2000 + 1000 in; 200 + 100 + 400 + 100 out
        (date(2026, 11, 24), *sums(5, 1, 4500, 800, "0.039", read=400, estimated="0.001", unpriced=1)),
        # 0.030 + 0.002; 3000 + 100 + 50 + 700 in; 500 + 10 + 5 + 300 out; 9 and 11 have no price, 8 is in euro
        (date(2026, 11, 25), *sums(5, 1, 3850, 815, "0.032", read=2000, written=500, unpriced=2, foreign=1)),
    ],
    "cost_by_model": [
        (LARGE, *sums(4, 1, 4000, 700, "0.038", read=400, unpriced=1)),
        (CLAUDE, *sums(3, 0, 3150, 515, "0.030", read=2000, written=500, unpriced=1, foreign=1)),
        (SMALL, *sums(3, 1, 1200, 400, "0.003", estimated="0.001", unpriced=1)),
    ],
    "cost_by_provider": [
        ("openai", *sums(7, 2, 5200, 1100, "0.041", read=400, estimated="0.001", unpriced=2)),
        ("anthropic", *sums(3, 0, 3150, 515, "0.030", read=2000, written=500, unpriced=1, foreign=1)),
    ],
    "cost_by_user": [
        ("bob", *sums(4, 1, 4100, 610, "0.038", read=2000, written=500, unpriced=1, foreign=1)),
        ("ann", *sums(3, 0, 3500, 700, "0.031", read=400, estimated="0.001")),
        ("cat", *sums(2, 1, 700, 300, "0.002", unpriced=1)),
        (None, *sums(1, 0, 50, 5, None, unpriced=1)),
    ],
    "cost_by_tenant": [
        ("acme", *sums(5, 1, 4500, 800, "0.039", read=400, estimated="0.001", unpriced=1)),
        ("beta", *sums(4, 1, 3800, 810, "0.032", read=2000, written=500, unpriced=1, foreign=1)),
        (None, *sums(1, 0, 50, 5, None, unpriced=1)),
    ],
    "cost_by_session": [
        ("s1", *sums(3, 0, 3500, 700, "0.031", read=400, estimated="0.001")),
        ("s3", *sums(2, 0, 3100, 510, "0.030", read=2000, written=500, foreign=1)),
        ("s2", *sums(2, 1, 1000, 100, "0.008", unpriced=1)),
        ("s4", *sums(2, 1, 700, 300, "0.002", unpriced=1)),
        (None, *sums(1, 0, 50, 5, None, unpriced=1)),
    ],
    "cost_by_feature": [
        (None, *sums(3, 0, 3150, 515, "0.030", read=2000, written=500, unpriced=1, foreign=1)),
        ("draft", *sums(1, 0, 2000, 400, "0.020")),
        ("search", *sums(4, 1, 2500, 400, "0.019", read=400, estimated="0.001", unpriced=1)),
        ("chat", *sums(2, 1, 700, 300, "0.002", unpriced=1)),
    ],
    "cost_by_prompt": [
        (None, *sums(6, 2, 4150, 615, "0.038", read=2000, written=500, unpriced=3, foreign=1)),
        ("plan@1", *sums(2, 0, 3000, 600, "0.030", read=400)),
        ("plan@2", *sums(2, 0, 1200, 400, "0.003", estimated="0.001")),
    ],
    "cost_by_service": [
        ("shop", *sums(10, 2, 8350, 1615, "0.071", read=2400, written=500, estimated="0.001", unpriced=3, foreign=1)),
    ],
}

TRACE_1, TRACE_2, TRACE_3, TRACE_4 = (f"{number:032x}" for number in (1, 2, 3, 4))

# Wilson's interval for 2 of 2, 0 of 1, 1 of 1: 3.8415 is the square of 1.96.
# (2 + 1.9207 -+ 1.96 sqrt(0 + 0.9604)) / (2 + 3.8415), and so on.
BOTH, NONE_OF_ONE, ONE_OF_ONE = (0.342380, 1.0), (0.0, 0.793451), (0.206549, 1.0)

OTHERS: dict[str, list[tuple[Any, ...]]] = {
    "cost_by_currency": [
        ("USD", 6, usd("0.071"), usd("0.001")),
        (None, 3, None, None),
        ("EUR", 1, usd("0.5"), None),
    ],
    "prompt_evaluations": [
        # `done` is about a trace with two prompts, so about none of them; `thumbs` about one with one.
        ("plan@1", "helpful", 1.0, None, None),
        ("plan@1", "helpful", 0.8, None, None),
        ("plan@2", "helpful", 0.5, None, None),
        ("plan@2", "thumbs", 1.0, "up", None),
        ("plan@2", "tone", 4.0, "warm", None),
        (None, "done", 1.0, None, None),
    ],
    "prompt_performance": [
        # calls 1, 3: 0.030 / 2; 2.0 and 3.0 s; (1000 + 2000) / 2; (200 + 400) / 2; scores 1.0 and 0.8
        (*("plan@1", 2, True, 0, 0, usd("0.030"), 0, 0, 0, usd("0.015"), 2.5, 2.95, 1500.0, 300.0),
         *("helpful", 2, 0.9, 2, 1.0, *BOTH)),
        # calls 2, 10: 0.003 / 2; 1.0 and 0.8 s; (500 + 700) / 2; (100 + 300) / 2; score 0.5; others are other scores
        (*("plan@2", 2, True, 0, 1, usd("0.003"), 1, 0, 0, usd("0.0015"), 0.9, 0.99, 600.0, 200.0),
         *("helpful", 1, 0.5, 0, 0.0, *NONE_OF_ONE)),
    ],
    "prompt_scores": [
        (None, "done", 1, True, 1.0, 1.0, 1.0, 1, 1.0, 1, 1.0, *ONE_OF_ONE),
        ("plan@1", "helpful", 2, True, 0.9, 0.8, 1.0, 2, 0.9, 2, 1.0, *BOTH),
        ("plan@2", "helpful", 1, True, 0.5, 0.5, 0.5, 1, 0.5, 0, 0.0, *NONE_OF_ONE),
        ("plan@2", "thumbs", 1, True, 1.0, 1.0, 1.0, 1, 1.0, 1, 1.0, *ONE_OF_ONE),
        ("plan@2", "tone", 1, True, 4.0, 4.0, 4.0, 0, None, 0, None, None, None),
    ],
    "slow_operations": [
        ("invoke_agent", "invoke_agent planner", 1, 0, 10.0, 10.0, 10.0, 10.0, TRACE_1),
        # 0.3, 0.4, 5.0: the 95th percentile lies at 0.95 x 2 = 1.9, so 0.4 + 0.9 x 4.6
        ("chat", "chat claude", 3, 0, 0.4, 4.54, 5.0, 5.7, TRACE_3),
        ("invoke_agent", "invoke_agent writer", 1, 0, 4.0, 4.0, 4.0, 4.0, TRACE_1),
        # 0.2, 1.2, 2.0, 3.0: at 0.95 x 3 = 2.85, so 2.0 + 0.85 x 1.0; the repetition of 5 does not count
        ("chat", "chat large", 4, 1, 1.6, 2.85, 3.0, 6.4, TRACE_1),
        (None, "GET /", 1, 0, 1.5, 1.5, 1.5, 1.5, TRACE_4),
        # 0.1, 0.8, 1.0: at 1.9, so 0.8 + 0.9 x 0.2; the judge does not count
        ("chat", "chat small", 3, 1, 0.8, 0.98, 1.0, 1.9, TRACE_1),
        ("execute_tool", "execute_tool find", 1, 0, 0.5, 0.5, 0.5, 0.5, TRACE_1),
    ],
    "latency": [
        # 515 tokens in 5.0 + 0.4 + 0.3 s
        (CLAUDE, 3, 0.4, 4.54, 5.0, 2.0, 2.0, 515 / 5.7),
        # 700 tokens in 2.0 + 3.0 + 1.2 s: 4 made none; first chunks 0.5 and 1.0
        (LARGE, 4, 1.6, 2.85, 3.0, 0.75, 0.975, 700 / 6.2),
        (SMALL, 3, 0.8, 0.98, 1.0, None, None, 400 / 1.8),
    ],
    "agents": [
        # call 3 belongs to the writer, not to the planner around it
        (*("writer", 1, 0, 1, 0, 1, 1.0, 1, usd("0.020"), 0, 0, 0, usd("0.020"), usd("0.020"), TRACE_1, 4.0, 4.0),),
        (*("planner", 1, 0, 2, 1, 3, 3.0, 3, usd("0.011"), 1, 0, 0, usd("0.011"), usd("0.011"), TRACE_1, 10.0, 10.0),),
    ],
    "errors": [
        ("429", SMALL, "openai", 1, 1 / 3, 0, when(26), TRACE_4),
        ("RateLimitError", LARGE, "openai", 1, 0.25, 2, when(1), TRACE_2),
    ],
    "rate_limits": [
        (LARGE, "openai", 4, 1, 0.25, 2, 3, when(1), TRACE_2),
        (SMALL, "openai", 3, 1, 1 / 3, 0, 0, when(26), TRACE_4),
    ],
    "unpriced": [
        ("no usage", LARGE, "openai", 1, 1, 0, 0, when(1), TRACE_2, f"{4:016x}"),
        ("unknown model", CLAUDE, "anthropic", 1, 0, 50, 5, when(25), TRACE_3, f"{9:016x}"),
        (None, SMALL, "openai", 1, 1, 0, 0, when(26), TRACE_4, f"{11:016x}"),
    ],
    "streaming": [
        (CLAUDE, "anthropic", 1, 2.0, 2.0, 2.0, 500 / 3, 500 / 3, None),
        # 200 / 1.5 and 400 / 2.0 tokens a second; the 5th percentile is 0.05 of the way from one to the other
        (LARGE, "openai", 2, 0.75, 0.975, 1.0, (400 / 3 + 200) / 2, 400 / 3 + 0.05 * 200 / 3, 0.01),
    ],
    "cache_savings": [
        (LARGE, "openai", 4, 1, 4000, 400, 0, 0.1, usd("0.003"), 0, None),
        (CLAUDE, "anthropic", 3, 1, 3150, 2000, 500, 2000 / 3150, None, 1, usd("0.004")),
        (SMALL, "openai", 3, 0, 1200, 0, 0, 0.0, None, 0, None),
    ],
}  # fmt: skip


def near(row: tuple[Any, ...]) -> list[Any]:
    """`row` to compare with: money and counts to the last digit, other fractions nearly."""
    return [pytest.approx(cell, abs=1e-6) if isinstance(cell, float) else cell for cell in row]


@pytest.mark.parametrize("name", COSTS)
def test_cost(store: Store, name: str) -> None:
    """Calls, failures, tokens and money of every row are those computed by hand, to the last digit."""
    answer = store.ask(VIEW[name])
    assert [row[:-2] for row in answer.rows] == COSTS[name]
    assert answer.totals["cost_usd"] == usd("0.071")
    assert answer.totals["calls"] == 10


@pytest.mark.parametrize("name", OTHERS)
def test_view(store: Store, name: str) -> None:
    """Every row is as computed by hand, in the order of the report."""
    found: list[list[Any]] = [list(row) for row in store.ask(VIEW[name]).rows]
    if name == "prompt_evaluations":  # in no order within one prompt and score
        found.sort(key=lambda row: (row[0] or "~", row[1], -row[2]))
    assert found == [near(row) for row in OTHERS[name]]


def test_durations(store: Store) -> None:
    """The percentiles of a view of cost are those of its calls."""
    rows: dict[Any, Any] = {row[0]: row[-2:] for row in store.ask(VIEW["cost_by_model"]).rows}
    assert rows == {
        LARGE: (pytest.approx(1.6), pytest.approx(2.85)),
        CLAUDE: (pytest.approx(0.4), pytest.approx(4.54)),
        SMALL: (pytest.approx(0.8), pytest.approx(0.98)),
    }


def test_what_counts(store: Store) -> None:
    """Repetitions and calls that judge others are in no view; agents and tools are operations and no calls."""
    calls = store.ask(VIEW["calls"])
    assert sorted(int(str(span_id), 16) for span_id in calls.cells("span_id")) == [1, 2, 3, 4, 5, 7, 8, 9, 10, 11]
    assert store.ask(VIEW["operations"]).all_rows == 14
    assert calls.cells("cost_usd")[0] == usd("0.030")


def test_evaluations(store: Store) -> None:
    """Every evaluation event of a span is a row, whatever the span is."""
    answer = store.ask(VIEW["evaluations"])
    found = {(row[4], row[5], row[6]) for row in answer.rows}
    assert found == {
        ("done", 1.0, None), ("helpful", 1.0, None), ("helpful", 0.5, None), ("helpful", 0.8, None),
        ("thumbs", 1.0, "up"), ("tone", 4.0, "warm"),
    }  # fmt: skip


def test_every_view_is_checked() -> None:
    """No view is without figures of its own, and each describes the columns that it has."""
    assert {*COSTS, *OTHERS, "operations", "calls", "evaluations"} == set(VIEW)
    assert [column.name for view in VIEWS for column in view.columns if not column.about] == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_columns_are_those_of_the_query(store: Store, view: View) -> None:
    """A view has the columns that its description names, in that order, for people who write SQL as well."""
    answer = store.sql(f"SELECT * FROM {view.name} LIMIT 1")
    assert [column.name for column in answer.columns] == [column.name for column in view.columns]


def test_a_refused_call_is_not_without_a_price(tmp_path: Path) -> None:
    """A call that a budget blocked was never made: it is an error, and nothing is missing in the sums."""
    blocked = call(1, 1, 0, 0.1, LARGE, error="BudgetExceeded", spanwise__budget__action="block")
    warned = call(2, 2, 0, 0.1, LARGE, reason="unknown model", spanwise__budget__action="warn")
    del blocked.attributes["spanwise.cost.status"]
    store = store_of(tmp_path, [blocked, warned])
    totals = store.ask(VIEW["cost_by_model"]).totals
    assert (totals["calls"], totals["errors"], totals["unpriced_calls"]) == (2, 1, 1)
    assert totals["blocked_calls"] == 1
    assert store.ask(VIEW["unpriced"]).cells("reason") == ["unknown model"]
    (row,) = store.cost(Dimension.MODEL)
    assert (row.calls, row.unpriced, row.blocked) == (2, 1, 1)
    assert sorted(trace.unpriced for trace in store.traces()) == [0, 1]
    assert [span.blocked for number in (1, 2) for span in store.trace(f"{number:032x}")] == [True, False]
    assert "1 call was refused by a budget and never made" in notes(store.ask(VIEW["cost_by_model"]))


def test_a_period(store: Store) -> None:
    """Only what began in the period is in an answer: its first moment is in it, its last one is not."""
    first = store.ask(VIEW["cost_by_model"], until=when(23))
    second = store.ask(VIEW["cost_by_model"], since=when(23))
    assert (first.totals["cost_usd"], second.totals["cost_usd"]) == (usd("0.039"), usd("0.032"))
    assert store.ask(VIEW["evaluations"], since=when(2)).all_rows == 2


def test_rows_that_are_not_shown_are_in_the_sums(store: Store) -> None:
    """The total is over all rows, also where only the first are asked for."""
    answer = store.ask(VIEW["cost_by_user"], limit=1)
    assert (len(answer.rows), answer.all_rows, answer.is_cut) == (1, 4, True)
    assert answer.totals["cost_usd"] == usd("0.071")


def test_an_empty_store_answers_every_view(tmp_path: Path) -> None:
    """No file and no calls are no error, and the first report makes no file."""
    store = Store(tmp_path / "s.duckdb")
    assert [store.ask(view) for view in VIEWS] == [Answer(view.columns, [], 0) for view in VIEWS]
    assert list(tmp_path.iterdir()) == []
    store.prepare()
    assert [answer.rows for answer in asked(store, VIEWS)] == [[] for _ in VIEWS]


def test_scores_that_came_later(tmp_path: Path) -> None:
    """A score in the table of scores counts for the prompt of its span, its answer, or its trace."""
    store = store_of(tmp_path, dozen())
    with duckdb.connect(str(store.path)) as connection:
        connection.execute(
            "CREATE TABLE scores (time TIMESTAMP, trace_id VARCHAR, span_id VARCHAR, response_id VARCHAR, "
            "name VARCHAR, value DOUBLE, label VARCHAR, comment VARCHAR, source VARCHAR)"
        )
        late = [
            (None, None, "r10", "by_answer", 0.25),
            (TRACE_1, f"{3:016x}", None, "by_span", 0.5),
            (TRACE_4, None, None, "by_trace", 0.75),
            (TRACE_1, None, None, "of_two_prompts", 1.0),
            (None, None, "r9", "of_no_prompt", 1.0),
        ]
        for trace_id, span_id, answer, name, value in late:
            connection.execute(
                "INSERT INTO scores VALUES ('2026-11-26', ?, ?, ?, ?, ?, NULL, 'hm', 'human')",
                [trace_id, span_id, answer, name, value],
            )
    assert store.ask(VIEW["evaluations"]).all_rows == 11
    none = ("of_two_prompts", "of_no_prompt")
    found = {row[1]: row[0] for row in store.ask(VIEW["prompt_evaluations"]).rows if "_" in str(row[1])}
    assert found == {"by_answer": "plan@2", "by_span": "plan@1", "by_trace": "plan@2", **dict.fromkeys(none)}


def test_scores_of_the_command_are_evaluations(tmp_path: Path) -> None:
    """What the store keeps of scores is in the view as the store's own reader tells it, those of spans, too."""
    store = store_of(tmp_path, dozen())
    said: dict[str, AttributeValue] = {
        "gen_ai.evaluation.name": "late",
        "gen_ai.evaluation.score.value": 0.25,
        "gen_ai.response.id": "r10",
    }
    store.write_scores([ScoreRecord(time_unix_nano=1, attributes={**said, "spanwise.score.source": "human"})])
    found = {(row[4], row[5], row[6], row[7]) for row in store.ask(VIEW["evaluations"]).rows}
    assert found == {(score.name, score.value, score.label, score.source) for score in store.scores()}
    assert ("late", 0.25, None, "human") in found
    assert ("plan@2", "late", 0.25, None, "human") in store.ask(VIEW["prompt_evaluations"]).rows


def test_broken_scores_lose_nothing_beside_them(tmp_path: Path) -> None:
    """An event without a name, number or time of its own leaves every other score readable."""
    records = dozen()
    broken: list[dict[str, AttributeValue]] = [
        {},
        {"gen_ai.evaluation.name": ""},
        {"gen_ai.evaluation.name": "x", "gen_ai.evaluation.score.value": "?"},
    ]
    records[1].events = [
        *records[1].events,
        *(Event("gen_ai.evaluation.result", 0, attributes) for attributes in broken),
    ]
    store = store_of(tmp_path, records)
    assert store.ask(VIEW["evaluations"]).all_rows == 7
    assert store.ask(VIEW["prompt_scores"]).all_rows == 6


def test_other_programs_see_the_views(store: Store) -> None:
    """A file that was prepared has the views in it, for any program that reads DuckDB."""
    with duckdb.connect(str(store.path), read_only=True) as connection:
        assert connection.execute("SELECT sum(cost_usd) FROM cost_by_user").fetchone() == (usd("0.071"),)


def test_views_of_another_release_are_replaced(tmp_path: Path) -> None:
    """A file keeps no view as an earlier release had it, and a table with the name of a view stays."""
    store = store_of(tmp_path, dozen())
    with duckdb.connect(str(store.path)) as connection:
        connection.execute("CREATE OR REPLACE VIEW calls AS SELECT 1 AS one")
        connection.execute("DROP VIEW agents")
        connection.execute("CREATE TABLE agents (mine VARCHAR)")
        connection.execute("UPDATE spanwise_views SET mark = 'earlier'")
    assert store.ask(VIEW["calls"]).all_rows == 10
    store.prepare()
    with duckdb.connect(str(store.path), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM calls").fetchone() == (10,)
        assert connection.execute("SELECT count(*) FROM agents").fetchone() == (0,)
    assert store.ask(VIEW["agents"]).all_rows == 2


def test_a_view_that_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    """A table that is none of ours leaves the file without views, and `spanwise run` goes on."""
    store = store_of(tmp_path, dozen())
    with duckdb.connect(str(store.path)) as connection:
        connection.execute("DROP VIEW operations")
        connection.execute("CREATE TABLE operations (mine VARCHAR)")
        connection.execute("UPDATE spanwise_views SET mark = 'earlier'")
    store.prepare()
    assert store.ask(VIEW["cost_by_model"]).totals["calls"] == 10


def test_the_page_of_views_is_current() -> None:
    """The page is what the views say: `python -m spanwise.store.views.generate` writes it."""
    assert PAGE.read_text(encoding="utf-8") == views_page()


def test_the_examples_of_the_page_run(store: Store) -> None:
    """What the page shows can be typed."""
    shown = [line.split('"')[1] for line in views_page().splitlines() if line.startswith("$ spanwise sql")]
    assert [[column.name for column in store.sql(statement).columns][-1] for statement in shown] == [
        "unpriced_calls",
        "sum(cost_usd)",
    ]


def test_views_load_no_database() -> None:
    """DuckDB is not imported before a file is opened."""
    program = "import spanwise.store.views, sys; print('duckdb' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
