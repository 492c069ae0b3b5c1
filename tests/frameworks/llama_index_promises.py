"""LlamaIndex under our handlers, with real clients of a provider and a model of nobody's SDK."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.llms.types import ChatMessage, CompletionResponse, LLMMetadata
from llama_index.core.instrumentation import root_dispatcher
from llama_index.core.instrumentation.dispatcher import instrument_tags
from llama_index.core.llms import CustomLLM
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.tools import FunctionTool
from llama_index.core.workflow import Context, Event, StartEvent, StopEvent, Workflow, step
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai import OpenAI
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from spanwise.instrument import LlamaIndexInstrumentor, OpenAIInstrumentor
from spanwise.instrument.framework import llama_index_handler, llama_index_span
from spanwise.semconv import attributes as attr
from spanwise.semconv import environment
from tests.frameworks.tree import outside, tree
from tests.instrument.telemetry import Telemetry, instrumented


CHAT = "chat gpt-4o-mini"
EMBED = "embeddings text-embedding-ada-002"
WORDS = "secret-4711"


class Fable(CustomLLM):
    """A model whose SDK nobody instruments."""

    model: str = "fable-1"

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex asks of a model."""
        return LLMMetadata(model_name=self.model)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        """An answer."""
        if "fail" in prompt:
            raise TimeoutError(WORDS)
        return CompletionResponse(text="once upon", raw={"usage": {"input_tokens": 7, "output_tokens": 2}})

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Any:
        """An answer in pieces."""

        def pieces() -> Iterator[CompletionResponse]:
            for word in ("once ", "upon ", "a time"):
                yield CompletionResponse(text=word, delta=word)

        return pieces()


class Reranker(BaseNodePostprocessor):
    """Turns the nodes round, and keeps one."""

    def _postprocess_nodes(self, nodes: Any, query_bundle: Any = None) -> Any:
        return list(reversed(nodes))[:1]


class Middle(Event):
    """Between two steps."""


class Flow(Workflow):
    """A workflow of the application's."""

    @step
    async def first(self, ctx: Context, ev: StartEvent) -> Middle:
        """Nothing much."""
        return Middle()

    @step
    async def second(self, ctx: Context, ev: Middle) -> StopEvent:
        """A call of a model."""
        answer = await model().achat([ChatMessage(role="user", content="hi")])
        return StopEvent(result=str(answer.message.content))


class Failing(Workflow):
    """A workflow whose only step fails."""

    @step
    async def fall(self, ctx: Context, ev: StartEvent) -> StopEvent:
        """No result."""
        raise LookupError(WORDS)


def model() -> OpenAI:
    """A client of the emulator."""
    return OpenAI(model="gpt-4o-mini", max_retries=0, reuse_client=False)


def weather(city: str) -> str:
    """The weather of a city."""
    return f"sunny in {city}"


def broken(city: str) -> str:
    """A tool that fails."""
    raise LookupError(WORDS)


TOOL = FunctionTool.from_defaults(weather)


@pytest.fixture(autouse=True)
def defects(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    """What failed inside the error boundary: nothing may. LlamaIndex keeps to itself what handlers raise."""
    found: list[BaseException] = []
    original = llama_index_handler.shield

    def shield(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        except Exception as error:
            found.append(error)
            raise

    monkeypatch.setattr(llama_index_handler, "shield", shield)
    yield found
    assert found == []


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """The provider and LlamaIndex instrumented; in the end no run is left open."""
    with instrumented(OpenAIInstrumentor(), LlamaIndexInstrumentor()) as running:
        yield running
        handlers = [each for each in root_dispatcher.span_handlers if type(each).__module__.startswith("spanwise")]
        assert [len(each._steps._runs) for each in handlers] == [0]


def said(span: ReadableSpan) -> dict[str, Any]:
    """Its attributes."""
    return dict(span.attributes or {})


def modes(make: Callable[[], Any]) -> dict[str, Callable[[], Any]]:
    """Each way to ask a model; in each, no span is current afterwards or between two chunks."""
    messages = [ChatMessage(role="user", content=WORDS)]

    def stream(method: str, given: Any) -> None:
        for _ in getattr(make(), method)(given):
            assert outside()

    async def call(method: str, given: Any) -> None:
        await getattr(make(), method)(given)
        assert outside()

    async def astream(method: str, given: Any) -> None:
        chunks: AsyncIterator[Any] = await getattr(make(), method)(given)
        assert outside()
        async for _ in chunks:
            assert outside()

    return {
        "chat": lambda: make().chat(messages),
        "complete": lambda: make().complete(WORDS),
        "stream_chat": lambda: stream("stream_chat", messages),
        "stream_complete": lambda: stream("stream_complete", WORDS),
        "achat": lambda: asyncio.run(call("achat", messages)),
        "acomplete": lambda: asyncio.run(call("acomplete", WORDS)),
        "astream_chat": lambda: asyncio.run(astream("astream_chat", messages)),
        "astream_complete": lambda: asyncio.run(astream("astream_complete", WORDS)),
    }


MODES = list(modes(model))


@pytest.mark.parametrize("mode", MODES)
def test_a_model_with_an_instrumented_sdk_is_one_span(telemetry: Telemetry, mode: str) -> None:
    """The span of the provider's SDK is the only one."""
    modes(model)[mode]()
    assert outside()
    assert telemetry.one().instrumentation_scope.name == "spanwise.instrument.openai"


@pytest.mark.parametrize("mode", MODES)
def test_a_model_whose_sdk_is_not_instrumented_is_one_span(mode: str) -> None:
    """Without the provider's instrumentor the call is told by LlamaIndex."""
    with instrumented(LlamaIndexInstrumentor()) as telemetry:
        modes(model)[mode]()
        span = telemetry.one()
        assert span.name == ("text_completion gpt-4o-mini" if "complete" in mode else CHAT)
        assert said(span)[attr.GEN_AI_PROVIDER_NAME] == "openai"
        assert (attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK in said(span)) == ("stream" in mode)
        if "stream" not in mode:
            assert said(span)[attr.GEN_AI_USAGE_INPUT_TOKENS] > 0
        assert WORDS not in span.to_json()


@pytest.mark.parametrize("mode", MODES)
def test_a_foreign_model_is_one_span(telemetry: Telemetry, mode: str) -> None:
    """A model that asks no SDK that we know is one span, also where others are instrumented."""
    modes(Fable)[mode]()
    span = telemetry.one()
    assert span.name.endswith(" fable-1")
    assert said(span)[attr.GEN_AI_PROVIDER_NAME] == "fable"
    if mode == "complete":
        assert said(span)[attr.GEN_AI_USAGE_INPUT_TOKENS] == 7
        assert said(span)[attr.GEN_AI_USAGE_OUTPUT_TOKENS] == 2


def test_a_failed_call_tells_its_class_alone(telemetry: Telemetry) -> None:
    """An error of a foreign model has its type; its message stands nowhere."""
    with pytest.raises(TimeoutError):
        Fable().complete("fail")
    span = telemetry.one()
    assert span.status.status_code is StatusCode.ERROR
    assert said(span)[attr.ERROR_TYPE] == "TimeoutError"
    assert WORDS not in span.to_json()


def test_a_stream_that_nobody_reads_is_no_call(telemetry: Telemetry) -> None:
    """A stream that was made and dropped has asked nobody."""
    stream = model().stream_chat([ChatMessage(role="user", content="hi")])
    del stream
    for handler in root_dispatcher.span_handlers:
        if type(handler).__module__.startswith("spanwise"):
            handler._steps._runs.close_all()
    assert telemetry.spans() == []


def index() -> VectorStoreIndex:
    """Two documents."""
    documents = [Document(text="alpha", id_="d1"), Document(text="beta", id_="d2")]
    return VectorStoreIndex.from_documents(documents, embed_model=OpenAIEmbedding(reuse_client=False))


def test_a_query_is_a_workflow_with_its_retrieval(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query engine is a workflow; retrieval, reranking and calls are inside; documents count always."""
    engine = index().as_query_engine(llm=model(), node_postprocessors=[Reranker()])
    telemetry.exporter.clear()
    engine.query(WORDS)
    assert outside()
    spans = telemetry.spans()
    inner = [("retrieval VectorIndexRetriever", [EMBED]), "rerank Reranker", CHAT]
    assert tree(spans) == [("invoke_workflow", inner)]
    found = {span.name: said(span) for span in spans}
    assert found["retrieval VectorIndexRetriever"][attr.SPANWISE_RETRIEVAL_DOCUMENT_COUNT] == 2
    assert found["retrieval VectorIndexRetriever"][attr.GEN_AI_RETRIEVAL_TOP_K] == 2
    assert found["rerank Reranker"][attr.SPANWISE_RETRIEVAL_DOCUMENT_COUNT] == 1
    assert WORDS not in "".join(span.to_json() for span in spans)
    telemetry.exporter.clear()
    monkeypatch.setenv(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT, "SPAN_ONLY")
    asyncio.run(aquery(engine))
    full = {span.name: said(span) for span in telemetry.spans()}
    assert full["retrieval VectorIndexRetriever"][attr.GEN_AI_RETRIEVAL_QUERY_TEXT] == WORDS
    assert '"content":"alpha"' in full["retrieval VectorIndexRetriever"][attr.GEN_AI_RETRIEVAL_DOCUMENTS]
    assert '"score":' in full["retrieval VectorIndexRetriever"][attr.GEN_AI_RETRIEVAL_DOCUMENTS]
    assert tree(telemetry.spans()) == [("invoke_workflow", inner)]


async def aquery(engine: Any) -> None:
    """The same query, asynchronously; no context is left behind."""
    await engine.aquery(WORDS)
    assert outside()


def test_a_workflow_of_the_application(telemetry: Telemetry) -> None:
    """A workflow has the name of its class, its steps are tasks, and its caller goes on outside of it."""

    async def run() -> str:
        handler = Flow().run()
        assert outside()
        result = await handler
        assert outside()
        return str(result)

    with instrument_tags({"session_id": "s-9", "user_id": "u-7"}):
        assert asyncio.run(run())
    spans = telemetry.spans()
    assert tree(spans) == [("invoke_workflow Flow", ["task first", ("task second", [CHAT])])]
    root = next(span for span in spans if span.name == "invoke_workflow Flow")
    assert root.status.status_code is StatusCode.UNSET


def test_a_workflow_that_fails(telemetry: Telemetry) -> None:
    """The dispatcher tells a failed workflow as one without a result; its span is an error all the same."""

    async def run() -> None:
        with pytest.raises(LookupError):
            await Failing().run()

    asyncio.run(run())
    spans = telemetry.spans()
    assert tree(spans) == [("invoke_workflow Failing", ["task fall"])]
    assert [said(span).get(attr.ERROR_TYPE) for span in spans] == ["LookupError"] * 2
    assert WORDS not in "".join(span.to_json() for span in spans)


def test_ids_of_tags(telemetry: Telemetry) -> None:
    """Ids that the application gave as tags are on the span."""
    with instrument_tags({"session_id": "s-9", "user_id": "u-7"}):
        TOOL.call("Paris")
    assert said(telemetry.one())[attr.SESSION_ID] == "s-9"
    assert said(telemetry.one())[attr.USER_ID] == "u-7"


def test_a_tool_is_one_span(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call of a tool is one span, with what it was given under the switch alone; one that fails is an error."""
    TOOL.call(city=WORDS)
    assert WORDS not in telemetry.one().to_json()
    monkeypatch.setenv(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT, "SPAN_ONLY")
    asyncio.run(acall())
    with pytest.raises(LookupError):
        FunctionTool.from_defaults(broken).call(city="Paris")
    first, second, third = telemetry.spans()
    assert {first.name, second.name, third.name} == {"execute_tool weather", "execute_tool broken"}
    assert WORDS in said(second)[attr.GEN_AI_TOOL_CALL_ARGUMENTS]
    assert WORDS in said(second)[attr.GEN_AI_TOOL_CALL_RESULT]
    assert said(third)[attr.ERROR_TYPE] == "LookupError"


async def acall() -> None:
    """The tool, asynchronously."""
    await TOOL.acall(city=WORDS)
    assert outside()


def test_an_agent_with_its_tools(telemetry: Telemetry) -> None:
    """An agent is one span with its calls and tools below it, by whichever class LlamaIndex makes agents of."""
    question = "what is the weather in Paris?"
    inner = [CHAT, "execute_tool weather", CHAT]
    try:
        from llama_index.core.agent.workflow import FunctionAgent
    except ImportError:
        from llama_index.core.agent import FunctionCallingAgent

        FunctionCallingAgent.from_tools([TOOL], llm=model()).chat(question)
        assert tree(telemetry.spans()) == [("invoke_agent", inner)]
        return

    async def run() -> None:
        handler = FunctionAgent(tools=[TOOL], llm=model(), name="helper", description="helps").run(question)
        async for _ in handler.stream_events():
            assert outside(), trace.get_current_span()
        await handler
        assert outside()

    asyncio.run(run())
    spans = telemetry.spans()
    assert tree(spans) == [("invoke_agent helper", inner)]
    called = next(span for span in spans if span.name == "execute_tool weather")
    assert said(called)[attr.GEN_AI_AGENT_NAME] == "helper"
    assert said(called)[attr.GEN_AI_TOOL_CALL_ID].startswith("call_")


def test_the_callers_span_is_the_parent(telemetry: Telemetry) -> None:
    """What is called belongs to the span that is current, which is current again afterwards."""
    tracer = telemetry.provider.get_tracer("application")
    with tracer.start_as_current_span("request") as request:
        TOOL.call("Paris")
        assert trace.get_current_span() is request
    assert tree(telemetry.spans()) == [("request", ["execute_tool weather"])]


def test_uninstrument_leaves_nothing() -> None:
    """Afterwards the dispatcher has the handlers that it had, and nobody makes spans."""
    before = list(root_dispatcher.span_handlers), list(root_dispatcher.event_handlers)
    with instrumented(LlamaIndexInstrumentor()) as telemetry:
        TOOL.call("Paris")
        assert len(telemetry.spans()) == 1
    after = list(root_dispatcher.span_handlers), list(root_dispatcher.event_handlers)
    assert [list(map(id, each)) for each in after] == [list(map(id, each)) for each in before]
    TOOL.call("Paris")


def program() -> list[Any]:
    """What an application does, and all that it sees of it."""
    seen: list[Any] = [Fable().complete("a").text, [each.delta for each in Fable().stream_complete("a")]]
    seen += [str(TOOL.call("Rome")), str(asyncio.run(TOOL.acall("Rome")))]
    for failing in (lambda: Fable().complete("fail"), lambda: FunctionTool.from_defaults(broken).call("a")):
        try:
            failing()
        except (TimeoutError, LookupError) as error:
            seen.append((type(error), str(error)))
    return seen


@pytest.mark.parametrize("name", ["enter", "exit", "drop", "chunk", "answer"])
def test_a_defect_of_ours_never_reaches_the_program(
    name: str, monkeypatch: pytest.MonkeyPatch, defects: list[BaseException]
) -> None:
    """With us, and whichever hook of ours fails, the program sees no difference."""
    bare = program()
    with instrumented(LlamaIndexInstrumentor()):
        assert program() == bare

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("planted")

    monkeypatch.delenv("SPANWISE_RAISE")
    monkeypatch.setattr(llama_index_span.Steps, name, fail)
    with instrumented(LlamaIndexInstrumentor()):
        assert program() == bare
    assert defects == []
