"""The OpenAI Agents SDK under our processor, against the emulator."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

import pytest
from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrail,
    InputGuardrailTripwireTriggered,
    OpenAIChatCompletionsModel,
    RunConfig,
    Runner,
    UserError,
    custom_span,
    function_tool,
    set_default_openai_client,
    set_trace_processors,
    trace,
)
from agents.tracing import TracingProcessor, add_trace_processor, get_trace_provider
from openai import APIStatusError, AsyncOpenAI
from opentelemetry import trace as otel
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from spanwise.instrument import OpenAIAgentsInstrumentor, OpenAIInstrumentor
from spanwise.instrument.framework import openai_agents_span
from spanwise.semconv import attributes as attr
from spanwise.semconv import environment
from tests.emulator import Emulator
from tests.frameworks.tree import outside, tree
from tests.instrument.telemetry import Telemetry, instrumented


SECRET = "secret-4711"
CHAT = "chat gpt-4.1-mini"
AGENT = "invoke_agent helper"
WHOLE = [("invoke_workflow", [(AGENT, [CHAT, "execute_tool weather", CHAT])])]


async def weather(city: str) -> str:
    """The weather of a city."""
    return f"sunny {SECRET}"


async def broken(city: str) -> str:
    """Fails."""
    raise LookupError(SECRET)


def helper(**settings: Any) -> Agent[Any]:
    """An agent with one tool, unless it is told otherwise."""
    return Agent(**{"name": "helper", "model": "gpt-4.1-mini", "tools": [function_tool(weather)], **settings})


class Recorder(TracingProcessor):  # type: ignore[misc, unused-ignore] # the SDK need not be installed
    """A processor of the application."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_trace_start(self, trace: Any) -> None:
        """A trace."""
        self.seen.append("trace")

    def on_trace_end(self, trace: Any) -> None:
        """Its end."""
        self.seen.append("trace end")

    def on_span_start(self, span: Any) -> None:
        """A span."""
        self.seen.append(span.span_data.type)

    def on_span_end(self, span: Any) -> None:
        """Its end."""
        self.seen.append(f"{span.span_data.type} end")

    def shutdown(self) -> None:
        """Nothing to do."""

    def force_flush(self) -> None:
        """Nothing to do."""


@pytest.fixture(autouse=True)
def alone() -> None:
    """Nothing is sent to OpenAI's own traces."""
    set_trace_processors([])


@pytest.fixture
def both() -> Iterator[Telemetry]:
    """The framework and the provider's SDK instrumented."""
    with instrumented(OpenAIAgentsInstrumentor(), OpenAIInstrumentor()) as telemetry:
        yield telemetry


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """The framework alone."""
    with instrumented(OpenAIAgentsInstrumentor()) as telemetry:
        yield telemetry


def of(spans: Sequence[ReadableSpan], name: str) -> list[dict[str, Any]]:
    """The attributes of the spans with this name."""
    return [dict(span.attributes or {}) for span in spans if span.name == name]


async def streamed(agent: Agent[Any], words: str) -> Any:
    """A streamed run, read to its end; the span of nothing is current between its events."""
    result = Runner.run_streamed(agent, words)
    assert outside()
    async for _ in result.stream_events():
        assert outside()
    return result.final_output


def sync(agent: Agent[Any], words: str, **settings: Any) -> Any:
    """A run without an event loop, with a client of its own: one that has seen a loop is of no use to another."""
    set_default_openai_client(AsyncOpenAI(), use_for_tracing=False)
    asyncio.set_event_loop(asyncio.new_event_loop())  # early releases want one that is open
    try:
        return Runner.run_sync(agent, words, **settings)
    finally:
        asyncio.get_event_loop().close()


def loop(run: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What it gives, in an event loop and with a client of its own."""
    set_default_openai_client(AsyncOpenAI(), use_for_tracing=False)
    return asyncio.run(run())


RUNS: dict[str, Callable[[Any, str], Any]] = {
    "sync": lambda agent, words: sync(agent, words).final_output,
    "async": lambda agent, words: loop(lambda: Runner.run(agent, words)).final_output,
    "streamed": lambda agent, words: loop(lambda: streamed(agent, words)),
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_an_agent_with_a_tool(both: Telemetry, run: Any) -> None:
    """Workflow, agent, models and tool are one tree, each model call one span: that of the provider's SDK."""
    assert run(helper(), "weather in Oslo")
    assert outside()
    spans = both.spans()
    assert tree(spans) == WHOLE
    scopes = {span.instrumentation_scope.name for span in spans if span.name == CHAT and span.instrumentation_scope}
    assert scopes == {"spanwise.instrument.openai"}
    (agent,) = of(spans, AGENT)
    assert agent[attr.GEN_AI_OPERATION_NAME] == "invoke_agent"
    assert agent[attr.GEN_AI_AGENT_NAME] == "helper"
    assert agent[attr.SPANWISE_AGENT_TOOLS] == ("weather",)
    (tool,) = of(spans, "execute_tool weather")
    assert tool[attr.GEN_AI_TOOL_NAME] == "weather"
    assert tool[attr.GEN_AI_TOOL_TYPE] == "function"
    assert tool[attr.GEN_AI_AGENT_NAME] == "helper"


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_a_model_that_nobody_instruments(telemetry: Telemetry, run: Any) -> None:
    """Without the provider's instrumentation a model call is one span of ours, with its tokens where they are told."""
    run(helper(), "weather in Oslo")
    chats: list[dict[str, Any]] = [
        dict(span.attributes or {}) for span in telemetry.spans() if span.name.startswith("chat")
    ]
    assert len(chats) == 2
    for chat in chats:
        assert chat[attr.GEN_AI_PROVIDER_NAME] == "openai"
        assert chat[attr.GEN_AI_USAGE_INPUT_TOKENS] > 0
        assert chat[attr.GEN_AI_USAGE_OUTPUT_TOKENS] > 0
        assert chat[attr.GEN_AI_RESPONSE_ID]


def test_chat_completions(telemetry: Telemetry) -> None:
    """The other API tells model and tokens as well."""
    model = OpenAIChatCompletionsModel("gpt-4.1-mini", AsyncOpenAI())
    sync(helper(model=model), "weather in Oslo")
    spans = telemetry.spans()
    assert tree(spans) == WHOLE
    assert all(chat[attr.GEN_AI_USAGE_INPUT_TOKENS] > 0 for chat in of(spans, CHAT))


def test_a_handoff(both: Telemetry) -> None:
    """A handoff is a step of the agent that hands over; the other agent is beside it in the workflow."""
    second = Agent(name="expert", model="gpt-4.1-mini")
    first = Agent(name="desk", model="gpt-4.1-mini", handoffs=[second])
    assert sync(first, "help").last_agent is second
    spans = both.spans()
    assert tree(spans) == [
        ("invoke_workflow", [("invoke_agent desk", [CHAT, "task handoff expert"]), ("invoke_agent expert", [CHAT])])
    ]
    (desk,) = of(spans, "invoke_agent desk")
    assert desk[attr.SPANWISE_AGENT_HANDOFFS] == ("expert",)


def test_a_guardrail_that_trips(both: Telemetry) -> None:
    """The guardrail says that it triggered; the exception is the application's, its class on agent and workflow."""

    async def refuses(_context: Any, _agent: Any, _words: Any) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=SECRET, tripwire_triggered=True)

    guard = InputGuardrail(guardrail_function=refuses, name="manners")
    with pytest.raises(InputGuardrailTripwireTriggered):
        sync(helper(input_guardrails=[guard]), "weather in Oslo")
    spans = both.spans()
    (guardrail,) = of(spans, "guardrail manners")
    assert guardrail[attr.SPANWISE_GUARDRAIL_TRIGGERED] is True
    (workflow,) = of(spans, "invoke_workflow")
    assert workflow[attr.ERROR_TYPE] == "InputGuardrailTripwireTriggered"
    assert of(spans, AGENT)[0][attr.ERROR_TYPE] == "InputGuardrailTripwireTriggered"
    assert SECRET not in "".join(span.to_json() for span in spans)


def test_a_tool_that_fails(both: Telemetry) -> None:
    """Its span is an error whether the SDK goes on with a message or the application wants the exception."""
    sync(helper(tools=[function_tool(broken)]), "weather in Oslo")
    with pytest.raises((LookupError, UserError)):
        sync(helper(tools=[function_tool(broken, failure_error_function=None)]), "weather in Oslo")
    spans = both.spans()
    failed = [span for span in spans if span.name == "execute_tool broken"]
    assert [span.status.status_code for span in failed] == [StatusCode.ERROR, StatusCode.ERROR]
    assert all((span.attributes or {})[attr.ERROR_TYPE] for span in failed)
    assert SECRET not in "".join(span.to_json() for span in spans)


@pytest.mark.parametrize("with_provider", [True, False])
def test_a_provider_that_fails(emulator: Emulator, with_provider: bool) -> None:
    """The provider's error reaches the application, and its span is counted once."""
    emulator.enqueue("error_400", times=1)
    instrumentors = [OpenAIAgentsInstrumentor(), *([OpenAIInstrumentor()] if with_provider else [])]
    with instrumented(*instrumentors) as running:
        with pytest.raises(APIStatusError):
            sync(helper(), "weather in Oslo")
        chats = [span for span in running.spans() if span.name.startswith("chat")]
    assert len(chats) == 1
    assert chats[0].status.status_code is StatusCode.ERROR


def test_who_a_run_is_for(both: Telemetry) -> None:
    """The group of a trace is its conversation; ids in its metadata are the user's and the session's."""
    config = RunConfig(workflow_name="support", group_id="c-1", trace_metadata={"user_id": "u-1", "team": SECRET})
    sync(helper(), "weather in Oslo", run_config=config)
    spans = both.spans()
    (workflow,) = of(spans, "invoke_workflow support")
    assert workflow[attr.GEN_AI_WORKFLOW_NAME] == "support"
    assert workflow[attr.GEN_AI_CONVERSATION_ID] == "c-1"
    assert workflow[attr.USER_ID] == "u-1"
    assert SECRET not in "".join(span.to_json() for span in spans)


def test_a_trace_of_the_application(both: Telemetry) -> None:
    """What runs inside a trace or a span that the application opened is inside, of whatever tracer."""
    tracer = both.provider.get_tracer("application")
    with trace("report"):
        with tracer.start_as_current_span("prepare"):
            pass
        with custom_span("collect"), tracer.start_as_current_span("read"):
            pass
        sync(helper(tools=[]), "hello")
    assert outside()
    assert tree(both.spans()) == [("invoke_workflow report", ["prepare", ("task collect", ["read"]), (AGENT, [CHAT])])]


def test_runs_at_once(both: Telemetry) -> None:
    """Twenty runs at once are twenty trees."""

    async def main() -> None:
        await asyncio.gather(*(Runner.run(helper(), f"weather {n}") for n in range(20)))

    loop(main)
    assert tree(both.spans()) == WHOLE * 20


def test_content_is_off_by_default_and_on_by_the_switch(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages, arguments and results are on spans under the switch, and nowhere without it."""
    sync(helper(), f"weather in {SECRET}")
    assert SECRET not in "".join(span.to_json() for span in telemetry.spans())
    telemetry.exporter.clear()
    monkeypatch.setenv(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT, "SPAN_ONLY")
    sync(helper(), f"weather in {SECRET}")
    spans = telemetry.spans()
    (tool,) = of(spans, "execute_tool weather")
    assert SECRET in tool[attr.GEN_AI_TOOL_CALL_RESULT]
    assert tool[attr.GEN_AI_TOOL_CALL_ARGUMENTS].startswith("{")
    asked: list[dict[str, Any]] = [dict(span.attributes or {}) for span in spans if span.name.startswith("chat")]
    assert SECRET in asked[0][attr.GEN_AI_INPUT_MESSAGES]
    assert "tool_call" in asked[0][attr.GEN_AI_OUTPUT_MESSAGES]


def test_processors_of_the_application_stay() -> None:
    """Ours stands beside those of the application, also where it sets them later, and goes away alone."""
    early, late = Recorder(), Recorder()
    add_trace_processor(early)
    with instrumented(OpenAIAgentsInstrumentor()) as running:
        sync(helper(tools=[]), "hello")
        assert early.seen[0] == "trace"
        set_trace_processors([late])
        sync(helper(tools=[]), "hello")
        assert len([span for span in running.spans() if span.name == AGENT]) == 2
    provider: Any = get_trace_provider()
    assert provider._multi_processor._processors == (late,)


def program() -> Any:
    """What an application does, and all that it sees of it."""
    recorder = Recorder()
    set_trace_processors([recorder])
    seen: list[Any] = [run(helper(), "weather in Oslo") for run in RUNS.values()]
    try:
        sync(helper(tools=[function_tool(broken, failure_error_function=None)]), "weather")
    except (LookupError, UserError) as error:
        seen.append((type(error), str(error)))
    return seen, recorder.seen


def test_a_program_sees_no_difference() -> None:
    """Results, exceptions and the processors of the application are the same with and without us."""
    bare = program()
    with instrumented(OpenAIAgentsInstrumentor()) as running:
        assert program() == bare
        assert running.spans()


@pytest.mark.parametrize("name", ["trace_start", "trace_end", "start", "end"])
def test_a_failure_of_ours_stays_ours(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whichever of our hooks fails, the application sees nothing of it."""
    bare = program()
    monkeypatch.setenv("SPANWISE_RAISE", "0")

    def fails(*_: Any) -> None:
        raise ValueError("a failure of ours")

    monkeypatch.setattr(openai_agents_span.Spans, name, fails)
    with instrumented(OpenAIAgentsInstrumentor()):
        assert program() == bare
    assert not otel.get_current_span().get_span_context().is_valid
