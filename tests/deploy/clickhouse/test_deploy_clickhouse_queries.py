"""The rendered SQL in a real ClickHouse, embedded: rows as the Collector's exporter inserts them, and every question.

DuckDB cannot stand in: codecs, TTL, Nested, materialised columns and views of this kind are ClickHouse's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any, TypeAlias

import pytest

from spanwise.deploy.clickhouse import CONTENT, INBOX, TRACES, compile_clickhouse
from spanwise.plan import Plan
from spanwise.semconv import attributes as attr
from spanwise.semconv import events
from spanwise.semconv.definitions import ATTRIBUTES
from spanwise.sink import ContentSink, RetentionConfig


Row: TypeAlias = dict[str, Any]
"""A row of an answer."""

Session: TypeAlias = Any
"""An embedded ClickHouse; its module has no types."""


def rendered(database: str, **retention: int) -> dict[str, str]:
    """The files of a policy with its content in `database`."""
    sinks = replace(Plan().sinks, content=ContentSink(database=database))
    plan = replace(Plan(), sinks=sinks, retention=RetentionConfig(**retention))
    return {str(artefact.path): artefact.text for artefact in compile_clickhouse(plan)}


FILES = rendered("otel", content_days=20_000, traces_days=20_000)
"""Kept so long that the rows below outlive the tests: what is too old is not even inserted."""

QUERIES = sorted(path for path in FILES if path.startswith("queries/"))

CALL = {
    attr.GEN_AI_OPERATION_NAME: "chat",
    attr.GEN_AI_PROVIDER_NAME: "openai",
    attr.GEN_AI_REQUEST_MODEL: "gpt-4.1",
    attr.GEN_AI_USAGE_INPUT_TOKENS: "1000",
    attr.GEN_AI_USAGE_OUTPUT_TOKENS: "100",
    attr.GEN_AI_USAGE_COST_AMOUNT: "0.0028",
    attr.GEN_AI_USAGE_COST_CURRENCY: "USD",
    attr.SPANWISE_COST_STATUS: "exact",
    attr.SPANWISE_TENANT: "acme",
    attr.USER_ID: "u1",
    attr.GEN_AI_PROMPT_NAME: "greeting",
    attr.GEN_AI_PROMPT_VERSION: "1",
}
INSTRUCTIONS = "You answer in one sentence."


def span(number: int, attributes: dict[str, str], **fields: object) -> Row:
    """A row as the exporter inserts it."""
    return {
        "Timestamp": f"{fields.pop('at', '2026-11-25 10:00:00')}.{number:09d}",
        "TraceId": f"{fields.pop('trace', number):032x}",
        "SpanId": f"{number:016x}",
        "ParentSpanId": "",
        "TraceState": "",
        "SpanName": "chat",
        "SpanKind": "Client",
        "ServiceName": "shop",
        "ResourceAttributes": {"service.name": "shop"},
        "ScopeName": "spanwise",
        "ScopeVersion": "1",
        "SpanAttributes": attributes,
        "Duration": 2_000_000_000,
        "StatusCode": "Unset",
        "StatusMessage": "",
        "Events.Timestamp": [],
        "Events.Name": [],
        "Events.Attributes": [],
        "Links.TraceId": [],
        "Links.SpanId": [],
        "Links.TraceState": [],
        "Links.Attributes": [],
        **fields,
    }


def without(*names: str) -> dict[str, str]:
    """The attributes of a call, less some."""
    return {name: value for name, value in CALL.items() if name not in names}


SPANS = [
    span(1, {**CALL, attr.GEN_AI_SYSTEM_INSTRUCTIONS: INSTRUCTIONS, attr.GEN_AI_INPUT_MESSAGES: "[secret]"}),
    span(2, {**CALL, attr.GEN_AI_PROMPT_VERSION: "2", attr.GEN_AI_USAGE_COST_AMOUNT: "1e-07"}, Duration=9_000_000_000),
    # What repeats a call counts nowhere.
    span(3, {**without(attr.GEN_AI_USAGE_COST_AMOUNT), attr.SPANWISE_DUPLICATE_OF: "0000000000000001"}),
    # No price: the call counts, its cost is unknown.
    span(
        4,
        {
            **without(attr.GEN_AI_USAGE_COST_AMOUNT, attr.GEN_AI_PROMPT_NAME, attr.GEN_AI_PROMPT_VERSION),
            attr.GEN_AI_REQUEST_MODEL: "new-model",
            attr.SPANWISE_COST_STATUS: "unpriced",
            attr.GEN_AI_SYSTEM_INSTRUCTIONS: INSTRUCTIONS,
        },
    ),
    span(
        5,
        {
            **without(attr.GEN_AI_USAGE_COST_AMOUNT, attr.GEN_AI_USAGE_INPUT_TOKENS, attr.GEN_AI_USAGE_OUTPUT_TOKENS),
            attr.ERROR_TYPE: "429",
        },
        StatusCode="Error",
        StatusMessage="slow down, jane",
    ),
    span(
        6,
        {
            **CALL,
            attr.USER_ID: "u2",
            attr.SPANWISE_COST_STATUS: "estimated",
            attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: "800",
            attr.SPANWISE_COST_CACHE_SAVINGS: "0.0012",
        },
        **{
            "Events.Timestamp": ["2026-11-25 10:00:03"] * 2,
            "Events.Name": [events.GEN_AI_EVALUATION_RESULT, "exception"],
            "Events.Attributes": [
                {attr.GEN_AI_EVALUATION_SCORE_VALUE: "0.5", attr.GEN_AI_EVALUATION_EXPLANATION: "too long"},
                {attr.EXCEPTION_TYPE: "E", attr.EXCEPTION_MESSAGE: "no such user jane"},
            ],
        },
    ),
    span(7, {**CALL, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: "10", f"{attr.GEN_AI_PROMPT_VARIABLE}.name": "jane"}),
    *(
        span(
            number,
            {attr.GEN_AI_OPERATION_NAME: "execute_tool", attr.GEN_AI_TOOL_NAME: "search"}
            | ({attr.ERROR_TYPE: "timeout"} if number % 2 else {}),
            trace=1,
        )
        for number in range(100, 120)
    ),
    span(200, {**CALL, attr.GEN_AI_USAGE_COST_AMOUNT: "5"}, at="2026-10-01 10:00:00"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Session]:
    """A ClickHouse without a table. There is one for all: a process can hold one."""
    session = import_module("chdb.session").Session()
    yield session
    session.close()


@pytest.fixture(scope="module")
def clickhouse(server: Session) -> Session:
    """It with the rendered tables and the rows above; twice created, as by two starts of a stack."""
    for _ in range(2):
        server.query(FILES["schema.sql"])
    insert(server, *SPANS)
    return server


def insert(session: Session, *rows: Row) -> None:
    """Give rows to the table that the Collector writes to."""
    lines = "\n".join(json.dumps(row) for row in rows)
    session.query(f"INSERT INTO otel.{INBOX} FORMAT JSONEachRow {lines}")


def ask(session: Session, sql: str, **parameters: object) -> list[Row]:
    """The rows of an answer."""
    lines = str(session.query(sql.strip().rstrip(";"), "JSONEachRow", params=parameters)).splitlines()
    return [json.loads(line) for line in lines]


def answer(session: Session, name: str, days: int = 20) -> list[Row]:
    """The rows of the rendered question, asked as on the day of the rows."""
    sql = FILES[f"queries/{name}.sql"]
    assert sql.count("now()") == sql.count("{days:UInt32}")
    return ask(session, sql.replace("now()", "toDateTime('2026-11-25 12:00:00', 'UTC')"), days=days)


def test_no_content_lies_with_the_spans(clickhouse: Session) -> None:
    """Messages, instructions, variables, texts of exceptions and of status are in the table of content alone."""
    kept = json.dumps(ask(clickhouse, f"SELECT * FROM otel.{TRACES}"))
    for text in ("secret", INSTRUCTIONS, "jane", "too long"):
        assert text not in kept
    content = json.dumps(ask(clickhouse, f"SELECT * FROM otel.{CONTENT}"))
    for text in ("secret", INSTRUCTIONS, "slow down, jane", "no such user jane", "too long"):
        assert text in content
    for text in ("gpt-4.1", "acme", "u1"):
        assert text in kept
        assert text not in content


def test_every_attribute_goes_to_one_of_the_tables(clickhouse: Session) -> None:
    """What the convention calls content to the one, the rest to the other, and nothing is lost."""
    attributes = dict.fromkeys(ATTRIBUTES, "x")
    insert(clickhouse, span(300, attributes, at="2026-09-01 10:00:00"))
    here = ask(clickhouse, f"SELECT mapKeys(SpanAttributes) AS k FROM otel.{TRACES} WHERE SpanId = '{300:016x}'")[0][
        "k"
    ]
    apart = ask(clickhouse, f"SELECT mapKeys(Attributes) AS k FROM otel.{CONTENT} WHERE SpanId = '{300:016x}'")[0]["k"]
    assert sorted([*here, *apart]) == sorted(ATTRIBUTES)
    assert all(ATTRIBUTES[name].sensitivity == "content" for name in apart)
    assert not any(ATTRIBUTES[name].sensitivity == "content" for name in here)


def test_a_span_without_content_has_no_row_of_content(clickhouse: Session) -> None:
    """The expensive table is not filled with empty rows."""
    ids = {row["SpanId"] for row in ask(clickhouse, f"SELECT SpanId FROM otel.{CONTENT}")}
    assert f"{2:016x}" not in ids
    assert f"{1:016x}" in ids


def test_retention_is_that_of_the_policy(server: Session) -> None:
    """Content, events and spans have the days the policy says, also where the tables are there already."""
    server.query(rendered("kept")["schema.sql"])
    server.query(rendered("kept", content_days=3, traces_days=11)["schema.sql"])
    created = ask(server, "SELECT name, create_table_query AS sql FROM system.tables WHERE database = 'kept'")
    days = {row["name"]: row["sql"].partition("toIntervalDay(")[2].partition(")")[0] for row in created}
    assert {name: value for name, value in days.items() if value} == {
        "otel_traces": "11",
        "otel_traces_trace_id_ts": "11",
        "otel_content": "3",
        "otel_logs": "3",
    }


def test_the_database_is_that_of_the_policy() -> None:
    """No name of the default one is left."""
    for text in rendered("prompts").values():
        assert "otel." not in text
        assert "prompts." in text


def test_cost_by_model(clickhouse: Session) -> None:
    """Unknown is not zero: an unpriced call is counted beside the sum; a repeated one is not counted at all."""
    known, unknown = answer(clickhouse, "cost_by_model")
    assert (known["model"], known["calls"], known["failed"], known["unpriced"], known["estimated"]) == (
        "gpt-4.1",
        5,
        1,
        1,
        1,
    )
    assert known["cost_usd"] == pytest.approx(3 * 0.0028 + 1e-7)
    assert known["usd_per_priced_call"] == pytest.approx((3 * 0.0028 + 1e-7) / 4)
    assert (known["input_tokens"], known["output_tokens"]) == (4000, 400)
    assert (unknown["model"], unknown["calls"], unknown["unpriced"], unknown["cost_usd"]) == ("new-model", 1, 1, None)


def test_cost_by_day(clickhouse: Session) -> None:
    """A row for each day and service, newest first, with the change to the day before."""
    days = answer(clickhouse, "cost_by_day", days=90)
    assert [(row["day"], row["calls"]) for row in days] == [("2026-11-25", 6), ("2026-10-01", 1)]
    assert days[0]["change_usd"] == pytest.approx(3 * 0.0028 + 1e-7 - 5)


def test_cost_by_user(clickhouse: Session) -> None:
    """By tenant and user; who spends most stands first."""
    rows = answer(clickhouse, "cost_by_user")
    assert [(row["tenant"], row["user"], row["calls"]) for row in rows] == [("acme", "u1", 5), ("acme", "u2", 1)]
    assert rows[0]["dearest_call_usd"] == pytest.approx(0.0028)
    assert rows[0]["model_of_dearest_call"] == "gpt-4.1"


def test_cost_by_prompt_version(clickhouse: Session) -> None:
    """Each version with its money, its tokens and its score; calls without a prompt are not in it."""
    first, second = answer(clickhouse, "cost_by_prompt_version")
    assert (first["prompt"], first["version"], first["calls"], first["failed"]) == ("greeting", "1", 4, 1)
    assert first["mean_score"] == pytest.approx(0.5)
    assert (second["version"], second["calls"], second["mean_score"]) == ("2", 1, None)
    assert second["usd_per_priced_call"] == pytest.approx(1e-7)


def test_slow(clickhouse: Session) -> None:
    """The slowest first, in seconds, with the trace to look at."""
    rows = answer(clickhouse, "slow")
    assert len(rows) == 6
    assert (rows[0]["seconds"], rows[0]["trace_id"]) == (9.0, f"{2:032x}")


def test_errors(clickhouse: Session) -> None:
    """How often, of how many, and what was said, which stands with the content."""
    (row,) = answer(clickhouse, "errors")
    assert (row["error"], row["failed"], row["message"]) == ("429", 1, "slow down, jane")
    assert row["share"] == pytest.approx(1 / 5)
    assert row["trace_id"] == f"{5:032x}"


def test_expensive_prompts(clickhouse: Session) -> None:
    """By name and version, else by the instructions; every call is in one row."""
    rows = answer(clickhouse, "expensive_prompts")
    assert [row["calls"] for row in rows] == [4, 1, 1]
    assert [row["prompt"] for row in rows[:2]] == ["greeting@1", "greeting@2"]
    assert rows[2]["prompt"].startswith("instructions ")
    assert (rows[2]["instructions"], rows[2]["unpriced"]) == (INSTRUCTIONS, 1)


def test_cache_savings(clickhouse: Session) -> None:
    """What is known to be saved, and how many calls it is not known of."""
    known, unknown = answer(clickhouse, "cache_savings")
    assert known["saved_usd"] == pytest.approx(0.0012)
    assert (known["cached_tokens"], known["savings_unknown"]) == (810, 1)
    assert known["cached_share"] == pytest.approx(810 / 4000)
    assert unknown["saved_usd"] is None


def test_tools_and_loops(clickhouse: Session) -> None:
    """Which tools fail, and the trace in which they ran twenty times."""
    (tool,) = answer(clickhouse, "tools")
    assert (tool["tool"], tool["runs"], tool["failed"], tool["failed_share"]) == ("search", 20, 10, 0.5)
    (loop,) = answer(clickhouse, "loops")
    assert (loop["trace_id"], loop["calls"], loop["tool_runs"], loop["tools"]) == (f"{1:032x}", 1, 20, 1)


def test_every_question_can_be_asked_of_an_empty_store(server: Session) -> None:
    """The first day of a stack is no error."""
    files = rendered("empty")
    server.query(files["schema.sql"])
    assert {path: ask(server, files[path], days=7) for path in QUERIES} == {path: [] for path in QUERIES}


def test_roles_are_written_as_clickhouse_reads_them(server: Session) -> None:
    """An embedded ClickHouse has no roles, so each statement is parsed and not executed."""
    lines = [line for line in FILES["access.sql"].splitlines() if not line.startswith("--")]
    statements = [statement for statement in "\n".join(lines).split(";") if statement.strip()]
    assert len(statements) == 10
    for statement in statements:
        server.query(f"EXPLAIN AST {statement}")


def test_a_dashboard_cannot_read_prompts() -> None:
    """Only the role for content is granted the tables that hold it."""
    grants = [line for line in FILES["access.sql"].splitlines() if line.startswith("GRANT SELECT")]
    for table in ("otel_content", "otel_logs"):
        assert {line.rpartition(" TO ")[2] for line in grants if table in line} == {"spanwise_content_reader;"}
