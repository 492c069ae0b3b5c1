"""LangChain and LangGraph under our handler, with real clients of providers and a model of nobody's SDK."""

from __future__ import annotations

import asyncio
import operator
import threading
from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypedDict

import httpx
import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.callbacks.base import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langchain_core.tracers import context as hooks
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import MemorySaver
from langgraph.errors import NodeInterrupt
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import create_react_agent
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from spanwise.application.stamp import Stamp
from spanwise.instrument import AnthropicInstrumentor, LangChainInstrumentor, OpenAIInstrumentor
from spanwise.instrument.framework import langchain_call, langchain_chain
from spanwise.instrument.framework.announcer import announcer
from spanwise.semconv import attributes as attr
from spanwise.semconv import environment
from tests.frameworks.tree import outside, tree
from tests.instrument.telemetry import Telemetry, instrumented


CHAT = "chat gpt-4.1-mini"
WORDS = "secret-4711"


class Foreign(BaseChatModel):
    """A model whose SDK nobody instruments."""

    model: str = "fable-1"

    @property
    def _llm_type(self) -> str:
        return "foreign"

    def _get_ls_params(self, stop: Any = None, **_: Any) -> Any:
        return {"ls_provider": "fable", "ls_model_name": self.model, "ls_model_type": "chat", "ls_temperature": 0.5}

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **_: Any) -> ChatResult:
        if "fail" in str(messages[-1].content):
            raise TimeoutError(WORDS)
        usage = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10, "input_token_details": {"cache_read": 5}}
        message = AIMessage(
            "once upon a time",
            usage_metadata=usage,
            response_metadata={"finish_reason": "stop", "model_name": "fable-1b"},
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(self, messages: Any, stop: Any = None, run_manager: Any = None, **_: Any) -> Iterator[Any]:
        for word in ("once ", "upon ", "a time"):
            usage = {"input_tokens": 7, "output_tokens": 1, "total_tokens": 8}
            yield ChatGenerationChunk(message=AIMessageChunk(word, usage_metadata=usage))


class Shelf(BaseRetriever):
    """Two documents, one with a score."""

    def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
        return [Document("alpha", metadata={"id": "d1", "score": 0.9}), Document("beta", metadata={"source": "x"})]


@tool
def weather(city: str) -> str:
    """The weather of a city."""
    with trace.get_tracer("application").start_as_current_span("look outside"):
        return f"sunny in {city}"


@tool
def broken(city: str) -> str:
    """A tool that fails."""
    raise LookupError(WORDS)


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """Both providers and LangChain instrumented."""
    with instrumented(OpenAIInstrumentor(), AnthropicInstrumentor(), LangChainInstrumentor()) as running:
        running.provider.add_span_processor(Stamp())
        yield running
        assert handler_of() is None or len(handler_of().runs) == 0


def handler_of() -> Any:
    """Our handler, as LangChain has it."""
    found = [hook[0].get() for hook in hooks._configure_hooks]
    return next((handler for handler in found if type(handler).__module__.startswith("spanwise")), None)


def said(span: ReadableSpan) -> dict[str, Any]:
    """Its attributes."""
    return dict(span.attributes or {})


def openai_model() -> ChatOpenAI:
    """A client of the emulator, with connections of its own: LangChain shares them between event loops."""
    return ChatOpenAI(model="gpt-4.1-mini", max_retries=0, stream_usage=True, http_async_client=httpx.AsyncClient())


def modes(model: Any) -> dict[str, Callable[[], Any]]:
    """Each way to ask a runnable; in each, no span is current afterwards or between two chunks."""

    def stream() -> None:
        for _ in model.stream("hi"):
            assert outside()

    async def astream() -> None:
        async for _ in model.astream("hi"):
            assert outside()
        assert outside()

    async def ainvoke() -> None:
        await model.ainvoke("hi")
        assert outside()

    async def events() -> None:
        async for _ in model.astream_events("hi", version="v2"):
            assert outside()
        assert outside()

    return {
        "invoke": lambda: model.invoke("hi"),
        "batch": lambda: model.batch(["hi"]),
        "stream": stream,
        "ainvoke": lambda: asyncio.run(ainvoke()),
        "astream": lambda: asyncio.run(astream()),
        "astream_events": lambda: asyncio.run(events()),
    }


MODES = list(modes(None))


@pytest.mark.parametrize("mode", MODES)
def test_a_model_with_an_instrumented_sdk_is_one_span(telemetry: Telemetry, mode: str) -> None:
    """The span of the provider's SDK is the only one."""
    modes(openai_model())[mode]()
    assert outside()
    assert telemetry.one().instrumentation_scope.name == "spanwise.instrument.openai"


def test_anthropic_is_one_span(telemetry: Telemetry) -> None:
    """Another SDK, the same promise."""
    model = ChatAnthropic(model="claude-haiku-4-5", base_url=emulator_url("anthropic"), max_tokens=9)
    model.invoke("hi")
    list(model.stream("hi"))
    assert [span.name for span in telemetry.spans()] == ["chat claude-haiku-4-5"] * 2


@pytest.mark.parametrize("mode", MODES)
def test_a_model_whose_sdk_is_not_instrumented_is_one_span(mode: str) -> None:
    """Without the provider's instrumentor the call is told by LangChain, with its usage."""
    with instrumented(LangChainInstrumentor()) as telemetry:
        modes(openai_model())[mode]()
        span = telemetry.one()
        assert span.name == CHAT
        assert said(span)[attr.GEN_AI_PROVIDER_NAME] == "openai"
        assert said(span)[attr.GEN_AI_USAGE_INPUT_TOKENS] > 0
        assert said(span)[attr.GEN_AI_USAGE_OUTPUT_TOKENS] > 0
        assert (attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK in said(span)) == ("stream" in mode)


@pytest.mark.parametrize("mode", MODES)
def test_a_foreign_model_is_one_span(telemetry: Telemetry, mode: str) -> None:
    """A model that asks no SDK that we know is one span, also where others are instrumented."""
    modes(Foreign())[mode]()
    span = telemetry.one()
    assert span.name == "chat fable-1"
    assert said(span)[attr.GEN_AI_PROVIDER_NAME] == "fable"
    assert said(span)[attr.GEN_AI_USAGE_INPUT_TOKENS] >= 7
    if "stream" not in mode:
        assert said(span)[attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS] == 5
        assert said(span)[attr.GEN_AI_RESPONSE_MODEL] == "fable-1b"
        assert said(span)[attr.GEN_AI_RESPONSE_FINISH_REASONS] == ("stop",)


def test_a_model_that_asks_another_counts_once(telemetry: Telemetry) -> None:
    """A model of LangChain that hands on to another one is no call of its own."""

    class Router(Foreign):
        def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **_: Any) -> ChatResult:
            answer = Foreign(model="fable-2").invoke(messages)
            return ChatResult(generations=[ChatGeneration(message=answer)])

    Router().invoke("hi")
    assert [span.name for span in telemetry.spans()] == ["chat fable-2"]


def test_a_failed_call_tells_its_class_alone(telemetry: Telemetry) -> None:
    """An error of a foreign model has its type; its message stands nowhere."""
    with pytest.raises(TimeoutError):
        Foreign().invoke("fail")
    span = telemetry.one()
    assert span.status.status_code is StatusCode.ERROR
    assert said(span)[attr.ERROR_TYPE] == "TimeoutError"
    assert WORDS not in span.to_json()


def test_an_answer_from_the_cache_has_no_tokens(telemetry: Telemetry) -> None:
    """Where LangChain marks an answer as cached, nothing is counted twice."""
    from langchain_core.caches import InMemoryCache

    model = Foreign(cache=InMemoryCache())
    model.invoke("hi")
    again = model.invoke("hi")
    first, second = telemetry.spans()
    assert attr.GEN_AI_USAGE_INPUT_TOKENS in said(first)
    marked = (again.usage_metadata or {}).get("total_cost") == 0
    assert (attr.GEN_AI_USAGE_INPUT_TOKENS in said(second)) != marked


@pytest.mark.parametrize("mode", MODES)
def test_a_chain_is_a_workflow_around_the_call(telemetry: Telemetry, mode: str) -> None:
    """Prompt, model and parser are one workflow with one call in it; its pieces are not shown."""
    chain = ChatPromptTemplate.from_messages([("user", "{q}")]) | openai_model() | StrOutputParser()
    modes(chain)[mode]()
    assert outside()
    assert tree(telemetry.spans()) == [("invoke_workflow", [CHAT])]


def test_a_named_chain_and_its_named_steps(telemetry: Telemetry) -> None:
    """What the application named has a span of that name."""
    step = RunnableLambda(lambda text: text.upper()).with_config(run_name="shout")
    chain = (step | openai_model()).with_config(run_name="helpdesk")
    chain.invoke("hi")
    assert tree(telemetry.spans()) == [("invoke_workflow helpdesk", ["task shout", CHAT])]


def named(name: str, graph: Any) -> Any:
    """A graph with a name; the oldest releases have no argument for it."""
    graph.name = name
    return graph


def agent_tree(name: str, node: str) -> Any:
    """What an agent with one tool call looks like."""
    tool_node = ("task tools", [("execute_tool weather", ["look outside"])])
    return [(name, [(f"task {node}", [CHAT]), tool_node, (f"task {node}", [CHAT])])]


ASK = {"messages": [HumanMessage("what is the weather in Paris?")]}
CONFIG: Any = {"configurable": {"thread_id": "t-1"}, "metadata": {"user_id": "u-7", "session_id": "s-9"}}


def agent_modes(agent: Any) -> dict[str, Callable[[], Any]]:
    """Each way to run a graph."""

    def stream(mode: str) -> None:
        for _ in agent.stream(ASK, CONFIG, stream_mode=mode):
            assert outside()

    async def astream(mode: str) -> None:
        async for _ in agent.astream(ASK, CONFIG, stream_mode=mode):
            assert outside()
        assert outside()

    async def events() -> None:
        async for _ in agent.astream_events(ASK, CONFIG, version="v2"):
            assert outside()
        assert outside()

    async def ainvoke() -> None:
        await agent.ainvoke(ASK, CONFIG)
        assert outside()

    return {
        "invoke": lambda: agent.invoke(ASK, CONFIG),
        "stream values": lambda: stream("values"),
        "stream messages": lambda: stream("messages"),
        "ainvoke": lambda: asyncio.run(ainvoke()),
        "astream updates": lambda: asyncio.run(astream("updates")),
        "astream messages": lambda: asyncio.run(astream("messages")),
        "astream_events": lambda: asyncio.run(events()),
    }


@pytest.mark.parametrize("mode", list(agent_modes(None)))
@pytest.mark.filterwarnings("ignore:.*create_react_agent.*")
def test_a_graph_of_nodes_tools_and_calls(telemetry: Telemetry, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every mode the tree is the same, ends once, and what the application does in a tool is inside the tool."""
    monkeypatch.setattr(trace, "get_tracer", lambda name, *_a, **_k: telemetry.provider.get_tracer(name))
    agent = named("helper", create_react_agent(openai_model(), [weather]))
    agent_modes(agent)[mode]()
    assert outside()
    spans = telemetry.spans()
    assert tree(spans) == agent_tree("invoke_workflow helper", "agent")
    assert len({span.context.trace_id for span in spans}) == 1
    for span in spans:
        ids = (said(span)[name] for name in (attr.GEN_AI_CONVERSATION_ID, attr.USER_ID, attr.SESSION_ID))
        assert tuple(ids) == ("t-1", "u-7", "s-9"), span.name
    (called,) = [span for span in spans if span.name == "execute_tool weather"]
    assert said(called)[attr.GEN_AI_TOOL_CALL_ID].startswith("call_")


def test_create_agent_is_an_agent(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    """What LangChain 1 calls an agent is one, and its tools know whose they are."""
    agents = pytest.importorskip("langchain.agents")
    if not hasattr(agents, "create_agent"):
        assert not hasattr(agents, "create_agent")  # langchain 0.3 has none
        return
    monkeypatch.setattr(trace, "get_tracer", lambda name, *_a, **_k: telemetry.provider.get_tracer(name))
    agents.create_agent(openai_model(), [weather], name="helper").invoke(ASK)
    spans = telemetry.spans()
    assert tree(spans) == agent_tree("invoke_agent helper", "model")
    (called,) = [span for span in spans if span.name == "execute_tool weather"]
    assert said(called)[attr.GEN_AI_AGENT_NAME] == "helper"


def test_the_callers_span_is_the_parent(telemetry: Telemetry) -> None:
    """A graph belongs to the span that is current where it is asked, and that one is current again afterwards."""
    tracer = telemetry.provider.get_tracer("application")

    async def run() -> None:
        with tracer.start_as_current_span("request") as request:
            chain = RunnableLambda(lambda text: text).with_config(run_name="echo")
            for _ in range(3):
                await chain.ainvoke("a")
                assert trace.get_current_span() is request
            await asyncio.gather(*(chain.ainvoke("b") for _ in range(5)))
            assert trace.get_current_span() is request
        assert outside()

    asyncio.run(run())
    assert tree(telemetry.spans()) == [("request", ["invoke_workflow echo"] * 8)]


def test_the_applications_span_inside_a_node_stays_between(telemetry: Telemetry) -> None:
    """A span that the application opens in a node is the parent of what it asks there."""
    tracer = telemetry.provider.get_tracer("application")

    def node(state: Any) -> Any:
        with tracer.start_as_current_span("mine"):
            return {"messages": [openai_model().invoke(state["messages"])]}

    built(ask=node).invoke(ASK)
    assert tree(telemetry.spans()) == [("invoke_workflow", [("task ask", [("mine", [CHAT])])])]


def built(**nodes: Any) -> Any:
    """A graph of messages whose nodes run one after the other."""
    graph = StateGraph(MessagesState)
    before = START
    for name, node in nodes.items():
        graph.add_node(name, node)
        graph.add_edge(before, name)
        before = name
    graph.add_edge(before, END)
    return graph.compile()


class Gathered(TypedDict):
    """State of parallel branches."""

    found: Annotated[list[str], operator.add]


@pytest.mark.parametrize("asynchronous", [False, True])
def test_parallel_branches_have_their_own_calls(telemetry: Telemetry, asynchronous: bool) -> None:
    """Branches that run at once do not take each other's calls."""
    barrier = threading.Barrier(3, timeout=20)

    def branch(name: str) -> Any:
        def node(_state: Gathered) -> Gathered:
            barrier.wait()
            return {"found": [str(Foreign(model=name).invoke(name).content)]}

        async def anode(_state: Gathered) -> Gathered:
            await asyncio.sleep(0)
            return {"found": [str((await Foreign(model=name).ainvoke(name)).content)]}

        return anode if asynchronous else node

    graph = StateGraph(Gathered)
    for name in ("a", "b", "c"):
        graph.add_node(name, branch(name))
        graph.add_edge(START, name)
        graph.add_edge(name, END)
    made = named("fan", graph.compile())
    asyncio.run(made.ainvoke({"found": []})) if asynchronous else made.invoke({"found": []})
    ((root, branches),) = tree(telemetry.spans())
    assert root == "invoke_workflow fan"
    assert sorted(map(str, branches)) == [str((f"task {name}", [f"chat {name}"])) for name in "abc"]


def test_an_interrupt_is_no_error_and_the_graph_goes_on(telemetry: Telemetry) -> None:
    """An interrupted graph and node end well; what resumes it is a trace with the same conversation."""
    asked = []

    def gate(state: Any) -> Any:
        asked.append(1)
        if len(asked) == 1:
            raise NodeInterrupt("approve?")
        return {"messages": [AIMessage("done")]}

    graph = StateGraph(MessagesState)
    graph.add_node("gate", gate)
    graph.add_edge(START, "gate")
    graph.add_edge("gate", END)
    made = named("approval", graph.compile(checkpointer=MemorySaver()))
    made.invoke(ASK, CONFIG)
    result = made.invoke(None, CONFIG)
    assert result["messages"][-1].content == "done"
    spans = telemetry.spans()
    assert tree(spans) == [("invoke_workflow approval", ["task gate"])] * 2
    assert [said(span).get(attr.ERROR_TYPE) for span in spans] == [None] * 4
    assert {said(span)[attr.GEN_AI_CONVERSATION_ID] for span in spans} == {"t-1"}


def test_a_subgraph_is_inside_its_node(telemetry: Telemetry) -> None:
    """A graph that is a node of another graph is a workflow inside that node."""
    inner = built(think=lambda state: {"messages": [Foreign().invoke(state["messages"])]})
    built(team=inner).invoke(ASK)
    spans = tree(telemetry.spans())
    assert spans == [("invoke_workflow", [("task team", [("invoke_workflow", [("task think", ["chat fable-1"])])])])]


def test_a_tool_that_fails(telemetry: Telemetry) -> None:
    """A tool that raises is an error of its class, whose message stands nowhere; a handled one is one as well."""
    with pytest.raises(LookupError):
        broken.invoke({"city": "Paris"})
    broken.handle_tool_error = True
    (span,) = telemetry.spans()
    assert span.name == "execute_tool broken"
    assert said(span)[attr.ERROR_TYPE] == "LookupError"
    assert WORDS not in span.to_json()


def test_a_node_that_fails_fails_the_graph(telemetry: Telemetry) -> None:
    """An error is on every step that it leaves."""

    def node(_state: Any) -> Any:
        raise LookupError(WORDS)

    with pytest.raises(LookupError):
        built(fall=node).invoke(ASK)
    spans = telemetry.spans()
    assert {said(span).get(attr.ERROR_TYPE) for span in spans} == {"LookupError"}
    assert len(spans) == 2
    assert outside()


def test_a_retrieval_counts_its_documents(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many there were is known always, which ones only under the switch for content."""
    Shelf().invoke(WORDS)
    monkeypatch.setenv(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT, "SPAN_ONLY")
    asyncio.run(Shelf().ainvoke(WORDS))
    plain, full = telemetry.spans()
    assert plain.name == "retrieval Shelf"
    assert said(plain)[attr.SPANWISE_RETRIEVAL_DOCUMENT_COUNT] == 2
    assert WORDS not in plain.to_json()
    assert said(full)[attr.GEN_AI_RETRIEVAL_QUERY_TEXT] == WORDS
    assert '"id":"d1","score":0.9,"content":"alpha"' in said(full)[attr.GEN_AI_RETRIEVAL_DOCUMENTS]


@pytest.mark.filterwarnings("ignore:.*create_react_agent.*")
@pytest.mark.parametrize("content", [False, True])
def test_content_only_under_its_switch(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch, content: bool) -> None:
    """Messages, arguments and results stand on spans where they are asked for, and nowhere else."""
    if content:
        monkeypatch.setenv(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT, "SPAN_ONLY")
    named("helper", create_react_agent(openai_model(), [weather])).invoke(ASK)
    weather.invoke({"city": WORDS})
    Foreign().invoke(WORDS)
    spans = telemetry.spans()
    everything = "".join(span.to_json() for span in spans)
    for words in (WORDS, "sunny", "Paris", "once upon"):
        assert (words in everything) == content, words
    if content:
        root = next(span for span in spans if span.name == "invoke_workflow helper")
        assert "weather in Paris" in said(root)[attr.GEN_AI_INPUT_MESSAGES]
        assert '"role":"assistant"' in said(root)[attr.GEN_AI_OUTPUT_MESSAGES]
        called = [span for span in spans if span.name == "execute_tool weather"][-1]
        assert said(called)[attr.GEN_AI_TOOL_CALL_ARGUMENTS] == f'{{"city":"{WORDS}"}}'
        assert said(called)[attr.GEN_AI_TOOL_CALL_RESULT] == f"sunny in {WORDS}"


def test_a_stream_that_is_left_ends_once(telemetry: Telemetry) -> None:
    """A chain or model whose stream is closed, or dropped, after one chunk has ended well, once."""
    chain = (RunnableLambda(lambda text: text) | Foreign()).with_config(run_name="talk")
    stream = chain.stream("hi")
    next(stream)
    assert outside()
    stream.close()
    dropped = chain.stream("hi")
    next(dropped)
    del dropped

    async def asynchronous() -> None:
        stream = chain.astream("hi")
        await anext(stream)
        await stream.aclose()
        assert outside()

    asyncio.run(asynchronous())
    spans = telemetry.spans()
    assert sorted(span.name for span in spans) == ["chat fable-1"] * 3 + ["invoke_workflow talk"] * 3
    assert {said(span).get(attr.ERROR_TYPE) for span in spans if span.name.startswith("invoke")} <= {None}


def test_a_cancelled_graph_ends(telemetry: Telemetry) -> None:
    """A graph that is cancelled in a node ends with the cancellation, and no context is left behind."""

    async def node(_state: Any) -> Any:
        await asyncio.Event().wait()

    async def run() -> None:
        task = asyncio.ensure_future(built(wait=node).ainvoke(ASK))
        for _ in range(200):
            await asyncio.sleep(0.001)
            if len(handler_of().runs) >= 2:
                break
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert outside()

    asyncio.run(run())
    assert {said(span)[attr.ERROR_TYPE] for span in telemetry.spans()} == {"CancelledError"}


def test_uninstrument_leaves_nothing() -> None:
    """Afterwards LangChain has the hooks that it had, and nobody makes spans."""
    before = list(hooks._configure_hooks)
    with instrumented(LangChainInstrumentor()) as telemetry:
        assert handler_of() is not None
        Foreign().invoke("hi")
        assert len(telemetry.spans()) == 1
    assert hooks._configure_hooks == before
    Foreign().invoke("hi")


class Recorder(BaseCallbackHandler):
    """A handler of the application, which sees what LangChain does."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("on_"):
            object.__getattribute__(self, "seen").append(name)
        return object.__getattribute__(self, name)


def program() -> Any:
    """What an application does, and all that it sees of it."""
    recorder = Recorder()
    config: Any = {"callbacks": [recorder]}
    chain = ChatPromptTemplate.from_messages([("user", "{q}")]) | Foreign() | StrOutputParser()
    seen: list[Any] = [chain.invoke({"q": "a"}, config), list(chain.stream({"q": "a"}, config))]
    seen.append(asyncio.run(chain.ainvoke({"q": "a"}, config)))
    graph = built(ask=lambda state: {"messages": [Foreign().invoke(state["messages"])]})
    seen.append([message.content for message in graph.invoke(ASK, config)["messages"]])
    seen.append([list(chunk) for chunk in graph.stream(ASK, config, stream_mode="updates")])
    seen.append(weather.invoke({"city": "Rome"}, config))
    seen.append([document.page_content for document in Shelf().invoke("a", config)])
    for failing in (lambda: Foreign().invoke("fail", config), lambda: broken.invoke({"city": "a"}, config)):
        try:
            failing()
        except (TimeoutError, LookupError) as error:
            seen.append((type(error), str(error)))
    return seen, recorder.seen


HOOKS = [
    *((langchain_chain.Chains, name) for name in ("start", "end", "fail", "tool_start", "tool_end")),
    *((langchain_chain.Chains, name) for name in ("retriever_start", "retriever_end")),
    *((langchain_call.Calls, name) for name in ("chat_start", "chunk", "end", "fail")),
]


def test_a_program_sees_no_difference() -> None:
    """Results, exceptions and the callbacks of the application are the same with and without us."""
    bare = program()
    with instrumented(LangChainInstrumentor()):
        assert program() == bare


@pytest.mark.parametrize(("owner", "name"), HOOKS, ids=lambda value: getattr(value, "__name__", value))
def test_a_defect_of_ours_never_reaches_the_program(owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever hook fails, the program sees no difference and no context is left behind."""
    bare = program()
    monkeypatch.delenv("SPANWISE_RAISE")

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(owner, name, fail)
    with instrumented(LangChainInstrumentor()):
        assert program() == bare
        assert outside() or name in {"end", "fail", "tool_end", "retriever_end"}


def test_the_announcer_of_a_generator() -> None:
    """A generator that the application reads keeps nothing; one that the framework reads to its end does."""

    def inner() -> Iterator[bool]:
        yield announcer(carriers=("nobody",), framework=("tests.frameworks",)).keeps
        yield announcer(carriers=("nobody",), framework=("langchain",)).keeps

    assert list(inner()) == [True, False]
    assert announcer(carriers=("nobody",), framework=()).keeps


def emulator_url(provider: str) -> str:
    """Where the emulator is, for clients that do not read it from the environment."""
    import os

    base = os.environ["OPENAI_BASE_URL"]
    return base.removesuffix("/v1") if provider == "anthropic" else base
