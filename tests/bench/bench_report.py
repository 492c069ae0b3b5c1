"""What every report takes over 100,000 spans: seconds of processor, and as a ratio to counting the rows of the table.

The spans carry 1.5 KB of content each, as most do; a fifth of them are runs of agents with four calls inside, and a
fifth have a score. `python -m tests.bench.bench_report [SPANS]`.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from spanwise.record import AttributeValue, Event, Resource, Scope, SpanRecord
from spanwise.report.catalogue import EXPENSIVE_CALLS, REPORTS, cost_report
from spanwise.store import Dimension, Store, StoreConfig


SPANS = 100_000
BATCH = 5_000
STEPS = 5
_MODELS = {"gpt-4.1": 2e-3, "gpt-4.1-mini": 4e-4, "claude-sonnet-4-5": 3e-3, "gemini-2.5-flash": 3e-4}


def attributes(chance: random.Random, number: int) -> dict[str, AttributeValue]:
    """Those of one call."""
    model = chance.choice(list(_MODELS))
    found: dict[str, AttributeValue] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": model.split("-")[0],
        "gen_ai.request.model": model,
        "gen_ai.response.id": f"answer-{number}",
        "gen_ai.usage.input_tokens": chance.randint(100, 5000),
        "gen_ai.usage.output_tokens": chance.randint(10, 800),
        "gen_ai.usage.cache_read.input_tokens": chance.choice((0, 0, 80)),
        "gen_ai.usage.cost.amount": round(_MODELS[model] * chance.random(), 9),
        "gen_ai.usage.cost.currency": "USD",
        "gen_ai.response.time_to_first_chunk": chance.random(),
        "gen_ai.prompt.name": chance.choice(("triage", "answer")),
        "gen_ai.prompt.version": chance.choice("123"),
        "gen_ai.input.messages": "x" * 1500,
        "spanwise.cost.status": "estimated" if chance.random() < 0.1 else "exact",
        "spanwise.cost.cache_savings": 1e-4,
        "spanwise.feature": chance.choice(("search", "triage", "chat")),
        "spanwise.tenant": f"tenant-{chance.randint(1, 8)}",
        "user.id": f"user-{chance.randint(1, 300)}",
        "session.id": f"session-{chance.randint(1, 3000)}",
    }
    if chance.random() < 0.03:
        found["error.type"] = chance.choice(("RateLimitError", "APITimeoutError"))
        del found["gen_ai.usage.cost.amount"]
    return found


def spans(count: int) -> Iterator[SpanRecord]:
    """A week of them."""
    chance = random.Random(20261126)
    now_ns = time.time_ns()
    resource, scope = Resource({"service.name": "shop"}), Scope("bench", "1")
    for number in range(count):
        step = number % STEPS
        start = now_ns - int(chance.random() * 6 * 86_400e9)
        agent: dict[str, AttributeValue] = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner"}
        score: dict[str, AttributeValue] = {
            "gen_ai.evaluation.name": "helpful",
            "gen_ai.evaluation.score.value": chance.random(),
        }
        yield SpanRecord(
            name="chat" if step else "invoke_agent planner",
            trace_id=number // STEPS + 1,
            span_id=number + 1,
            parent_span_id=number - step + 1 if step else 0,
            start_unix_nano=start,
            end_unix_nano=start + int(chance.lognormvariate(0, 0.7) * 1e9),
            attributes=attributes(chance, number) if step else agent,
            events=[Event("gen_ai.evaluation.result", start, score)] if step == 1 else [],
            resource=resource,
            scope=scope,
        )


def took_s(store: Store, name: str, sql: str = "") -> float:
    """Seconds of processor, of both threads, of the faster of two readings."""
    every = {report.name: report for report in (*REPORTS, EXPENSIVE_CALLS)}
    every |= {f"cost --by {by.value}": cost_report(by) for by in Dimension}
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        if sql:
            store.sql(sql)
        else:
            report = every[name]
            assert report.view is not None
            store.ask(report.view, limit=report.top)
        best = min(best, time.process_time() - start)
    return best


def main(count: int) -> None:
    """Fill a store and read every report."""
    with tempfile.TemporaryDirectory() as directory:
        store = Store(Path(directory) / "s.duckdb", StoreConfig(max_bytes=8 << 30))
        batch: list[SpanRecord] = []
        for span in spans(count):
            batch.append(span)
            if len(batch) == BATCH:
                store.write(batch)
                batch = []
        store.write(batch)
        base_s = took_s(store, "", "SELECT count(*) FROM spans")
        print(f"{'count(*)':24}{base_s:8.2f} s      1.0")
        names = [report.name for report in (*REPORTS, EXPENSIVE_CALLS)] + [f"cost --by {by.value}" for by in Dimension]
        for name in names:
            read_s = took_s(store, name)
            print(f"{name:24}{read_s:8.2f} s {read_s / base_s:8.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SPANS)
