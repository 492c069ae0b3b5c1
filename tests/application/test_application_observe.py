"""`observe`: steps of an application as one tree of spans."""

from __future__ import annotations

import gc
import inspect
import json
from collections.abc import AsyncGenerator, Generator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from spanwise import context, observe
from tests.application.conftest import Spans


CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"


@observe(kind="workflow", name="desk")
def desk(question: str) -> str:
    """A whole program."""
    found = search(question, top_k=2)
    with observe.step("rerank", kind="rerank", model="small") as step:
        step.input(found)
        step.output(found[:1])
    return agent(question, found)


@observe(kind="retrieval", name="faq")
def search(query: str, *, top_k: int) -> list[dict[str, Any]]:
    """Documents with scores."""
    return [{"id": str(number), "score": 1 / (number + 1), "content": query} for number in range(top_k)]


@observe(kind="agent")
def agent(question: str, found: list[dict[str, Any]]) -> str:
    """Asks a tool."""
    return lookup(order=len(found)) + question


@observe(kind="tool")
def lookup(order: int) -> str:
    """Where an order is.

    And more.
    """
    return f"order {order}: "


def test_a_program_is_a_tree(spans: Spans) -> None:
    """Names, kinds and operations of the convention; arguments and results are not kept."""
    assert desk("Where?") == "order 2: Where?"
    tree = {span.name: span for span in spans.all()}
    assert list(tree) == [
        "retrieval faq",
        "rerank rerank",
        "execute_tool lookup",
        "invoke_agent agent",
        "invoke_workflow desk",
    ]
    root = tree["invoke_workflow desk"]
    assert root.parent is None
    above = {name: next((n for n, s in tree.items() if span.parent and s.context.span_id == span.parent.span_id), "")
             for name, span in tree.items()}  # fmt: skip
    assert above["execute_tool lookup"] == "invoke_agent agent"
    assert {above[name] for name in ("retrieval faq", "rerank rerank", "invoke_agent agent")} == {
        "invoke_workflow desk"
    }
    assert tree["retrieval faq"].kind is SpanKind.CLIENT
    assert {span.kind for name, span in tree.items() if name != "retrieval faq"} == {SpanKind.INTERNAL}
    assert spans.said("execute_tool lookup") == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "lookup",
        "gen_ai.tool.type": "function",
        "gen_ai.tool.description": "Where an order is.",
    }
    assert spans.said("retrieval faq") == {"gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": "faq"}
    assert spans.said("rerank rerank") == {
        "spanwise.observe.kind": "rerank",
        "spanwise.observe.name": "rerank",
        "spanwise.metadata.model": "small",
    }


def test_content_is_kept_where_it_is_captured(spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    """Query and documents on a retrieval, arguments and result on a tool, by the convention's names."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    desk("Where?")
    found = spans.said("retrieval faq")
    assert found["gen_ai.retrieval.query.text"] == "Where?"
    assert [document["score"] for document in json.loads(found["gen_ai.retrieval.documents"])] == [1.0, 0.5]
    tool = spans.said("execute_tool lookup")
    assert json.loads(tool["gen_ai.tool.call.arguments"]) == {"order": 2}
    assert tool["gen_ai.tool.call.result"] == "order 2: "
    assert json.loads(spans.said("rerank rerank")["spanwise.observe.output"])[0]["id"] == "0"


def test_content_of_one_function_can_be_held_back(spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    """`content=False` is for functions whose arguments are nobody's business."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    observe(kind="tool", name="pay", content=False)(lambda card: card)("4111")
    assert not [name for name in spans.said("execute_tool pay") if "call" in name]


def test_content_that_is_too_long_or_no_json(spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is left out, or told by its type beside what can be said; the function gets and gives what it does anyway."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    long, thing = "x" * 70_000, object()
    endless: list[object] = []
    endless.append(endless)
    assert observe(name="long")(lambda given: given)(long) is long
    assert observe(name="thing")(lambda given, word: given)(thing, "yes") is thing
    assert observe(name="endless")(lambda given: given)(endless) is endless
    assert "spanwise.content.dropped" in spans.said("task long")
    said = spans.said("task thing")
    assert json.loads(said["spanwise.observe.input"]) == {"given": "<object>", "word": "yes"}
    assert said["spanwise.observe.output"] == '"<object>"'
    assert not [name for name in spans.said("task endless") if name.endswith("put")]


def test_documents_of_a_retrieval(spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    """`documents` keeps ids and scores under the switch, and the number asked for always."""
    with observe.step("faq", kind="retrieval") as step:
        step.documents([{"id": "a", "score": 0.5}], top_k=3)
    assert spans.said("retrieval faq")["gen_ai.retrieval.top_k"] == 3
    assert "gen_ai.retrieval.documents" not in spans.said("retrieval faq")


def test_an_exception_is_recorded_once(spans: Spans) -> None:
    """Every step it leaves has failed; the event is on the innermost; the exception is the very one, unchanged."""
    thrown = LookupError("the card 4111 is unknown")

    @observe(kind="tool")
    def pay() -> None:
        raise thrown

    @observe(kind="agent")
    def clerk() -> None:
        pay()

    with pytest.raises(LookupError) as caught:
        clerk()
    assert caught.value is thrown
    assert vars(thrown) == {}
    for name in ("execute_tool pay", "invoke_agent clerk"):
        span = spans.named(name)
        assert span.status.status_code is StatusCode.ERROR
        assert span.status.description == "LookupError"
        assert (span.attributes or {})["error.type"] == "LookupError"
    (event,) = spans.named("execute_tool pay").events
    said = dict(event.attributes or {})
    assert said["exception.type"] == "LookupError"
    assert "in pay" in str(said["exception.stacktrace"])
    assert "4111" not in str(said)
    assert spans.named("invoke_agent clerk").events == ()


async def test_coroutine_functions(spans: Spans) -> None:
    """One span, current while the function runs, also where it waits."""

    @observe
    async def think(text: str) -> str:
        with trace.get_tracer("app").start_as_current_span("inner"):
            return text

    assert inspect.iscoroutinefunction(think)
    assert await think("a") == "a"
    assert spans.named("inner").parent == spans.named("task think").context


def test_generators_end_once(spans: Spans) -> None:
    """Read to the end, closed early, dropped or failed: one span each, and the reader's spans are no children."""

    @observe
    def count(most: int) -> Generator[int]:
        for number in range(most):
            if number == 3:
                raise ValueError("three")
            yield number

    assert list(count(2)) == [0, 1]
    early = count(3)
    next(early)
    with trace.get_tracer("app").start_as_current_span("between"):
        pass
    early.close()
    dropped = count(3)
    next(dropped)
    del dropped
    gc.collect()
    with pytest.raises(ValueError, match="three"):
        list(count(5))
    never = count(1)
    del never
    steps = [span for span in spans.all() if span.name == "task count"]
    assert [span.status.status_code for span in steps].count(StatusCode.ERROR) == 1
    assert len(steps) == 4
    assert spans.named("between").parent is None


async def test_async_generators_end_once(spans: Spans) -> None:
    """The same for asynchronous ones."""

    @observe
    async def count(most: int) -> AsyncGenerator[int]:
        for number in range(most):
            yield number

    assert [number async for number in count(3)] == [0, 1, 2]
    early = count(3)
    await anext(early)
    with trace.get_tracer("app").start_as_current_span("between"):
        pass
    await early.aclose()
    assert len([span for span in spans.all() if span.name == "task count"]) == 2
    assert spans.named("between").parent is None


def test_methods_and_signatures(spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decorated methods bind, and `self` is no argument worth keeping."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")

    class Desk:
        @observe(kind="tool")
        def answer(self, question: str = "?") -> str:
            return question

        @staticmethod
        @observe
        def help() -> int:
            return 1

    assert Desk().answer("a") == "a"
    assert Desk.help() == 1
    assert str(inspect.signature(Desk.answer)) == "(self, question: 'str' = '?') -> 'str'"
    assert json.loads(spans.said("execute_tool answer")["gen_ai.tool.call.arguments"]) == {"question": "a"}


def test_steps_have_the_context_they_start_in(spans: Spans) -> None:
    """User and session are on every step."""
    with context(user="u", session="s"):
        desk("Where?")
    assert {
        (dict(span.attributes or {})["user.id"], dict(span.attributes or {})["session.id"]) for span in spans.all()
    } == {("u", "s")}


def test_a_kind_that_is_none_is_said_at_once() -> None:
    """Where the function is decorated, with what is accepted."""
    with pytest.raises(ValueError, match="accepted are workflow, agent, tool, retrieval, rerank, guardrail, task"):
        observe(kind="chain")  # type: ignore[call-overload]


def test_a_defect_of_ours_does_not_reach_the_function(spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a span the function runs as ever."""
    monkeypatch.delenv("SPANWISE_RAISE")
    monkeypatch.setattr("spanwise.application.step.get_tracer", lambda *_, **__: 1 / 0)
    assert desk("Where?") == "order 2: Where?"
    with observe.step("a") as step:
        step.output("b")
    assert spans.all() == []
