"""Bedrock through `aiobotocore`, which is what `aioboto3` calls: the same spans as for `boto3`, read by coroutines."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from tests.emulator import Emulator
from tests.instrument.bedrock.client import KEYS, MESSAGES, MODEL, UNCLOSED, Sdk
from tests.instrument.bedrock.program import AGENT
from tests.instrument.telemetry import Telemetry


BODY = json.dumps(
    {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 99,
        "messages": [{"role": "user", "content": "Where is my parcel?"}],
    }
)
LIBRARIES = {
    "aiohttp": ("aiobotocore.httpsession", "AIOHTTPSession"),
    "httpx": ("aiobotocore.httpxsession", "HttpxSession"),
}
HAD = [library for library, (home, _) in LIBRARIES.items() if find_spec(home)]
"""Which of them this release has; on `httpx` it reads no event streams."""
OF_AIOHTTP = ("ignore:.*ssl.*:DeprecationWarning",)


@cache
def session() -> Sdk:
    """One session: it reads the model of a service once, which takes half a second."""
    if find_spec("aioboto3"):
        return import_module("aioboto3").Session()._session
    return import_module("aiobotocore.session").get_session()


@asynccontextmanager
async def client(
    emulator: Emulator, scenario: str = "default", *, service: str = "bedrock-runtime", **options: Sdk
) -> AsyncIterator[Sdk]:
    """An async client whose every call meets `scenario`."""

    def add(params: Sdk, **_: Sdk) -> None:
        params["headers"]["x-emulator"] = scenario

    settings = {"retries": {"total_max_attempts": 1}, "read_timeout": 2, "connect_timeout": 1, **options}
    config = import_module("aiobotocore.config").AioConfig(**settings)
    async with session().create_client(service, endpoint_url=emulator.url, config=config, **KEYS) as made:
        gc.collect()
        gc.freeze()
        made.meta.events.register("before-call", add)
        yield made


async def stream(sdk: Sdk) -> Sdk:
    """A stream nobody has read yet."""
    return (await sdk.converse_stream(modelId=MODEL, messages=MESSAGES))["stream"]


async def invoke_stream(sdk: Sdk) -> Sdk:
    """A stream of a model's own events nobody has read yet."""
    return (await sdk.invoke_model_with_response_stream(modelId=MODEL, body=BODY))["body"]


async def body(sdk: Sdk) -> Sdk:
    """A body nobody has read yet."""
    return (await sdk.invoke_model(modelId=MODEL, body=BODY))["body"]


def assert_inference(telemetry: Telemetry) -> None:
    """The attributes the convention asks of every finished inference."""
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == f"chat {MODEL}"
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.provider.name"] == "aws.bedrock"
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.usage.output_tokens"] > 0
    assert found["server.address"] == "127.0.0.1"


def on(library: str) -> Sdk:
    """The options of a client that makes its requests by `library`."""
    home, name = LIBRARIES[library]
    return {"http_session_cls": getattr(import_module(home), name)}


@pytest.mark.parametrize("library", HAD)
async def test_converse(telemetry: Telemetry, emulator: Emulator, library: str) -> None:
    """A Converse of the async client is the same span, whichever library makes the request."""
    async with client(emulator, **on(library)) as sdk:
        await sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert_inference(telemetry)


@pytest.mark.parametrize("library", HAD)
async def test_body(telemetry: Telemetry, emulator: Emulator, library: str) -> None:
    """A body read at once is the same span, whichever library reads it; a response of `httpx` stays as it is."""
    async with client(emulator, **on(library)) as sdk:
        answer = await body(sdk)
        assert library == "aiohttp" or "read" not in vars(getattr(answer, "__wrapped__", answer))
        assert json.loads(await at_once(answer))["role"] == "assistant"
        assert_inference(telemetry)


@pytest.mark.parametrize("library", HAD)
async def test_body_left(telemetry: Telemetry, emulator: Emulator, library: str) -> None:
    """A block around a body that nobody reads ends its span when it ends."""
    async with client(emulator, **on(library)) as sdk:
        async with await body(sdk):
            assert telemetry.spans() == []
        assert telemetry.one().status.status_code is StatusCode.UNSET


async def test_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream of the async client is the same span, and is aiobotocore's own."""
    async with client(emulator) as sdk:
        events = await stream(sdk)
        assert type(events).__name__ == "AioEventStream"
        names = [next(iter(event)) async for event in events]
    assert names[-1] == "metadata"
    assert_inference(telemetry)
    assert telemetry.attributes()["spanwise.stream.outcome"] == "drained"
    assert telemetry.attributes()["gen_ai.response.time_to_first_chunk"] > 0


async def by_lines(read: Sdk) -> bytes:
    """Read by lines."""
    return b"\n".join([line async for line in read.iter_lines()])


async def by_chunks(read: Sdk) -> bytes:
    """Read by chunks."""
    return b"".join([chunk async for chunk in read.iter_chunks(16)])


async def by_parts(read: Sdk) -> bytes:
    """Read by a size that does not divide the body."""
    found = b""
    while part := await read.read(7):
        found += part
    return found


async def by_buffer(read: Sdk) -> bytes:
    """Read into a buffer, where the release has that."""
    if "readinto" not in vars(type(read)):
        return bytes(await read.read())
    found, buffer = b"", bytearray(16)
    while size := await read.readinto(buffer):
        found += bytes(buffer[:size])
    return found


async def by_context(read: Sdk) -> bytes:
    """Read what `async with` gives: the response itself, or the body."""
    async with read as raw:
        return bytes(await raw.read())


async def by_context_in_parts(read: Sdk) -> bytes:
    """Read the body inside `async with`, twice."""
    async with read:
        return bytes(await read.read(10) + await read.read())


async def at_once(read: Sdk) -> bytes:
    """Read all of it."""
    return bytes(await read.read())


READERS = [at_once, by_lines, by_chunks, by_parts, by_buffer, by_context, by_context_in_parts]


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
async def test_ways_to_read(telemetry: Telemetry, emulator: Emulator, read: Callable[[Sdk], Awaitable[bytes]]) -> None:
    """However a body is read, the caller gets all of it and the span its tokens and its id."""
    async with client(emulator) as sdk:
        answer = await body(sdk)
        assert telemetry.spans() == []
        assert json.loads(await read(answer))["role"] == "assistant"
        assert_inference(telemetry)
    assert str(telemetry.attributes()["gen_ai.response.id"]).startswith("msg_")


async def test_invoke_model_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """A model's own events, streamed, are the same span."""
    async with client(emulator) as sdk:
        assert [event async for event in await invoke_stream(sdk)]
    assert_inference(telemetry)
    assert telemetry.attributes()["spanwise.stream.outcome"] == "drained"


async def test_agent(telemetry: Telemetry, emulator: Emulator) -> None:
    """An agent's answer, which is a stream of its own client, is one span with the agent's id."""
    async with client(emulator, service="bedrock-agent-runtime") as sdk:
        answer = await sdk.invoke_agent(**AGENT)
        assert [event async for event in answer["completion"]]
    assert telemetry.one().name.startswith("invoke_agent")
    assert telemetry.attributes()["gen_ai.agent.id"] == AGENT["agentId"]


async def test_agent_knowledge(telemetry: Telemetry, emulator: Emulator) -> None:
    """What a knowledge base found is one retrieval."""
    async with client(emulator, service="bedrock-agent-runtime") as sdk:
        answer = await sdk.retrieve(knowledgeBaseId="KB12345678", retrievalQuery={"text": "x"})
    assert answer["retrievalResults"]
    assert telemetry.attributes()["gen_ai.operation.name"] == "retrieval"


async def test_content(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With SPAN_ONLY both sides of the conversation are on the span."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    async with client(emulator, "text;text=It%20is%20near") as sdk:
        async for _ in await stream(sdk):
            continue
    found = telemetry.attributes()
    assert "Where is my parcel?" in found["gen_ai.input.messages"]
    assert "It is near" in found["gen_ai.output.messages"]


async def test_retries(telemetry: Telemetry, emulator: Emulator) -> None:
    """Two throttled attempts and an answer are one span that counts both."""
    async with client(emulator, "rate_limit;times=2", retries={"total_max_attempts": 3}) as sdk:
        await sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert telemetry.attributes()["http.request.resend_count"] == 2


async def test_retries_without_an_answer(telemetry: Telemetry, emulator: Emulator) -> None:
    """Attempts that no answer came to, of which aiobotocore tells nobody, are counted where they are sent."""
    async with client(emulator, "drop", retries={"total_max_attempts": 3}) as sdk:
        with pytest.raises(Exception, match=r"."):
            await sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert telemetry.attributes()["http.request.resend_count"] == 2


@pytest.mark.filterwarnings(*UNCLOSED)
@pytest.mark.parametrize("ask", [stream, invoke_stream], ids=["converse", "invoke"])
@pytest.mark.parametrize(
    ("scenario", "error_type"),
    [
        ("error_403", "AccessDeniedException"),
        ("rate_limit", "ThrottlingException"),
        ("error_500", "InternalServerException"),
        ("drop", "ConnectionClosedError"),
        ("stream_error", "ThrottlingException"),
    ],
)
async def test_errors(
    telemetry: Telemetry, emulator: Emulator, scenario: str, error_type: str, ask: Callable[[Sdk], Awaitable[Sdk]]
) -> None:
    """An error before the stream or in it is known by its code; what broke off is left to the collector by the SDK."""
    async with client(emulator, scenario) as sdk:
        with pytest.raises(Exception, match=r"."):
            async for _ in await ask(sdk):
                continue
    found = telemetry.attributes()
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert found["error.type"] == error_type


async def test_read_time_out(telemetry: Telemetry, emulator: Emulator) -> None:
    """An answer that does not come in time is an error of the class that the caller gets."""
    async with client(emulator, "slow_first_byte;delay_s=0.5", read_timeout=0.05) as sdk:
        with pytest.raises(Exception, match=r".") as caught:
            await sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert telemetry.attributes()["error.type"] == type(caught.value).__name__


async def test_body_error(telemetry: Telemetry, emulator: Emulator) -> None:
    """A refusal of a call whose answer would be a body is known by its code."""
    async with client(emulator, "error_403") as sdk:
        with pytest.raises(Exception, match=r"."):
            await body(sdk)
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert telemetry.attributes()["error.type"] == "AccessDeniedException"


@pytest.mark.filterwarnings(*UNCLOSED)
@pytest.mark.parametrize("ask", [stream, invoke_stream], ids=["converse", "invoke"])
async def test_closed_early(telemetry: Telemetry, emulator: Emulator, ask: Callable[[Sdk], Awaitable[Sdk]]) -> None:
    """A stream that the caller closes is no error."""
    async with client(emulator) as sdk:
        events = await ask(sdk)
        async for _ in events:
            break
        events.close()
        assert telemetry.one().status.status_code is StatusCode.UNSET
    assert telemetry.attributes()["spanwise.stream.outcome"] == "closed"


async def test_body_closed_early(telemetry: Telemetry, emulator: Emulator) -> None:
    """A body that the caller closes unread is no error."""
    async with client(emulator) as sdk:
        answer = await body(sdk)
        if (closing := answer.close()) is not None:
            await closing
        assert telemetry.one().status.status_code is StatusCode.UNSET


@pytest.mark.filterwarnings(*UNCLOSED)
async def test_abandoned(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream that nobody reads any more ends its span."""
    async with client(emulator) as sdk:
        events = await stream(sdk)
        async for _ in events:
            break
        del events
        for _ in range(5):
            # The loop closes the generator that was left, in a task of its own.
            gc.collect()
            await asyncio.sleep(0)
        assert telemetry.attributes()["spanwise.stream.outcome"] == "abandoned"


@pytest.mark.filterwarnings(*UNCLOSED)
@pytest.mark.parametrize("ask", [stream, invoke_stream], ids=["converse", "invoke"])
@pytest.mark.parametrize("when", ["call", "stream"])
async def test_cancelled(
    telemetry: Telemetry, emulator: Emulator, when: str, ask: Callable[[Sdk], Awaitable[Sdk]]
) -> None:
    """A task that is cancelled while it waits, for the answer or for an event, ends its span as cancelled."""
    scenario = "slow_first_byte;delay_s=1" if when == "call" else "slow_chunks;delay_s=1"

    async def read(sdk: Sdk, started: asyncio.Event) -> None:
        started.set()
        async for _ in await ask(sdk):
            continue

    async with client(emulator, scenario) as sdk:
        started = asyncio.Event()
        task = asyncio.create_task(read(sdk, started))
        await started.wait()
        while not emulator.requests or (when == "stream" and emulator.requests[-1].status is None):
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    found: dict[str, Any] = dict(telemetry.attributes())
    assert found["error.type"] == "CancelledError"
    assert found.get("spanwise.stream.outcome") == ("cancelled" if when == "stream" else None)


async def test_nothing_is_left_behind(emulator: Emulator, telemetry: Telemetry) -> None:
    """After `uninstrument` the classes of aiobotocore are as they were, and calls make no span."""
    from spanwise.instrument.bedrock import BedrockInstrumentor

    kinds = [import_module("aiobotocore.client").AioBaseClient, import_module("aiobotocore.response").StreamingBody]
    assert all(any(hasattr(held, "_spanwise_tap") for held in vars(kind).values()) for kind in kinds)
    async with client(emulator) as sdk:
        BedrockInstrumentor().uninstrument()
        await at_once(await body(sdk))
    assert not any(hasattr(held, "_spanwise_tap") for kind in kinds for held in vars(kind).values())
    assert telemetry.spans() == []
