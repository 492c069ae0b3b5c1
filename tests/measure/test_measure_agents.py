"""Runs of agents, tools and workflows, and the calls that belong to each run."""

from __future__ import annotations

import threading
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.trace import SpanKind

from spanwise.measure import Measure
from spanwise.measure.runs import INFERENCE, TOOL, Calls, Runs
from spanwise.record import AttributeValue, SpanRecord
from tests.measure.metering import by, points


Attributes: TypeAlias = dict[str, AttributeValue]

INFERENCES = "gen_ai.invoke_agent.inference_calls"
TOOLS = "gen_ai.invoke_agent.tool_calls"
NAME = "gen_ai.agent.name"


def ended(
    operation: str, span_id: int, parent: int, more: Attributes | None = None, *, trace: int = 1,
    kind: SpanKind = SpanKind.INTERNAL,
) -> SpanRecord:  # fmt: skip
    """A span of three seconds that has ended."""
    attributes = {"gen_ai.operation.name": operation, **(more or {})}
    return SpanRecord(operation, trace, span_id, parent, kind=kind, end_unix_nano=3_000_000_000, attributes=attributes)


def agent(
    name: str, span_id: int, parent: int = 0, more: Attributes | None = None, *, trace: int = 1,
    kind: SpanKind = SpanKind.INTERNAL,
) -> SpanRecord:  # fmt: skip
    """A run of the agent `name` that has ended."""
    return ended("invoke_agent", span_id, parent, {NAME: name, **(more or {})}, trace=trace, kind=kind)


def test_durations_of_tools_agents_and_workflows(reader: InMemoryMetricReader) -> None:
    """Each has its own histogram with the labels of the convention, and none is a client's operation."""
    measure = Measure()
    measure(ended("execute_tool", 2, 1, {"gen_ai.tool.name": "search", "gen_ai.tool.type": "function"}))
    measure(ended("execute_tool", 3, 1, {"gen_ai.tool.name": "pay", "error.type": "ValueError", NAME: "clerk"}))
    measure(agent("clerk", 1, 0, {"gen_ai.request.model": "gpt-4.1"}))
    measure(ended("invoke_workflow", 9, 0, {"gen_ai.workflow.name": "orders"}))
    found = points(reader)
    assert found["gen_ai.invoke_workflow.duration"][0][0] == {"gen_ai.workflow.name": "orders"}
    assert [labels for labels, _ in found["gen_ai.execute_tool.duration"]] == [
        {"gen_ai.tool.name": "search", "gen_ai.tool.type": "function"},
        {"gen_ai.tool.name": "pay", "gen_ai.agent.name": "clerk", "error.type": "ValueError"},
    ]
    ((labels, (seconds, bounds)),) = found["gen_ai.invoke_agent.duration"]
    assert (labels, seconds, bounds[0]) == ({NAME: "clerk", "gen_ai.request.model": "gpt-4.1"}, 3.0, 0.1)
    assert "gen_ai.client.operation.duration" not in found
    assert "spanwise.cost" not in found


def test_an_agents_calls_are_counted(reader: InMemoryMetricReader) -> None:
    """Calls below an agent count in its run, through tools and other spans between, failed ones too; no call is 0."""
    measure = Measure()
    measure(ended("chat", 11, 10))
    measure(ended("execute_tool", 10, 5, {"gen_ai.tool.name": "t"}))
    measure(ended("chat", 6, 5, {"error.type": "timeout"}))
    measure.passed(1, 5, 4)  # a span of a web framework, which nobody measures
    measure(ended("retrieval", 4, 1, kind=SpanKind.CLIENT))
    measure(agent("clerk", 1))
    measure(agent("idle", 30, trace=2))
    assert by(reader, INFERENCES, NAME) == {"clerk": 2, "idle": 0}
    assert by(reader, TOOLS, NAME) == {"clerk": 1, "idle": 0}


def test_a_nested_agent_keeps_its_calls(reader: InMemoryMetricReader) -> None:
    """Each call is in one run: that of the agent that made it; a tool that runs an agent is the outer one's call."""
    measure = Measure()
    measure(ended("chat", 4, 3))
    measure(ended("chat", 5, 3))
    measure(agent("inner", 3, 2))
    measure(ended("execute_tool", 2, 1, {"gen_ai.tool.name": "delegate"}))
    measure(ended("chat", 6, 1))
    measure(agent("outer", 1))
    assert by(reader, INFERENCES, NAME) == {"inner": 2, "outer": 1}
    assert by(reader, TOOLS, NAME) == {"inner": 0, "outer": 1}


def test_agents_at_once_are_told_apart(reader: InMemoryMetricReader) -> None:
    """Two runs of one agent that overlap have their own calls, in one trace and in two with equal span ids."""
    measure = Measure()
    for trace, span_id in ((1, 10), (1, 20), (2, 10)):
        for number in range(trace + 1):
            measure(ended("chat", 100 * span_id + number, span_id, trace=trace))
    for trace, span_id in ((2, 10), (1, 20), (1, 10)):
        measure(agent(f"{trace}/{span_id}", span_id, trace=trace))
    assert by(reader, INFERENCES, NAME) == {"1/10": 2, "1/20": 2, "2/10": 3}


def test_a_remote_agent_has_no_counts_here(reader: InMemoryMetricReader) -> None:
    """The client's span of an agent elsewhere has a duration; its calls are not known, which is not 0."""
    measure = Measure()
    measure(agent("far", 2, 1, kind=SpanKind.CLIENT))
    found = points(reader)
    assert "gen_ai.invoke_agent.duration" in found
    assert INFERENCES not in found


def test_a_message_of_mcp_is_no_run_of_a_tool(reader: InMemoryMetricReader) -> None:
    """The request that carries a tool call is not the tool: it is counted by neither side's message."""
    measure = Measure()
    for kind in (SpanKind.CLIENT, SpanKind.SERVER):
        measure(ended("execute_tool", 3, 2, {"mcp.method.name": "tools/call", "gen_ai.tool.name": "t"}, kind=kind))
    measure(ended("execute_tool", 2, 1, {"gen_ai.tool.name": "t"}))
    measure(agent("clerk", 1))
    assert by(reader, TOOLS, NAME) == {"clerk": 1}
    assert len(points(reader)["gen_ai.execute_tool.duration"]) == 1


def test_duplicates_hand_on_what_is_below_them(reader: InMemoryMetricReader) -> None:
    """A call that two suites saw is one call of the agent, whichever span stands inside the other."""
    measure = Measure()
    measure(ended("chat", 3, 2))
    measure(ended("chat", 2, 1, {"spanwise.duplicate_of": "0000000000000003"}))
    measure(agent("clerk", 1))
    assert by(reader, INFERENCES, NAME) == {"clerk": 1}


def test_memory_is_bounded() -> None:
    """Spans whose parents never end are forgotten, the longest untouched first; the latest are all there."""
    runs = Runs(most=100)
    for number in range(1, 10_000):
        runs.pass_on(1, 10 * number, number, INFERENCE)
    assert sum(len(made) for made in runs._generations) <= 100
    assert runs.close(1, 9_999) == Calls(1, 0)
    assert runs.close(1, 1) == Calls(0, 0)


def test_a_long_run_is_not_forgotten_while_calls_arrive() -> None:
    """An agent that works on while thousands of others come and go keeps its count, in a short list."""
    runs = Runs(most=100)
    for number in range(1, 5_000):
        runs.pass_on(1, 10**6 + number, 7, INFERENCE if number % 2 else TOOL)
        runs.pass_on(2, 10**6 + number, number, INFERENCE)
        longest = max(len(made.get((1, 7), ())) for made in runs._generations)
        assert longest <= 512
    assert runs.close(1, 7) == Calls(2_500, 2_499)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["chat", "execute_tool", "invoke_agent", "plan"]))))
def test_each_call_is_in_at_most_one_run(tree: list[tuple[int, str]]) -> None:
    """In any tree, a call is in the run of the nearest agent above it, and in no other."""
    parents = [place % (index + 1) for index, (place, _) in enumerate(tree)]  # 0 is the root, nobody's span
    expected = {index + 1: [0, 0] for index, (_, operation) in enumerate(tree) if operation == "invoke_agent"}
    for index, (_, operation) in enumerate(tree):
        above = parents[index]
        while above and above not in expected:
            above = parents[above - 1]
        if above and operation in {"chat", "execute_tool"}:
            expected[above][operation == "execute_tool"] += 1
    runs, found = Runs(), {}
    for index in reversed(range(len(tree))):
        operation = tree[index][1]
        if operation == "invoke_agent":
            found[index + 1] = list(runs.close(5, index + 1))
        else:
            own = {"chat": INFERENCE, "execute_tool": TOOL}.get(operation, 0)
            runs.pass_on(5, index + 1, parents[index], own)
    assert found == expected


def test_threads_lose_no_call() -> None:
    """Calls that end on many threads at once, before their agent ends, are all in its run."""
    runs = Runs()

    def work(first: int) -> None:
        for number in range(1_000):
            runs.pass_on(1, first + number, 7, INFERENCE)

    threads = [threading.Thread(target=work, args=(1_000 * (number + 1),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert runs.close(1, 7) == Calls(8_000, 0)
