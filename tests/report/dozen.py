"""A dozen model calls whose figures are computed by hand, with what stands around them.

Ten of the twelve count: 6 repeats 5, and 12 only judges others.

| call | day | model  | user | tenant | session | feature | prompt | in   | cached | out | cost      | took | first |
|------|-----|--------|------|--------|---------|---------|--------|------|--------|-----|-----------|------|-------|
| 1    | 24  | large  | ann  | acme   | s1      | search  | plan@1 | 1000 | 400    | 200 | 0.010     | 2.0  | 0.5   |
| 2    | 24  | small  | ann  | acme   | s1      | search  | plan@2 | 500  |        | 100 | ~0.001    | 1.0  |       |
| 3    | 24  | large  | ann  | acme   | s1      | draft   | plan@1 | 2000 |        | 400 | 0.020     | 3.0  | 1.0   |
| 4    | 24  | large  | bob  | acme   | s2      | search  |        |      |        |     | no usage  | 0.2  |       |
| 5    | 24  | large  | bob  | acme   | s2      | search  |        | 1000 | 0      | 100 | 0.008     | 1.2  |       |
| 7    | 25  | claude | bob  | beta   | s3      |         |        | 3000 | 2000   | 500 | 0.030     | 5.0  | 2.0   |
| 8    | 25  | claude | bob  | beta   | s3      |         |        | 100  |        | 10  | 0.5 EUR   | 0.4  |       |
| 9    | 25  | claude |      |        |         |         |        | 50   |        | 5   | unknown   | 0.3  |       |
| 10   | 25  | small  | cat  | beta   | s4      | chat    | plan@2 | 700  |        | 300 | 0.002     | 0.8  |       |
| 11   | 25  | small  | cat  | beta   | s4      | chat    |        |      |        |     | unpriced  | 0.1  |       |

The agent `planner` runs 1, 2, a tool and the agent `writer`, which runs 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from opentelemetry.trace import SpanKind

from spanwise.record import AttributeValue, Event, Resource, Scope, SpanRecord
from spanwise.store import MAX_ROWS, Answer, Store, View
from spanwise.store.answer import read_view
from spanwise.store.connection import opened
from tests.store.template import empty_store


MORNING = datetime(2026, 11, 24, 10, tzinfo=UTC)
LARGE, SMALL, CLAUDE = "large", "small", "claude"
SECOND = 1_000_000_000

NAMES = {
    "user": "user.id",
    "tenant": "spanwise.tenant",
    "session": "session.id",
    "feature": "spanwise.feature",
    "given": "gen_ai.usage.input_tokens",
    "read": "gen_ai.usage.cache_read.input_tokens",
    "written": "gen_ai.usage.cache_write.input_tokens",
    "made": "gen_ai.usage.output_tokens",
    "cost": "gen_ai.usage.cost.amount",
    "status": "spanwise.cost.status",
    "reason": "spanwise.cost.reason",
    "first": "gen_ai.response.time_to_first_chunk",
    "error": "error.type",
    "resends": "http.request.resend_count",
    "answer": "gen_ai.response.id",
}


def when(hours: float) -> datetime:
    """A time, in hours after the first call."""
    return MORNING + timedelta(hours=hours)


def span(
    number: int, trace: int, hours: float, took_s: float, name: str, *, parent: int = 0, **attributes: AttributeValue
) -> SpanRecord:
    """A span; attributes with a short name in `NAMES` or in full, with `__` for a dot."""
    start = int(when(hours).timestamp()) * SECOND
    return SpanRecord(
        name=name,
        trace_id=trace,
        span_id=number,
        parent_span_id=parent,
        kind=SpanKind.CLIENT,
        start_unix_nano=start,
        end_unix_nano=start + round(took_s * SECOND),
        attributes={NAMES.get(key, key.replace("__", ".")): value for key, value in attributes.items()},
        resource=Resource({"service.name": "shop"}),
        scope=Scope("spanwise.instrument", "1"),
    )


def call(number: int, trace: int, hours: float, took_s: float, model: str, **more: AttributeValue) -> SpanRecord:
    """A chat call; a prompt is written as `plan@1`."""
    prompt = more.pop("prompt", None)
    if isinstance(prompt, str):
        more["gen_ai__prompt__name"], more["gen_ai__prompt__version"] = prompt.split("@")
    more.setdefault("status", "exact" if "cost" in more else "unpriced")
    provider = "anthropic" if model == CLAUDE else "openai"
    parent = more.pop("parent", 0)
    assert isinstance(parent, int)
    return span(
        number,
        trace,
        hours,
        took_s,
        f"chat {model}",
        parent=parent,
        gen_ai__operation__name="chat",
        gen_ai__provider__name=provider,
        gen_ai__request__model=model,
        **more,
    )


def scored(record: SpanRecord, name: str, value: float | None = None, label: str | None = None) -> SpanRecord:
    """`record` with one more evaluation among its events."""
    found: dict[str, AttributeValue] = {"gen_ai.evaluation.name": name}
    if value is not None:
        found["gen_ai.evaluation.score.value"] = value
    if label is not None:
        found["gen_ai.evaluation.score.label"] = label
    record.events = [*record.events, Event("gen_ai.evaluation.result", record.end_unix_nano, found)]
    return record


def agent(number: int, name: str, took_s: float, parent: int = 0) -> SpanRecord:
    """A run of an agent in the first trace."""
    return span(
        number,
        1,
        0,
        took_s,
        f"invoke_agent {name}",
        parent=parent,
        gen_ai__operation__name="invoke_agent",
        gen_ai__agent__name=name,
    )


def dozen() -> list[SpanRecord]:
    """The calls, two agents, a tool and a request."""
    ann: dict[str, AttributeValue] = {"user": "ann", "tenant": "acme", "session": "s1"}
    bob: dict[str, AttributeValue] = {"user": "bob", "tenant": "acme", "session": "s2", "feature": "search"}
    beta: dict[str, AttributeValue] = {"user": "bob", "tenant": "beta", "session": "s3"}
    cat: dict[str, AttributeValue] = {
        "user": "cat",
        "tenant": "beta",
        "session": "s4",
        "feature": "chat",
        "parent": 103,
    }
    tool: dict[str, AttributeValue] = {"gen_ai__operation__name": "execute_tool", "gen_ai__tool__name": "find"}
    return [
        scored(agent(100, "planner", 10), "done", 1),
        scored(
            call(1, 1, 0, 2, LARGE, **ann, feature="search", prompt="plan@1", given=1000, read=400, made=200, cost=0.01,
                 first=0.5, parent=100, spanwise__cost__cache_savings=0.003,
                 spanwise__response__time_per_output_chunk=0.01),
            "helpful", 1),
        scored(
            call(2, 1, 0, 1, SMALL, **ann, feature="search", prompt="plan@2", given=500, made=100, cost=0.001,
                 status="estimated", parent=100),
            "helpful", 0.5),
        span(101, 1, 0, 0.5, "execute_tool find", parent=100, **tool),
        agent(102, "writer", 4, parent=100),
        scored(
            call(3, 1, 0, 3, LARGE, **ann, feature="draft", prompt="plan@1", given=2000, made=400, cost=0.02, first=1.0,
                 parent=102),
            "helpful", 0.8),
        call(4, 2, 1, 0.2, LARGE, **bob, error="RateLimitError", reason="no usage", resends=2),
        call(5, 2, 1, 1.2, LARGE, **bob, given=1000, read=0, made=100, cost=0.008, resends=1),
        call(6, 2, 1, 1.2, LARGE, **bob, given=1000, made=100, cost=0.008, spanwise__duplicate_of=f"{5:016x}"),
        call(7, 3, 23, 5, CLAUDE, **beta, given=3000, read=2000, written=500, made=500, cost=0.03, first=2.0,
             spanwise__cost__cache_write=0.004),
        call(8, 3, 24, 0.4, CLAUDE, **beta, given=100, made=10, cost=0.5, status="provider",
             gen_ai__usage__cost__currency="EUR"),
        call(9, 3, 25, 0.3, CLAUDE, given=50, made=5, reason="unknown model", answer="r9"),
        scored(span(103, 4, 26, 1.5, "GET /"), "thumbs", 1, "up"),
        scored(
            call(10, 4, 26, 0.8, SMALL, **cat, prompt="plan@2", given=700, made=300, cost=0.002, answer="r10",
                 spanwise__response__refused=True),
            "tone", 4, "warm"),
        call(11, 4, 26, 0.1, SMALL, **cat, error="429"),
        call(12, 4, 26, 0.1, SMALL, cost=9.0, given=1, made=1, spanwise__evaluation__run="run-1"),
    ]  # fmt: skip


def store_of(directory: Path, records: list[SpanRecord]) -> Store:
    """A store in `directory` that holds `records`, however old they are."""
    store = empty_store(directory / "s.duckdb")
    store.write(records)
    return store


def asked(store: Store, views: Sequence[View]) -> list[Answer]:
    """What `Store.ask` says of each view, from one opening of the file."""
    with opened(store.path, read_only=True, lock_timeout_s=10) as connection:
        return [read_view(connection, view, since=None, until=None, limit=MAX_ROWS) for view in views]
