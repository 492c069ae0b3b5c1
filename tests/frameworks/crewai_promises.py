"""CrewAI under our hold on its bus of events, against the emulator."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any


# CrewAI reads these when it is imported: no telemetry of its own, no traces, nothing kept at home, nothing asked for.
os.environ |= {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_DISABLE_TRACKING": "true",
    "CREWAI_DISABLE_VERSION_CHECK": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "CREWAI_TESTING": "true",
    "CREWAI_STORAGE_DIR": tempfile.mkdtemp(),
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "ANONYMIZED_TELEMETRY": "False",
}

import pytest
from crewai import LLM, Agent, Crew, Process, Task
from crewai.flow.flow import Flow, listen, start
from crewai.tools import tool
from crewai.utilities import agent_utils
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from spanwise.instrument import CrewAIInstrumentor, LiteLLMInstrumentor, OpenAIInstrumentor
from spanwise.instrument.framework import crewai_span
from spanwise.semconv import attributes as attr
from spanwise.semconv import environment
from tests.emulator import Emulator
from tests.frameworks.tree import Tree, outside, tree
from tests.instrument.telemetry import Telemetry, instrumented


try:
    from crewai.events import event_types
    from crewai.events.event_bus import CrewAIEventsBus, crewai_event_bus
except ImportError:  # where older releases have them
    from crewai.utilities.events import crewai_event_bus, event_types
    from crewai.utilities.events.crewai_event_bus import CrewAIEventsBus

RELEASE = tuple(int(part) for part in version("crewai").split(".")[:2])
NATIVE = RELEASE >= (1, 0)
"""Whether a model is asked by the provider's SDK, and its tokens are told."""
IN_WORDS = not hasattr(agent_utils, "check_native_tool_support")
"""Whether an agent asks for tools in words, and not by the provider's own calls."""
TELLS_MEMORY = hasattr(event_types, "MemorySaveStartedEvent")
UNIFIED = find_spec("crewai.memory.unified_memory") is not None
"""Whether there is one memory, and not one for each of three purposes."""
SECRET = "secret-4711"
CHAT = "chat gpt-4.1-mini"
LOOKS = ("invoke_agent researcher", [CHAT, "execute_tool weather", CHAT])
WHOLE = [("invoke_workflow trip", [("task look", [LOOKS]), ("task write", [("invoke_agent writer", [CHAT])])])]


class Stop(BaseException):
    """What no handler of errors catches, as a cancellation."""


@tool("weather")
def weather(city: str) -> str:
    """The weather of a city."""
    return f"sunny {SECRET}"


@tool("broken")
def broken(city: str) -> str:
    """Fails."""
    raise LookupError(SECRET)


@tool("stopped")
def stopped(city: str) -> str:
    """Stops the program."""
    raise Stop(SECRET)


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Nobody outside this machine is looked up; what was tried fails the test."""
    looked_up: list[str] = []
    original = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in ("127.0.0.1", "localhost", "::1"):
            looked_up.append(str(host))
            raise socket.gaierror(host)
        return original(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield looked_up
    assert looked_up == []


@pytest.fixture
def both() -> Iterator[Telemetry]:
    """The framework and the provider's SDK instrumented."""
    with instrumented(CrewAIInstrumentor(), OpenAIInstrumentor()) as telemetry:
        yield telemetry


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """The framework alone."""
    with instrumented(CrewAIInstrumentor()) as telemetry:
        yield telemetry


def llm(**settings: Any) -> LLM:
    """The model that is asked. The emulator's address is in the environment."""
    return LLM(model="gpt-4.1-mini", **settings)


def agent(role: str = "researcher", *tools: Any, **settings: Any) -> Agent:
    """An agent with a model of its own."""
    return Agent(**{"role": role, "goal": "help", "backstory": "kind", "llm": llm(), "tools": list(tools), **settings})


def wants(emulator: Emulator, name: str, *, times: int = 1, answers: bool = True) -> None:
    """The first agent of a crew asks for this tool, and both answer. Newer releases ask by the provider's own calls."""
    for _ in range(times if IN_WORDS else 0):
        asks = f'Thought: look\nAction: {name}\nAction Input: {{"city": "Oslo"}}'
        emulator.enqueue("text", text=asks)
        for _ in range(2 if answers else 0):
            emulator.enqueue("text", text="Thought: I now can give a great answer\nFinal Answer: sunny")


def crew(*tools: Any, **settings: Any) -> Crew:
    """Two agents with a task each; the first one has the tools."""
    looks = agent("researcher", *(tools or (weather,)), max_retry_limit=0)
    writes = agent("writer", max_execution_time=60)  # and so in a thread
    tasks = [
        Task(name="look", description="weather in Oslo", expected_output="a word", agent=looks),
        Task(name="write", description="write it down", expected_output="a line", agent=writes),
    ]
    return Crew(**{"agents": [looks, writes], "tasks": tasks, "name": "trip", **settings})


def of(spans: Sequence[ReadableSpan], name: str) -> list[dict[str, Any]]:
    """The attributes of the spans with this name."""
    return [dict(span.attributes or {}) for span in spans if span.name == name]


def written(spans: Sequence[ReadableSpan]) -> str:
    """All that these spans say."""
    return "".join(span.to_json() for span in spans)


RUNS: dict[str, Callable[[Crew], Any]] = {
    "sync": lambda crew: crew.kickoff(),
    "thread": lambda crew: asyncio.run(crew.kickoff_async()),
    **({"async": lambda crew: asyncio.run(crew.akickoff())} if hasattr(Crew, "akickoff") else {}),
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_a_crew_of_two(emulator: Emulator, both: Telemetry, run: Any) -> None:
    """Crew, tasks, agents, models and tool are one tree, each model call one span: that of the provider's SDK."""
    wants(emulator, "weather")
    assert run(crew()).raw
    assert outside()
    spans = both.spans()
    assert tree(spans) == WHOLE
    scopes = {span.instrumentation_scope.name for span in spans if span.name == CHAT and span.instrumentation_scope}
    assert scopes == {"spanwise.instrument.openai"}
    (workflow,) = of(spans, "invoke_workflow trip")
    assert workflow[attr.GEN_AI_OPERATION_NAME] == "invoke_workflow"
    assert workflow[attr.GEN_AI_WORKFLOW_NAME] == "trip"
    (researcher,) = of(spans, "invoke_agent researcher")
    assert researcher[attr.GEN_AI_AGENT_NAME] == "researcher"
    assert researcher[attr.SPANWISE_AGENT_TOOLS] == ("weather",)
    (used,) = of(spans, "execute_tool weather")
    assert used[attr.GEN_AI_TOOL_NAME] == "weather"
    assert used[attr.GEN_AI_TOOL_TYPE] == "function"
    assert used[attr.GEN_AI_AGENT_NAME] == "researcher"


def test_a_model_that_nobody_instruments(emulator: Emulator, telemetry: Telemetry) -> None:
    """Without the provider's instrumentation a model call is one span of ours, with its tokens where they are told."""
    wants(emulator, "weather")
    crew().kickoff()
    spans = telemetry.spans()
    assert tree(spans) == WHOLE
    chats = of(spans, CHAT)
    assert len(chats) == 3
    for chat in chats:
        assert chat[attr.GEN_AI_REQUEST_MODEL] == "gpt-4.1-mini"
        assert chat[attr.GEN_AI_PROVIDER_NAME] == ("openai" if NATIVE else "litellm")
        assert (attr.GEN_AI_USAGE_INPUT_TOKENS in chat) is NATIVE
        assert (attr.GEN_AI_USAGE_OUTPUT_TOKENS in chat) is NATIVE


def test_litellm_inside(emulator: Emulator) -> None:
    """With LiteLLM in between, and it and the SDK below it instrumented, a model call is still one span."""
    settings: dict[str, Any] = {"is_litellm": True} if NATIVE else {}
    instrumentors = [CrewAIInstrumentor(), OpenAIInstrumentor(), *([LiteLLMInstrumentor()] if NATIVE else [])]
    with instrumented(*instrumentors) as running:
        made = agent(llm=LLM(model="openai/gpt-4.1-mini", **settings))
        Crew(agents=[made], tasks=[Task(description="hi", expected_output="a", agent=made)]).kickoff()
        (chat, *around) = [span.name for span in running.spans()]
        assert chat.removeprefix("chat ") in ("gpt-4.1-mini", "openai/gpt-4.1-mini")
        assert around == ["invoke_agent researcher", "task", "invoke_workflow"]


def test_a_stream(both: Telemetry) -> None:
    """A model that streams is one span, and nothing of it stays current."""
    made = agent(llm=llm(stream=True))
    Crew(agents=[made], tasks=[Task(description="hi", expected_output="a", agent=made)], name="trip").kickoff()
    assert outside()
    assert tree(both.spans()) == [("invoke_workflow trip", [("task", [("invoke_agent researcher", [CHAT])])])]


def test_a_tool_that_fails(emulator: Emulator, both: Telemetry) -> None:
    """Its span is an error of its class, and not that of the agent, which goes on."""
    wants(emulator, "broken")
    crew(broken).kickoff()
    spans = both.spans()
    failed = [span for span in spans if span.name == "execute_tool broken"]
    assert failed
    assert {span.status.status_code for span in failed} == {StatusCode.ERROR}
    assert {(span.attributes or {})[attr.ERROR_TYPE] for span in failed} == {"LookupError"}
    (researcher,) = [span for span in spans if span.name == "invoke_agent researcher"]
    assert researcher.status.status_code is StatusCode.UNSET
    assert SECRET not in written(spans)


@pytest.mark.parametrize("with_provider", [True, False])
def test_a_provider_that_fails(emulator: Emulator, with_provider: bool) -> None:
    """What was raised reaches the application; every step around the call is an error that ends once."""
    with instrumented(CrewAIInstrumentor(), *([OpenAIInstrumentor()] if with_provider else [])) as running:
        emulator.enqueue("error_400", times=1)
        with pytest.raises(Exception, match="Invalid value"):
            crew().kickoff()
        assert outside()
        spans = running.spans()
    assert tree(spans) == [("invoke_workflow trip", [("task look", [("invoke_agent researcher", [CHAT])])])]
    assert {span.status.status_code for span in spans} == {StatusCode.ERROR}
    assert all((span.attributes or {})[attr.ERROR_TYPE] for span in spans)
    assert len({span.context.span_id for span in spans if span.context}) == len(spans)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_what_no_event_tells(emulator: Emulator, both: Telemetry, run: Any) -> None:
    """An exit from the midst of a tool ends every span around it, once, and none stays current."""
    wants(emulator, "stopped", answers=False)
    with pytest.raises(Stop):
        run(crew(stopped))
    assert outside()
    spans = both.spans()
    assert [span.name for span in spans if span.status.status_code is StatusCode.ERROR] == [
        "execute_tool stopped",
        "invoke_agent researcher",
        "task look",
        "invoke_workflow trip",
    ]
    assert tree(spans) == [
        ("invoke_workflow trip", [("task look", [("invoke_agent researcher", [CHAT, "execute_tool stopped"])])])
    ]


class Wait(Flow):  # type: ignore[misc, type-arg, unused-ignore] # the framework need not be installed
    """A flow that waits for what never comes."""

    @start()
    async def plan(self) -> None:
        """Wait."""
        await asyncio.Event().wait()


def test_a_cancellation(both: Telemetry) -> None:
    """What is cancelled ends its spans with that, and no span stays current."""

    async def main() -> None:
        task = asyncio.create_task(Wait().kickoff_async())
        await asyncio.wait([task], timeout=0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert outside()

    asyncio.run(main())
    spans = both.spans()
    assert tree(spans) == [("invoke_workflow Wait", ["task plan"])]
    assert {(span.attributes or {})[attr.ERROR_TYPE] for span in spans} == {"CancelledError"}


def test_each_of_several(emulator: Emulator, both: Telemetry) -> None:
    """A crew that is kicked off for each of several inputs is as many trees, one after the other or at once."""
    wants(emulator, "weather", times=2)
    inputs = [{"city": "Oslo"}, {"city": "Rome"}]
    crew().kickoff_for_each(inputs=inputs)
    assert tree(both.spans()) == WHOLE * 2
    both.exporter.clear()
    made = agent()
    alone = Crew(agents=[made], tasks=[Task(description="hi", expected_output="a", agent=made)], name="trip")
    asyncio.run(alone.kickoff_for_each_async(inputs=inputs))
    assert tree(both.spans()) == [("invoke_workflow trip", [("task", [("invoke_agent researcher", [CHAT])])])] * 2
    assert outside()


def test_crews_at_once(both: Telemetry) -> None:
    """Crews in threads of the application are trees of their own."""

    def run(number: int) -> None:
        made = agent(f"agent {number}")
        Crew(agents=[made], tasks=[Task(description="hi", expected_output="a", agent=made)], name="trip").kickoff()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(8)))
    found = sorted(tree(both.spans()), key=str)
    assert found == [("invoke_workflow trip", [("task", [(f"invoke_agent agent {n}", [CHAT])])]) for n in range(8)]


def test_tasks_at_once(both: Telemetry) -> None:
    """Tasks that run in threads of CrewAI's belong to their crew, with or without a context that goes along."""
    one, two = agent("one"), agent("two")
    tasks = [
        Task(name="a", description="hi", expected_output="a", agent=one, async_execution=True),
        Task(name="b", description="hi", expected_output="a", agent=two),
    ]
    Crew(agents=[one, two], tasks=tasks, name="trip").kickoff()
    ((root, below),) = tree(both.spans())
    assert root == "invoke_workflow trip"
    assert sorted(below, key=str) == [
        ("task a", [("invoke_agent one", [CHAT])]),
        ("task b", [("invoke_agent two", [CHAT])]),
    ]


def test_a_limit_of_time(both: Telemetry) -> None:
    """An agent with a limit of time works in another thread, and is still where its model calls belong."""
    made = agent(max_execution_time=60)
    Crew(agents=[made], tasks=[Task(description="hi", expected_output="a", agent=made)], name="trip").kickoff()
    assert tree(both.spans()) == [("invoke_workflow trip", [("task", [("invoke_agent researcher", [CHAT])])])]


@pytest.mark.parametrize("fails", [False, True])
def test_a_manager_delegates(emulator: Emulator, both: Telemetry, fails: bool) -> None:
    """A manager has the tool by which it delegates, and below that the agent that works; that one's failure is its."""
    role = "an example of coworker"  # what the emulated model makes up for an argument of this name
    given = f'{{"task": "look", "context": "none", "coworker": "{role}"}}'
    final = "Thought: I now can give a great answer\nFinal Answer: sunny"
    if IN_WORDS:
        emulator.enqueue("text", text=f"Thought: ask\nAction: Delegate work to coworker\nAction Input: {given}")
    else:
        emulator.enqueue("tool_calls")
    emulator.enqueue("error_400", times=1) if fails else emulator.enqueue("text", text=final)
    emulator.enqueue("text", text=final)
    agents = [agent(role, max_retry_limit=0), agent("writer")]
    task = Task(name="look", description="weather in Oslo", expected_output="a word")
    settings: dict[str, Any] = {"process": Process.hierarchical, "manager_llm": llm()}
    before = len(emulator.requests)
    Crew(name="trip", agents=agents, tasks=[task], **settings).kickoff()
    assert outside()
    assert len(emulator.requests) - before == 3
    spans = both.spans()
    tool_name = "Delegate work to coworker" if IN_WORDS else "delegate_work_to_coworker"
    managed: Tree = [CHAT, (f"execute_tool {tool_name}", [(f"invoke_agent {role}", [CHAT])]), CHAT]
    assert tree(spans) == [("invoke_workflow trip", [("task look", [("invoke_agent Crew Manager", managed)])])]
    failed = [span.name for span in spans if span.status.status_code is StatusCode.ERROR]
    assert failed == ([CHAT, f"invoke_agent {role}"] if fails else [])


EMBEDS = "embeddings text-embedding-3-small"
SEARCHES: Tree = [("search_memory", [EMBEDS])]
REMEMBERS: Tree
if UNIFIED:  # the agent looks for itself as well, and the model says what of its work is worth keeping
    looks_up: Tree = [CHAT, ("execute_tool search_memory", SEARCHES), CHAT]
    REMEMBERS = [*SEARCHES, ("invoke_agent researcher", [*looks_up, CHAT, ("upsert_memory", [EMBEDS, CHAT])])]
elif TELLS_MEMORY:
    saves: Tree = [("upsert_memory", [EMBEDS]), CHAT, "upsert_memory", ("upsert_memory", [EMBEDS])]
    REMEMBERS = ["search_memory", *SEARCHES, *SEARCHES, ("invoke_agent researcher", [CHAT, *saves])]
else:
    REMEMBERS = [EMBEDS, EMBEDS, ("invoke_agent researcher", [CHAT, EMBEDS, CHAT, EMBEDS])]


@pytest.mark.parametrize("limit_s", [None, 60])
def test_what_a_crew_remembers(
    emulator: Emulator, both: Telemetry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit_s: int | None
) -> None:
    """Memories are searched and saved to by whom they serve, in whatever thread; each call is one span, below that."""
    monkeypatch.setenv("CREWAI_STORAGE_DIR", str(tmp_path))
    made = agent(max_execution_time=limit_s)
    said = "the weather in Oslo tomorrow, in a word or two"
    config = {"api_key": "k", "model_name" if NATIVE else "model": EMBEDS.removeprefix("embeddings ")}
    settings: dict[str, Any] = {"memory": True, "embedder": {"provider": "openai", "config": config}}
    work = Crew(name="trip", agents=[made], tasks=[Task(description=said, expected_output="a", agent=made)], **settings)
    before = len(emulator.requests)
    both.exporter.clear()  # some releases try the embedder when a crew is made
    work.kickoff()
    assert outside()
    spans = both.spans()
    assert tree(spans) == [("invoke_workflow trip", [("task", REMEMBERS)])]
    assert len(emulator.requests) - before == len([span for span in spans if span.name in (CHAT, EMBEDS)])
    stores = {each[attr.GEN_AI_MEMORY_STORE_ID] for each in of(spans, "upsert_memory")}
    told = {"unified_memory"} if UNIFIED else {"short_term_memory", "long_term_memory", "entity_memory"}
    assert stores == (told if TELLS_MEMORY else set())


class Journey(Flow):  # type: ignore[misc, type-arg, unused-ignore] # the framework need not be installed
    """A flow with a crew in it, and a step after that."""

    @start()
    def plan(self) -> str:
        """Ask a crew."""
        made = agent()
        work = Crew(agents=[made], tasks=[Task(description="hi", expected_output="a", agent=made)], name="trip")
        return str(work.kickoff().raw)

    @listen(plan)
    def tell(self, plan: str) -> str:
        """Ask a model."""
        return str(llm().call(plan))


class Mishap(Flow):  # type: ignore[misc, type-arg, unused-ignore]
    """A flow that fails."""

    @start()
    def plan(self) -> str:
        """Fail."""
        raise LookupError(SECRET)


def test_a_flow(both: Telemetry) -> None:
    """A flow is a workflow with a task for each method; a crew inside is a workflow below that."""
    crewed = ("invoke_workflow trip", [("task", [("invoke_agent researcher", [CHAT])])])
    whole = [("invoke_workflow Journey", [("task plan", [crewed]), ("task tell", [CHAT])])]
    Journey().kickoff()
    assert tree(both.spans()) == whole
    both.exporter.clear()
    asyncio.run(Journey().kickoff_async())
    assert tree(both.spans()) == whole
    assert outside()


def test_a_flow_that_fails(both: Telemetry) -> None:
    """The error's class is on the method and on the flow, which end once."""
    with pytest.raises(LookupError):
        Mishap().kickoff()
    assert outside()
    spans = both.spans()
    assert tree(spans) == [("invoke_workflow Mishap", ["task plan"])]
    assert {(span.attributes or {})[attr.ERROR_TYPE] for span in spans} == {"LookupError"}
    assert SECRET not in written(spans)


def test_an_agent_alone(both: Telemetry) -> None:
    """An agent without a crew is an agent's span with its model calls below."""
    agent().kickoff("hello")
    asyncio.run(agent().kickoff_async("hello"))
    assert tree(both.spans()) == [("invoke_agent researcher", [CHAT])] * 2
    assert outside()


def test_spans_of_the_application(emulator: Emulator, both: Telemetry) -> None:
    """A crew belongs to the span around it, and what a tool traces to the tool."""
    tracer = both.provider.get_tracer("application")

    @tool("look")
    def look(city: str) -> str:
        """Looks."""
        with tracer.start_as_current_span("outside"):
            return "sunny"

    wants(emulator, "look")
    with tracer.start_as_current_span("request"):
        crew(look).kickoff()
        with tracer.start_as_current_span("after"):
            pass
    ((root, below),) = tree(both.spans())
    assert root == "request"
    assert [each if isinstance(each, str) else each[0] for each in below] == ["invoke_workflow trip", "after"]
    assert ("execute_tool look", ["outside"]) in below[0][1][0][1][0][1]


def test_names_are_not_what_users_wrote(both: Telemetry) -> None:
    """A role or a task with an input in it is called as the application wrote it."""
    made = agent("{topic}\n  expert")
    task = Task(description="about {topic}", expected_output="a", agent=made)
    Crew(agents=[made], tasks=[task], name="trip").kickoff(inputs={"topic": SECRET})
    spans = both.spans()
    assert tree(spans) == [("invoke_workflow trip", [("task", [("invoke_agent {topic} expert", [CHAT])])])]
    assert SECRET not in written(spans)


def test_content_is_off_by_default_and_on_by_the_switch(
    emulator: Emulator, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inputs, prompts, arguments and results are on spans under the switch, and nowhere without it."""
    wants(emulator, "weather", times=2)
    made = crew()
    made.tasks[0].description = "weather in {place}"
    made.kickoff(inputs={"place": SECRET})
    assert SECRET not in written(telemetry.spans())
    telemetry.exporter.clear()
    monkeypatch.setenv(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT, "SPAN_ONLY")
    made.kickoff(inputs={"place": SECRET})
    spans = telemetry.spans()
    (used,) = of(spans, "execute_tool weather")
    assert SECRET in used[attr.GEN_AI_TOOL_CALL_RESULT]
    assert "city" in used[attr.GEN_AI_TOOL_CALL_ARGUMENTS]
    (workflow,) = of(spans, "invoke_workflow trip")
    assert SECRET in workflow[attr.SPANWISE_OBSERVE_INPUT]
    assert workflow[attr.SPANWISE_OBSERVE_OUTPUT]
    for name in ("task look", "invoke_agent researcher"):
        (step,) = of(spans, name)
        assert SECRET in step[attr.SPANWISE_OBSERVE_INPUT]
        assert step[attr.SPANWISE_OBSERVE_OUTPUT]
    asked = of(spans, CHAT)
    assert SECRET in asked[0][attr.GEN_AI_INPUT_MESSAGES]
    assert ("Action: weather" if IN_WORDS else "tool_call") in asked[0][attr.GEN_AI_OUTPUT_MESSAGES]


def test_what_an_agent_looks_up(telemetry: Telemetry) -> None:
    """Knowledge is a retrieval, a memory a search in it; what was found is content, how much of it is not."""
    made = agent()
    emit = crewai_event_bus.emit
    emit(made, event_types.KnowledgeRetrievalStartedEvent(agent=made, from_agent=made))
    found = {"query": SECRET, "retrieved_knowledge": SECRET, "agent": made, "from_agent": made}
    emit(made, event_types.KnowledgeRetrievalCompletedEvent(**found))
    names = ["retrieval knowledge"]
    if hasattr(event_types, "MemoryQueryStartedEvent"):
        search = {"query": SECRET, "limit": 3, "source_type": "short_term_memory"}
        emit(made, event_types.MemoryQueryStartedEvent(**search))
        results = [{"content": SECRET, "score": 0.5}] * 2
        emit(made, event_types.MemoryQueryCompletedEvent(**search, results=results, query_time_ms=1.0))
        save = {"value": SECRET, "source_type": "short_term_memory"}
        emit(made, event_types.MemorySaveStartedEvent(**save))
        emit(made, event_types.MemorySaveFailedEvent(**save, error=SECRET))
        names += ["search_memory", "upsert_memory"]
        (saved,) = of(telemetry.spans(), "upsert_memory")
        assert saved[attr.GEN_AI_OPERATION_NAME] == "upsert_memory"
        assert saved[attr.ERROR_TYPE] == "_OTHER"
        (memory,) = of(telemetry.spans(), "search_memory")
        assert memory[attr.GEN_AI_MEMORY_RECORD_COUNT] == 2
        assert memory[attr.GEN_AI_MEMORY_STORE_ID] == "short_term_memory"
    spans = telemetry.spans()
    assert [span.name for span in spans] == names
    assert outside()
    assert SECRET not in written(spans)


if UNIFIED:

    def test_a_memory_that_saves_when_the_agent_is_over(both: Telemetry, tmp_path: Path) -> None:
        """What is saved late, and what that asks, is below the agent that caused it all the same."""
        from crewai.memory.unified_memory import Memory

        over = threading.Event()
        memory = Memory(llm=llm(), embedder=lambda texts: [[1.0, 0.0] for _ in texts], storage=str(tmp_path))
        waiting = memory._save_pool.submit(over.wait, 60)  # the only thread that saves
        made = agent()
        task = Task(description="the weather in Oslo tomorrow", expected_output="a", agent=made)
        with crewai_event_bus.scoped_handlers():

            @crewai_event_bus.on(event_types.TaskCompletedEvent)
            def told(_source: Any, _event: Any) -> None:
                over.set()

            Crew(name="trip", agents=[made], tasks=[task], memory=memory).kickoff()
        assert waiting.result(timeout=60)
        works: Tree = [CHAT, ("execute_tool search_memory", ["search_memory"]), CHAT, CHAT, ("upsert_memory", [CHAT])]
        found = ["search_memory", ("invoke_agent researcher", works)]
        assert tree(both.spans()) == [("invoke_workflow trip", [("task", found)])]

    def test_a_memory_that_fails_in_the_background(telemetry: Telemetry) -> None:
        """What nobody waits for ends all the same: as an error of its class, which the end of no event tells."""
        from crewai.memory.unified_memory import Memory

        def fails(_texts: list[str]) -> list[list[float]]:
            raise LookupError(SECRET)

        memory = Memory(embedder=fails, llm=llm())
        memory.remember_many(["the weather in Oslo"])
        memory.drain_writes()
        spans = telemetry.spans()
        assert tree(spans) == ["upsert_memory"]
        assert {(span.attributes or {})[attr.ERROR_TYPE] for span in spans} == {"LookupError"}
        assert SECRET not in written(spans)


def test_a_guardrail(both: Telemetry) -> None:
    """A guardrail that refuses says so, without the words in which it does."""
    answers = iter([(False, SECRET), (True, "fine")])
    made = agent()
    task = Task(description="hi", expected_output="a", agent=made, guardrail=lambda _output: next(answers))
    Crew(agents=[made], tasks=[task], name="trip").kickoff()
    spans = both.spans()
    guardrails = [dict(span.attributes or {}) for span in spans if span.name.startswith("guardrail")]
    assert [each[attr.SPANWISE_GUARDRAIL_TRIGGERED] for each in guardrails] == [True, False]
    assert SECRET not in written([span for span in spans if span.name != CHAT])


def program(emulator: Emulator) -> Any:
    """What an application does, and all that it sees of it."""
    seen: list[Any] = []
    with crewai_event_bus.scoped_handlers():

        @crewai_event_bus.on(event_types.TaskCompletedEvent)
        def told(_source: Any, event: Any) -> None:
            seen.append(event.type)

        wants(emulator, "weather")
        seen.append(crew().kickoff().raw)
        wants(emulator, "stopped", answers=False)
        try:
            crew(stopped).kickoff()
        except Stop as stop:
            seen.append(str(stop))
        try:
            Mishap().kickoff()
        except LookupError as error:
            seen.append(str(error))
        getattr(crewai_event_bus, "flush", bool)()
    return sorted(seen)


def test_a_program_sees_no_difference(emulator: Emulator) -> None:
    """Results, exceptions and the handlers of the application are the same with and without us."""
    bare = program(emulator)
    assert bare.count("task_completed") == 2
    with instrumented(CrewAIInstrumentor()) as running:
        assert program(emulator) == bare
        assert running.spans()


@pytest.mark.parametrize("name", ["start", "end", "depth", "unwind", "carry"])
def test_a_failure_of_ours_stays_ours(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whichever of our hooks fails, the application sees nothing of it."""
    bare = program(emulator)
    monkeypatch.setenv("SPANWISE_RAISE", "0")

    def fails(*_: Any) -> None:
        raise ValueError("a failure of ours")

    monkeypatch.setattr(crewai_span.Steps, name, fails)
    with instrumented(CrewAIInstrumentor()):
        assert program(emulator) == bare


def test_everything_is_put_back() -> None:
    """Without the instrumentor bus and classes are CrewAI's own."""
    held = (CrewAIEventsBus, "emit"), (Crew, "kickoff"), (Task, "_execute_core"), (Agent, "execute_task")
    before = [vars(owner)[name] for owner, name in held]
    with instrumented(CrewAIInstrumentor()):
        assert all(hasattr(vars(owner)[name], "_spanwise_tap") for owner, name in held)
    assert [vars(owner)[name] for owner, name in held] == before
