"""The Model Context Protocol under our hold, with the real SDK: in memory, over HTTP, and with a child process."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from mcp import ClientSession, StdioServerParameters, types
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamablehttp_client
from mcp.server.fastmcp import Context, FastMCP
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import McpError
from mcp.shared.memory import create_connected_server_and_client_session
from mcp.shared.session import BaseSession
from opentelemetry import baggage, context, trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.instrument import McpInstrumentor
from spanwise.instrument.framework.mcp_exchange import Exchange
from spanwise.instrument.framework.mcp_peer import Peers
from spanwise.instrument.tap import mcp as tap
from spanwise.semconv import attributes as attr
from spanwise.semconv import environment
from tests.frameworks.tree import outside, tree
from tests.instrument.telemetry import Telemetry, instrumented
from tests.versions.overlay import ROOT


SECRET = "secret-4711"
CALL = "tools/call weather"


def served(**settings: Any) -> FastMCP:
    """A server with tools, a prompt and a resource."""
    server = FastMCP("shelf", **settings)

    async def weather(city: str) -> str:
        """The weather of a city."""
        with trace.get_tracer("application").start_as_current_span("look outside"):
            return f"sunny in {city} {baggage.get_baggage('team') or ''}".rstrip()

    async def broken(city: str) -> str:
        """Fails."""
        raise ValueError(f"{SECRET} {city}")

    async def slow() -> str:
        """Takes its time."""
        await asyncio.sleep(30)
        return "late"

    async def ponder(ctx: Context) -> str:
        """Asks the client's model."""
        asked = types.SamplingMessage(role="user", content=types.TextContent(type="text", text="why"))
        answer = await ctx.session.create_message([asked], max_tokens=5)
        return str(getattr(answer.content, "text", ""))

    def greeting(name: str) -> str:
        """A prompt."""
        return f"greet {name}"

    def book() -> str:
        """A book."""
        return SECRET

    ponder.__annotations__["ctx"] = Context  # 1.9 looks at the class, not at its name
    for function in (weather, broken, slow, ponder):
        server.tool()(function)
    server.prompt()(greeting)
    server.resource("shelf://books/1")(book)
    return server


async def sampled(_context: Any, _params: types.CreateMessageRequestParams) -> types.CreateMessageResult:
    """The client's model."""
    return types.CreateMessageResult(
        role="assistant", content=types.TextContent(type="text", text="because"), model="fable-1"
    )


def in_memory(server: FastMCP, **settings: Any) -> Any:
    """A client's session with a server in the same task group."""
    return create_connected_server_and_client_session(server._mcp_server, sampling_callback=sampled, **settings)


def asked(ask: Callable[[ClientSession], Awaitable[Any]], **settings: Any) -> Any:
    """What one use of a session in memory gives."""

    async def main() -> Any:
        async with in_memory(served(), **settings) as session:
            return await ask(session)

    return asyncio.run(main())


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """Our instrumentor, and a tracer of the application on the same provider."""
    with instrumented(McpInstrumentor()) as running:
        trace._TRACER_PROVIDER = running.provider
        yield running
        trace._TRACER_PROVIDER = None


def after_initialize(spans: Sequence[ReadableSpan]) -> list[ReadableSpan]:
    """Without those of the start of the session."""
    return [span for span in spans if span.name != "initialize"]


def of(spans: Sequence[ReadableSpan], name: str, kind: SpanKind = SpanKind.CLIENT) -> ReadableSpan:
    """The only span of this name and kind."""
    (span,) = [span for span in spans if span.name == name and span.kind is kind]
    return span


def said(span: ReadableSpan) -> dict[str, Any]:
    """The attributes."""
    return dict(span.attributes or {})


def test_a_tool_is_one_trace(telemetry: Telemetry) -> None:
    """The client's span holds the server's, and that what the tool does."""
    asked(lambda session: session.call_tool("weather", {"city": "Oslo"}))
    spans = telemetry.spans()
    assert (CALL, [(CALL, ["look outside"])]) in tree(spans)
    client, server = of(spans, CALL), of(spans, CALL, SpanKind.SERVER)
    for span in (client, server):
        found = said(span)
        assert found[attr.MCP_METHOD_NAME] == "tools/call"
        assert found[attr.GEN_AI_OPERATION_NAME] == "execute_tool"
        assert found[attr.GEN_AI_TOOL_NAME] == "weather"
        assert found[attr.MCP_PROTOCOL_VERSION].startswith("202")
        assert int(found[attr.JSONRPC_REQUEST_ID]) >= 1
        assert span.status.status_code is StatusCode.UNSET
    assert said(client)[attr.JSONRPC_REQUEST_ID] == said(server)[attr.JSONRPC_REQUEST_ID]


def test_initialize_is_seen_on_both_sides(telemetry: Telemetry) -> None:
    """The first request of a session has a span of either kind, one below the other."""
    asked(lambda session: session.send_ping())
    spans = telemetry.spans()
    client, server = of(spans, "initialize"), of(spans, "initialize", SpanKind.SERVER)
    assert client.context is not None
    assert server.parent is not None
    assert server.parent.span_id == client.context.span_id


@pytest.mark.parametrize(
    ("ask", "name", "named"),
    [
        (lambda session: session.list_tools(), "tools/list", {}),
        (lambda session: session.list_prompts(), "prompts/list", {}),
        (lambda session: session.list_resources(), "resources/list", {}),
        (lambda session: session.send_ping(), "ping", {}),
        (
            lambda session: session.get_prompt("greeting", {"name": "Ada"}),
            "prompts/get greeting",
            {attr.GEN_AI_PROMPT_NAME: "greeting"},
        ),
        (
            lambda session: session.read_resource(types.AnyUrl("shelf://books/1")),
            "resources/read",
            {attr.MCP_RESOURCE_URI: "shelf://books/1"},
        ),
    ],
    ids=["tools", "prompts", "resources", "ping", "prompt", "resource"],
)
def test_requests(telemetry: Telemetry, ask: Any, name: str, named: dict[str, str]) -> None:
    """Every request is a client's span with a server's below it, named as the convention has it."""
    asked(ask)
    spans = after_initialize(telemetry.spans())
    client, server = of(spans, name), of(spans, name, SpanKind.SERVER)
    assert client.context is not None
    assert server.parent is not None
    assert server.parent.span_id == client.context.span_id
    for span in (client, server):
        assert named.items() <= said(span).items()
        assert attr.GEN_AI_OPERATION_NAME not in said(span)


def test_a_failing_tool(telemetry: Telemetry) -> None:
    """A result that says it is an error is one on both sides, whatever the message says."""
    result = asked(lambda session: session.call_tool("broken", {"city": "Oslo"}))
    assert result.isError
    spans = telemetry.spans()
    for kind in (SpanKind.CLIENT, SpanKind.SERVER):
        span = of(spans, "tools/call broken", kind)
        assert said(span)[attr.ERROR_TYPE] == "tool_error"
        assert span.status.status_code is StatusCode.ERROR
    assert SECRET not in "".join(span.to_json() for span in spans)


def test_an_error_code(telemetry: Telemetry) -> None:
    """An error of JSON-RPC reaches the application as it was, with its code on the client's span."""

    async def ask(session: ClientSession) -> str:
        with pytest.raises(McpError) as raised:
            await session.get_prompt("nothing")
        return str(raised.value.error.code)

    code = asked(ask)
    span = of(telemetry.spans(), "prompts/get nothing")
    assert said(span)[attr.RPC_RESPONSE_STATUS_CODE] == code
    assert said(span)[attr.ERROR_TYPE] == code
    assert span.status.status_code is StatusCode.ERROR


def test_the_callers_fault_is_no_error_of_the_server(telemetry: Telemetry) -> None:
    """A method that the server does not have is the client's error, and for the server a code alone."""

    async def ask(session: ClientSession) -> None:
        with pytest.raises(McpError):
            await session.subscribe_resource(types.AnyUrl("shelf://books/1"))

    asked(ask)
    spans = telemetry.spans()
    client, server = (of(spans, "resources/subscribe", kind) for kind in (SpanKind.CLIENT, SpanKind.SERVER))
    assert said(client)[attr.ERROR_TYPE] == "-32601"
    assert said(server)[attr.RPC_RESPONSE_STATUS_CODE] == "-32601"
    assert attr.ERROR_TYPE not in said(server)
    assert server.status.status_code is StatusCode.UNSET


def test_a_time_out_and_a_cancellation(telemetry: Telemetry) -> None:
    """Who stops waiting gets the SDK's own error, and the span ends with it."""

    async def give_up(session: ClientSession) -> None:
        with pytest.raises(McpError):
            await session.call_tool("slow", {}, read_timeout_seconds=timedelta(milliseconds=20))
        task = asyncio.create_task(session.call_tool("slow", {}))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert outside()

    asked(give_up)
    spans = [span for span in telemetry.spans() if span.name == "tools/call slow" and span.kind is SpanKind.CLIENT]
    assert [said(span)[attr.ERROR_TYPE] for span in spans] == ["408", "CancelledError"]


def test_a_server_asks_the_client(telemetry: Telemetry) -> None:
    """Sampling: the server's span is the client's kind, inside the tool that asked, and answered below it."""
    result = asked(lambda session: session.call_tool("ponder", {}))
    assert result.content[0].text == "because"
    name = "sampling/createMessage"
    (found,) = tree(after_initialize(telemetry.spans()))[:1]
    assert found == ("tools/call ponder", [("tools/call ponder", [(name, [name])])])


def test_content_is_off_by_default_and_on_by_the_switch(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments and results are on the spans under the switch, and nowhere without it."""
    asked(lambda session: session.call_tool("weather", {"city": SECRET}))
    assert SECRET not in "".join(span.to_json() for span in telemetry.spans())
    telemetry.exporter.clear()
    monkeypatch.setenv(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT, "SPAN_ONLY")
    asked(lambda session: session.call_tool("weather", {"city": SECRET}))
    for kind in (SpanKind.CLIENT, SpanKind.SERVER):
        found = said(of(telemetry.spans(), CALL, kind))
        assert json.loads(found[attr.GEN_AI_TOOL_CALL_ARGUMENTS]) == {"city": SECRET}
        assert json.loads(found[attr.GEN_AI_TOOL_CALL_RESULT])[0]["text"] == f"sunny in {SECRET}"


def test_baggage_goes_along(telemetry: Telemetry) -> None:
    """What the application put in its baggage is the tool's to read."""

    async def ask(session: ClientSession) -> Any:
        token = context.attach(baggage.set_baggage("team", "blue"))
        try:
            return await session.call_tool("weather", {"city": "Oslo"})
        finally:
            context.detach(token)

    assert asked(ask).content[0].text == "sunny in Oslo blue"
    assert telemetry.spans()


@pytest.mark.parametrize("meta", [{"traceparent": 7}, {"traceparent": "x" * 9000}, {"traceparent": "00-zz"}, {}])
def test_a_context_that_is_none(telemetry: Telemetry, meta: dict[str, Any]) -> None:
    """What is no context is not followed; the request is answered all the same."""

    async def ask(session: ClientSession) -> Any:
        params = types.CallToolRequestParams.model_validate(
            {"name": "weather", "arguments": {"city": "x"}, "_meta": meta}
        )
        request = types.ClientRequest(types.CallToolRequest(method="tools/call", params=params))
        return await session.send_request(request, types.CallToolResult)

    assert asked(ask).content[0].text == "sunny in x"
    assert of(telemetry.spans(), CALL, SpanKind.SERVER).status.status_code is StatusCode.UNSET


def test_the_request_of_the_application_stays_as_it_is(telemetry: Telemetry) -> None:
    """The context is added to what is sent, not to the object that the application made; its own entries stay."""
    told: list[Any] = []

    async def ask(session: ClientSession) -> None:
        meta = {"progressToken": "t1", "mine": "yes"}
        params = types.CallToolRequestParams.model_validate(
            {"name": "weather", "arguments": {"city": "x"}, "_meta": meta}
        )
        request = types.ClientRequest(types.CallToolRequest(method="tools/call", params=params))
        before = request.model_dump(by_alias=True)
        await session.send_request(request, types.CallToolResult)
        told.append((before, request.model_dump(by_alias=True)))

    asked(ask)
    ((before, after),) = told
    assert before == after
    assert "traceparent" not in json.dumps(after)
    assert telemetry.spans()


@asynccontextmanager
async def over_http(server: FastMCP) -> AsyncIterator[tuple[ClientSession, int]]:
    """A client's session over streamable HTTP."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    running = uvicorn.Server(uvicorn.Config(server.streamable_http_app(), log_level="critical"))
    task = asyncio.create_task(running.serve(sockets=[listener]))
    try:
        url = f"http://127.0.0.1:{port}/mcp"
        async with streamablehttp_client(url) as (reads, writes, _), ClientSession(reads, writes) as session:
            await session.initialize()
            yield session, port
    finally:
        running.should_exit = True
        await task


def test_streamable_http(telemetry: Telemetry) -> None:
    """The same trace, with the session's id and the address of the server."""

    async def main() -> None:
        async with over_http(served()) as (session, port):
            await session.call_tool("weather", {"city": "Oslo"})
            spans = telemetry.spans()
            assert (CALL, [(CALL, ["look outside"])]) in tree(spans)
            found = said(of(spans, CALL))
            assert found[attr.SERVER_ADDRESS] == "127.0.0.1"
            assert found[attr.SERVER_PORT] == port
            assert found[attr.NETWORK_TRANSPORT] == "tcp"
            assert found[attr.NETWORK_PROTOCOL_NAME] == "http"
            assert len(found[attr.MCP_SESSION_ID]) >= 16
            server = said(of(spans, CALL, SpanKind.SERVER))
            # Releases before 1.9.4 do not tell a server's session which HTTP request brought a message.
            assert server.get(attr.MCP_SESSION_ID, found[attr.MCP_SESSION_ID]) == found[attr.MCP_SESSION_ID]

    asyncio.run(main())


CHILD = """
import sys
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from spanwise.instrument import McpInstrumentor
provider = TracerProvider()
out = open(sys.argv[1], "w")
exporter = ConsoleSpanExporter(out=out, formatter=lambda span: span.to_json(None) + chr(10))
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
McpInstrumentor().instrument(tracer_provider=provider)
from tests.frameworks.mcp_promises import served
served().run()
"""


def test_stdio_with_a_child_process(telemetry: Telemetry, tmp_path: Path) -> None:
    """The spans of a server in a process of its own belong to the trace of its client."""
    told = tmp_path / "spans.jsonl"

    async def main() -> None:
        keep = {key: value for key, value in os.environ.items() if not key.startswith("OTEL_")}
        keep["PYTHONPATH"] = os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(ROOT)])
        child = StdioServerParameters(command=sys.executable, args=["-c", CHILD, str(told)], env=keep)
        async with stdio_client(child) as (reads, writes), ClientSession(reads, writes) as session:
            await session.initialize()
            await session.call_tool("weather", {"city": "Oslo"})

    asyncio.run(main())
    client = of(telemetry.spans(), CALL)
    assert client.context is not None
    children = [json.loads(line) for line in told.read_text().splitlines()]
    (server,) = [span for span in children if span["name"] == CALL]
    assert server["context"]["trace_id"] == f"0x{client.context.trace_id:032x}"
    assert server["parent_id"] == f"0x{client.context.span_id:016x}"
    (inner,) = [span for span in children if span["name"] == "look outside"]
    assert inner["parent_id"] == server["context"]["span_id"]


def test_the_same_results_with_and_without_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a session gives is equal without us, with us, and with each of our hooks failing."""

    def program() -> list[Any]:
        results = []
        for name in ("weather", "broken", "ponder"):
            arguments = {} if name == "ponder" else {"city": "Oslo"}
            results.append(asked(lambda session, n=name, a=arguments: session.call_tool(n, a)).model_dump())  # type: ignore[misc]
        return results

    plain = program()
    with instrumented(McpInstrumentor()):
        assert program() == plain
    monkeypatch.setenv("SPANWISE_RAISE", "0")
    hooks: list[tuple[Any, str]] = [(Exchange, name) for name in ("__init__", "answer", "fail", "end")]
    hooks += [(Peers, name) for name in ("called", "calling", "answered")]
    hooks += [(tap, name) for name in ("carrying", "carried")]
    for owner, name in hooks:
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, _fails)
            with instrumented(McpInstrumentor()):
                assert program() == plain


def _fails(*_: Any, **__: Any) -> None:
    raise ValueError("a failure of ours")


def test_letting_go() -> None:
    """After uninstrument the SDK's methods are its own again, and a session that is open makes no more spans."""
    asks, handles = BaseSession.send_request, Server._handle_request

    async def main() -> None:
        with instrumented(McpInstrumentor()) as telemetry:
            assert BaseSession.send_request is not asks
            assert inspect.iscoroutinefunction(BaseSession.send_request)
            async with in_memory(served()) as session:
                await session.call_tool("weather", {"city": "Oslo"})
                McpInstrumentor().uninstrument()
                count = len(telemetry.spans())
                await session.call_tool("weather", {"city": "Oslo"})
                assert len(telemetry.spans()) == count

    asyncio.run(main())
    assert BaseSession.send_request is asks
    assert Server._handle_request is handles
