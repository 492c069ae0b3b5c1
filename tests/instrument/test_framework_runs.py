"""Runs of frameworks: contexts that are left from elsewhere, ids, and calls that count once. No framework is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.context import get_value
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from spanwise.instrument.core.witness import tell
from spanwise.instrument.framework import runs as runs_module
from spanwise.instrument.framework.entered import Entered
from spanwise.instrument.framework.runs import Runs
from spanwise.semconv import attributes as attr
from tests.instrument.telemetry import Telemetry


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """A provider without any instrumentor."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield Telemetry(provider, exporter)
    provider.shutdown()


@pytest.fixture
def runs(telemetry: Telemetry) -> Runs:
    """Runs of a framework."""
    return Runs(telemetry.provider.get_tracer("framework"))


async def elsewhere(entered: Entered) -> None:
    """Leave a context from a task of its own."""

    async def leave() -> None:
        entered.leave()

    await asyncio.create_task(leave())


async def test_a_context_left_from_another_task_is_the_one_around() -> None:
    """What a task entered and another left says what the context around it says, for nested ones as well."""
    outer = Entered({"who": "outer"})
    inner = Entered({"who": "inner", "more": 1})
    await elsewhere(inner)
    assert (get_value("who"), get_value("more")) == ("outer", None)
    await elsewhere(outer)
    assert get_value("who") is None


async def test_contexts_left_in_any_order() -> None:
    """The order in which siblings are left does not matter."""
    first, second, third = Entered({"who": 1}), Entered({"who": 2}), Entered({"who": 3})
    await elsewhere(second)
    assert get_value("who") == 3
    first.leave()
    assert get_value("who") == 3
    third.leave()
    assert get_value("who") is None


def test_a_context_left_where_it_was_entered() -> None:
    """The plain case: afterwards the very context of before is current."""
    from opentelemetry.context import get_current

    before = get_current()
    entered = Entered({"who": "inner"})
    assert get_value("who") == "inner"
    entered.leave()
    assert get_current() is before


def test_a_parent_by_its_id_and_one_passed_over(telemetry: Telemetry, runs: Runs) -> None:
    """A run belongs to the one that the framework names, through runs that have no span."""
    runs.open("agent", None, kind="agent", name="helper")
    runs.skip("piece", "agent")
    runs.open("tool", "piece", kind="tool", name="weather")
    for key in ("tool", "piece", "agent"):
        runs.close(key)
    tool, agent = telemetry.spans()
    assert tool.parent is not None
    assert agent.context is not None
    assert tool.parent.span_id == agent.context.span_id
    assert (tool.attributes or {})[attr.GEN_AI_AGENT_NAME] == "helper"
    assert len(runs) == 0
    assert not trace.get_current_span().get_span_context().is_valid


def test_a_call_that_somebody_saw_has_no_span_here(telemetry: Telemetry, runs: Runs) -> None:
    """A model call gets a span only where nobody nearer to the provider made one; those around it learn of that."""
    for seen in (True, False):
        outer = runs.ask("outer", None, name="chat outer", attributes={})
        inner = runs.ask("inner", "outer", name="chat inner", attributes={})
        if seen:
            tell("gpt")
        for asked, key in ((inner, "inner"), (outer, "outer")):
            assert runs.answered(key) is asked
            span = asked.missed()
            if span is not None:
                asked.finish(span, {})
    assert telemetry.one().name == "chat inner"


def test_a_stream_that_is_read_elsewhere(telemetry: Telemetry, runs: Runs) -> None:
    """A stream that asks when it is read has the span of whoever asked for that model since; unread it has none."""
    for model, spans in (("fable", 0), ("other", 1)):
        asked = runs.ask("stream", None, name="chat fable", attributes={attr.GEN_AI_REQUEST_MODEL: "fable"})
        asked.returned()
        assert asked.missed() is None
        tell(model)
        asked.read()
        runs.close("stream")
        assert len(telemetry.spans()) == spans


def test_runs_whose_end_nobody_tells_are_bounded(
    telemetry: Telemetry, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest run ends where there are too many."""
    monkeypatch.setattr(runs_module, "MOST_RUNS", 3)
    for number in range(5):
        runs.open(number, None, kind="task", name=str(number))
    assert len(runs) == 3
    assert [span.name for span in telemetry.spans()] == ["task 0", "task 1"]
    runs.close_all()
    assert len(telemetry.spans()) == 5
