"""Interactions of the `google-genai` SDK against the emulator: one correct span per call, and nothing changed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.cost import Cost, CostConfig
from spanwise.instrument import GoogleGenAIInstrumentor
from spanwise.instrument.httpx import HttpxInstrumentor
from spanwise.pipeline import Pipeline
from spanwise.record import SpanRecord
from spanwise.record.sdk import from_readable
from spanwise.semconv import check
from spanwise.semconv.checker import Severity
from tests.emulator import Emulator
from tests.instrument.google_genai.program import MODEL, PROMPT, RELEASE, Sdk, client, retries
from tests.instrument.telemetry import Telemetry, instrumented


pytestmark = [
    pytest.mark.skipif(RELEASE < (2, 0), reason="interactions in steps came with 2.0"),
    pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning"),
    # What the SDK leaves open of its own clients: connections, sockets, transports.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    # What older releases say of themselves.
    pytest.mark.filterwarnings("ignore:Interactions usage is experimental:UserWarning"),
    pytest.mark.filterwarnings("ignore:Async interactions client:UserWarning"),
    pytest.mark.filterwarnings("ignore:Granular retry options:UserWarning"),
    pytest.mark.filterwarnings("ignore:warning. .. DEPRECATED:DeprecationWarning"),
]
CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
AGENT = "deep-research-preview-04-2026"
FIND: Any = {
    "type": "function",
    "name": "find",
    "description": "Finds.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}
WAYS = pytest.mark.parametrize(
    ("asynchronous", "streamed"),
    [(False, False), (False, True), (True, False), (True, True)],
    ids=["sync", "sync stream", "async", "async stream"],
)
CROSSED = pytest.mark.parametrize(
    ("asynchronous", "streamed"), [(False, True), (True, False)], ids=["sync stream", "async"]
)
"""Both clients and both kinds of bodies, where one has nothing to do with the other."""
WORDS = RELEASE >= (2, 9)
"""Whether the SDK's client is one that shows what the body of an error says."""
CONTINUES = find_spec("google.genai._interactions_continuation") is not None
"""Whether the SDK goes on by itself where an answer stopped at the limit of one request."""


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """What the SDK loads for its first interaction is not looked at by every collection either."""
    with Emulator() as emulator:
        sdk = client(emulator.url)
        list(sdk.interactions.create(model=MODEL, input=PROMPT, stream=True))
        del sdk
    gc.collect()
    gc.freeze()


async def interact(sdk: Sdk, *, asynchronous: bool, streamed: bool, **arguments: Sdk) -> Sdk:
    """What the SDK returns: an interaction, or the list of a stream's events."""
    asked: dict[str, Any] = {"input": PROMPT, **({} if "agent" in arguments else {"model": MODEL}), **arguments}
    if streamed:
        asked["stream"] = True
    if not asynchronous:
        made = sdk.interactions.create(**asked)
        return list(made) if streamed else made
    made = await sdk.aio.interactions.create(**asked)
    return [event async for event in made] if streamed else made


def said(result: Sdk, *, streamed: bool) -> str:
    """The text of an interaction, or of its events."""
    if streamed:
        deltas = [event.delta for event in result if event.event_type == "step.delta"]
        return "".join(delta.text for delta in deltas if delta.type == "text")
    return "".join(content.text for step in result.steps if step.type == "model_output" for content in step.content)


def all_attributes(telemetry: Telemetry) -> Sequence[Mapping[str, Any]]:
    """The attributes of every finished span, in the order they ended."""
    return [dict(span.attributes or {}) for span in telemetry.spans()]


def counted(found: Mapping[str, Any]) -> bool:
    """Whether a span has usage, or anything of it."""
    return any(name.startswith(("gen_ai.usage", "spanwise.usage")) for name in found)


@WAYS
@pytest.mark.parametrize("vertex", [False, True], ids=["studio", "vertex"])
async def test_interaction(
    telemetry: Telemetry, emulator: Emulator, *, vertex: bool, asynchronous: bool, streamed: bool
) -> None:
    """An interaction with a model is one chat, whole or streamed, and the SDK's own types are returned."""
    sdk = client(emulator.url, "text;text=It%20is%20near;output_tokens=40;reasoning_tokens=30", vertex=vertex)
    config = {"temperature": 0.5, "seed": 7, "top_p": 0.25, "max_output_tokens": 99, "stop_sequences": ["X"]}
    result = await interact(
        sdk,
        asynchronous=asynchronous,
        streamed=streamed,
        generation_config={**config, "thinking_level": "low"},
        previous_interaction_id="v1_before",
    )
    assert said(result, streamed=streamed) == "It is near"
    span, found = telemetry.one(), telemetry.attributes()
    assert (span.name, span.kind, span.status.status_code) == (f"chat {MODEL}", SpanKind.CLIENT, StatusCode.UNSET)
    assert found["gen_ai.operation.name"] == "chat"
    assert found["gen_ai.provider.name"] == ("gcp.vertex_ai" if vertex else "gcp.gemini")
    assert found["gen_ai.request.model"] == found["gen_ai.response.model"] == MODEL
    assert found["gen_ai.request.temperature"] == 0.5
    assert found["gen_ai.request.top_p"] == 0.25
    assert found["gen_ai.request.seed"] == 7
    assert found["gen_ai.request.max_tokens"] == 99
    assert found["gen_ai.request.stop_sequences"] == ("X",)
    assert found["gen_ai.request.reasoning.level"] == "low"
    assert found["gen_ai.request.previous_response.id"] == "v1_before"
    assert found["gen_ai.response.id"].startswith("v1_")
    assert found["gen_ai.response.status"] == "completed"
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.output_tokens"] == 40
    assert found["gen_ai.usage.reasoning.output_tokens"] == 30
    assert found["spanwise.response.service_tier"] == "standard"
    assert found["server.address"] == "127.0.0.1"
    assert f":{found['server.port']}" in emulator.url
    assert found.get("gen_ai.request.stream") is (True if streamed else None)
    assert found.get("spanwise.stream.outcome") == ("drained" if streamed else None)
    assert ("gen_ai.response.time_to_first_chunk" in found) is streamed
    assert not any("messages" in name for name in found)


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("scenario", ["gzip", "crlf", "default;fragment_bytes=7"])
async def test_encodings_of_interactions(
    telemetry: Telemetry, emulator: Emulator, scenario: str, *, asynchronous: bool
) -> None:
    """Compressed streams, CRLF streams and events cut anywhere are read alike."""
    await interact(client(emulator.url, scenario), asynchronous=asynchronous, streamed=True)
    found = telemetry.attributes()
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.output_tokens"] > 0


@pytest.mark.parametrize("streamed", [False, True])
async def test_tokens_of_interactions_are_inclusive(
    telemetry: Telemetry, emulator: Emulator, *, streamed: bool
) -> None:
    """Input includes the cache and what tools read, output the thoughts; modalities stand beside."""
    split = [{"modality": "text", "tokens": 700}, {"modality": "audio", "tokens": 300}]
    usage = json.dumps({"total_tool_use_tokens": 50, "input_tokens_by_modality": split})
    scenario = f"default;input_tokens=1000;cached_tokens=600;output_tokens=90;reasoning_tokens=70;usage={usage}"
    await interact(client(emulator.url, scenario), asynchronous=False, streamed=streamed)
    found = telemetry.attributes()
    assert found["gen_ai.usage.input_tokens"] == 1050
    assert found["gen_ai.usage.cache_read.input_tokens"] == 600
    assert found["spanwise.usage.tool.input_tokens"] == 50
    assert found["gen_ai.usage.text.input_tokens"] == 700
    assert found["gen_ai.usage.audio.input_tokens"] == 300
    assert found["gen_ai.usage.text.cache_read.input_tokens"] == 600
    assert found["gen_ai.usage.output_tokens"] == 90
    assert found["gen_ai.usage.reasoning.output_tokens"] == 70


@CROSSED
async def test_an_agent(telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool, streamed: bool) -> None:
    """An interaction with an agent is its invocation, by its id, which is the name it was given."""
    await interact(client(emulator.url), asynchronous=asynchronous, streamed=streamed, agent=AGENT)
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == f"invoke_agent {AGENT}"
    assert span.kind is SpanKind.CLIENT
    assert found["gen_ai.operation.name"] == "invoke_agent"
    assert found["gen_ai.agent.id"] == found["gen_ai.agent.name"] == AGENT
    assert found["gen_ai.usage.output_tokens"] > 0
    assert "gen_ai.request.model" not in found


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("scenario", "status", "reason"),
    [("tool_calls", "requires_action", "tool_call"), ("length", "incomplete", "length")],
)
async def test_how_an_interaction_ended(
    telemetry: Telemetry,
    emulator: Emulator,
    scenario: str,
    status: str,
    reason: str,
    *,
    streamed: bool,
) -> None:
    """Its status stands on the span, and as a finish reason in the convention's words."""
    await interact(client(emulator.url, scenario), asynchronous=False, streamed=streamed, tools=[FIND])
    found = telemetry.attributes()
    assert found["gen_ai.response.status"] == status
    assert found["gen_ai.response.finish_reasons"] == (reason,)
    assert telemetry.one().status.status_code is StatusCode.UNSET


@pytest.mark.parametrize("streamed", [False, True])
async def test_searches_of_interactions_are_counted(
    telemetry: Telemetry, emulator: Emulator, *, streamed: bool
) -> None:
    """Queries are counted, because they are billed apart."""
    sdk = client(emulator.url, "text")
    await interact(sdk, asynchronous=False, streamed=streamed, tools=[{"type": "google_search"}])
    assert telemetry.attributes()["spanwise.usage.web_searches"] == 2


def test_an_interaction_is_priced(telemetry: Telemetry, emulator: Emulator) -> None:
    """The price book knows the model of an interaction, and its tier."""
    sdk = client(emulator.url, "default;input_tokens=1000;output_tokens=100")
    sdk.interactions.create(model="gemini-2.5-flash", input=PROMPT)
    found = dict(telemetry.attributes())
    priced = Cost(CostConfig())(SpanRecord("chat", 1, 1, attributes=found))
    assert priced.attributes["spanwise.cost.status"] == "exact"


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_in_the_background_the_first_fetch_that_finds_it_finished_counts(
    telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool
) -> None:
    """Its making has no usage, nor has a fetch while it works; the first fetch after that has it, the next has none."""
    sdk, working = client(emulator.url), {"x-emulator": "default;kind=in_progress"}
    made = await interact(sdk, asynchronous=asynchronous, streamed=False, agent=AGENT, background=True)
    for headers in (working, None, None):
        if asynchronous:
            await sdk.aio.interactions.get(made.id, extra_headers=headers)
        else:
            sdk.interactions.get(made.id, extra_headers=headers)
    assert [span.name for span in telemetry.spans()] == [f"invoke_agent {AGENT}", *["fetch_response"] * 3]
    found = all_attributes(telemetry)
    assert [counted(each) for each in found] == [False, False, True, False]
    assert [each["gen_ai.response.status"] for each in found] == ["in_progress"] * 2 + ["completed"] * 2
    assert {each["gen_ai.response.id"] for each in found} == {made.id}
    assert found[2]["gen_ai.response.finish_reasons"] == ("stop",)
    assert "gen_ai.response.finish_reasons" not in found[1]


@pytest.mark.parametrize("streamed", [False, True])
async def test_what_was_counted_is_not_counted_by_a_fetch(
    telemetry: Telemetry, emulator: Emulator, *, streamed: bool
) -> None:
    """Whoever made an interaction had its usage; so has, it is supposed, another process."""
    sdk = client(emulator.url)
    made = await interact(sdk, asynchronous=False, streamed=streamed)
    sdk.interactions.get(made[0].interaction.id if streamed else made.id)
    sdk.interactions.get("v1_of_another_process")
    assert [counted(each) for each in all_attributes(telemetry)] == [True, False, False]


async def test_a_stream_that_was_left_is_counted_where_it_is_taken_up(telemetry: Telemetry, emulator: Emulator) -> None:
    """Who closes a stream before its usage has none of it; who takes it up again has, and says where."""
    sdk = client(emulator.url)
    with sdk.interactions.create(model=MODEL, input=PROMPT, stream=True) as stream:
        identity = next(iter(stream)).interaction.id
    assert telemetry.attributes()["spanwise.stream.outcome"] == "closed"
    assert list(sdk.interactions.get(identity, stream=True, last_event_id="4"))
    left, fetched = all_attributes(telemetry)
    assert not counted(left)
    assert counted(fetched)
    assert fetched["gen_ai.request.stream"] is True
    assert fetched["gen_ai.request.stream_cursor"] == "4"
    assert fetched["spanwise.stream.outcome"] == "drained"


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_what_asks_no_model_is_left_alone(
    telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool
) -> None:
    """Cancelling and deleting spend nothing and fetch nothing."""
    sdk = client(emulator.url)
    if asynchronous:
        await sdk.aio.interactions.cancel("v1_1")
        await sdk.aio.interactions.delete("v1_1")
    else:
        sdk.interactions.cancel("v1_1")
        sdk.interactions.delete("v1_1")
    assert telemetry.spans() == []


@CROSSED
@pytest.mark.parametrize(
    ("scenario", "status", "word", "name"),
    [
        ("error_400", 400, "invalid_request", "BadRequestError"),
        ("quota;times=always", 429, "quota_exceeded", "RateLimitError"),
        ("error_502", 502, "502", "InternalServerError"),
    ],
)
async def test_refused_interactions(
    telemetry: Telemetry,
    emulator: Emulator,
    scenario: str,
    status: int,
    word: str,
    name: str,
    *,
    asynchronous: bool,
    streamed: bool,
) -> None:
    """An error is called by Google's word where the body has one, and is the SDK's own exception."""
    sdk = client(emulator.url, scenario, retry_options=retries(1))
    with pytest.raises(Exception, match=r"\d|error") as raised:
        await interact(sdk, asynchronous=asynchronous, streamed=streamed)
    assert type(raised.value).__name__ == name
    span, found = telemetry.one(), telemetry.attributes()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == found["error.type"] == (word if WORDS else name)
    assert found["http.response.status_code"] == status
    assert not span.events


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_an_interaction_that_fails(telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool) -> None:
    """An interaction that Google tells as failed is an error, though its HTTP response is none."""
    made = await interact(client(emulator.url, "default;kind=failed"), asynchronous=asynchronous, streamed=False)
    assert made.status == "failed"
    found = telemetry.attributes()
    assert found["error.type"] == "internal"
    assert found["gen_ai.response.finish_reasons"] == ("error",)
    assert not counted(found)


@pytest.mark.skipif(not CONTINUES, reason="the SDK learned to continue later")
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_continued_interaction(telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool) -> None:
    """What the SDK continues by itself is a span for each request, because each is billed."""
    made = await interact(client(emulator.url, "text;kind=continued"), asynchronous=asynchronous, streamed=False)
    assert made.status == "completed"
    found = all_attributes(telemetry)
    assert [each["gen_ai.response.finish_reasons"] for each in found] == [("length",), ("stop",)]
    assert sum(each["gen_ai.usage.output_tokens"] for each in found) == made.usage.total_output_tokens
    assert found[1]["gen_ai.request.previous_response.id"] == found[0]["gen_ai.response.id"]


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_an_error_inside_a_stream(telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool) -> None:
    """An error event ends the span with its word, and what was said before it stays."""
    sdk = client(emulator.url, "stream_error;after=3")
    events = await interact(sdk, asynchronous=asynchronous, streamed=True, store=False)
    assert events[-1].event_type == "error"
    found = telemetry.attributes()
    assert found["error.type"] == "gateway_timeout"
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["gen_ai.response.id"].startswith("v1_")
    assert not counted(found)


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize(
    ("scenario", "error"),
    [("disconnect;after=2", "RemoteProtocolError"), ("malformed_stream;after=2", "malformed_response")],
)
async def test_streams_that_break_off(
    telemetry: Telemetry, emulator: Emulator, scenario: str, error: str, *, asynchronous: bool
) -> None:
    """A stream whose connection is lost, or whose last event is no JSON, is a failed span, with what it said before."""
    with contextlib.suppress(Exception):
        await interact(client(emulator.url, scenario), asynchronous=asynchronous, streamed=True, store=False)
    found = telemetry.attributes()
    assert found["error.type"] == error
    assert found["gen_ai.response.id"].startswith("v1_")
    assert not counted(found)


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_streams_that_nobody_finishes(telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool) -> None:
    """A stream that is left to the garbage collector, or closed, ends its span once, and says how."""
    sdk = client(emulator.url)
    asked: dict[str, Any] = {"model": MODEL, "input": PROMPT, "stream": True}
    if asynchronous:
        stream = await sdk.aio.interactions.create(**asked)
        await anext(stream)
        await stream.close()
    else:
        next(sdk.interactions.create(**asked))
    gc.collect()
    assert telemetry.attributes()["spanwise.stream.outcome"] == ("closed" if asynchronous else "abandoned")


async def test_a_cancelled_interaction(telemetry: Telemetry, emulator: Emulator) -> None:
    """A task that is cancelled while it waits is a span that ended so."""
    sdk = client(emulator.url, "slow_first_byte;delay_s=30")
    waiting = asyncio.ensure_future(interact(sdk, asynchronous=True, streamed=False))
    while not emulator.requests:
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert telemetry.attributes()["error.type"] == "CancelledError"


@CROSSED
async def test_retries_of_interactions_are_inside_the_span(
    telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool, streamed: bool
) -> None:
    """A 429 that the SDK retries is one span that counts it."""
    sdk = client(emulator.url, "rate_limit;times=2", retry_options=retries(4))
    await interact(sdk, asynchronous=asynchronous, streamed=streamed)
    found = telemetry.attributes()
    assert found["http.request.resend_count"] == 2
    assert "error.type" not in found


@WAYS
async def test_raw_and_streaming_variants(
    telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool, streamed: bool
) -> None:
    """A raw response is read by the caller, and its span ends as the caller reads."""
    sdk = client(emulator.url)
    asked: dict[str, Any] = {"model": MODEL, "input": PROMPT, "stream": streamed}
    if asynchronous:
        raw = await sdk.aio.interactions.with_raw_response.create(**asked)
        parsed = await raw.parse()
        assert not streamed or [event async for event in parsed]
        async with sdk.aio.interactions.with_streaming_response.create(**asked) as response:
            parsed = await response.parse()
            assert not streamed or [event async for event in parsed]
    else:
        parsed = sdk.interactions.with_raw_response.create(**asked).parse()
        assert not streamed or list(parsed)
        with sdk.interactions.with_streaming_response.create(**asked) as response:
            parsed = response.parse()
            assert not streamed or list(parsed)
    found = all_attributes(telemetry)
    assert len(found) == 2
    assert [each["gen_ai.response.finish_reasons"] for each in found] == [("stop",)] * 2
    assert all(counted(each) for each in found)


@pytest.mark.parametrize("streamed", [False, True])
async def test_content_of_an_interaction(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, streamed: bool
) -> None:
    """With SPAN_ONLY the span has both sides in the convention's form, a picture as a reference, and no key."""
    monkeypatch.setenv(CAPTURE, "SPAN_ONLY")
    picture = {"type": "image", "data": "QUJD" * 1000, "mime_type": "image/png"}
    server = {"type": "mcp_server", "name": "shop", "url": "https://x.example", "headers": {"k": "canary-key"}}
    await interact(
        client(emulator.url, "text;text=It%20is%20near;chunks=3"),
        asynchronous=False,
        streamed=streamed,
        input=[{"type": "text", "text": PROMPT}, picture],
        system_instruction="Be kind.",
        tools=[FIND, server, {"type": "google_search"}],
        generation_config={"thinking_summaries": "auto"},
    )
    found = telemetry.attributes()
    (asked,) = json.loads(found["gen_ai.input.messages"])
    assert asked["role"] == "user"
    assert asked["parts"][0] == {"type": "text", "content": PROMPT}
    assert asked["parts"][1]["content"].startswith("[image/png, 3000 bytes, sha256 ")
    assert json.loads(found["gen_ai.system_instructions"]) == [{"type": "text", "content": "Be kind."}]
    tools = json.loads(found["gen_ai.tool.definitions"])
    assert [tool["name"] for tool in tools] == ["find", "shop", "google_search"]
    assert tools[0]["parameters"] == FIND["parameters"]
    (answer,) = json.loads(found["gen_ai.output.messages"])
    kinds = ["reasoning", "server_tool_call", "server_tool_call_response", "text"]
    assert [part["type"] for part in answer["parts"]] == kinds
    assert answer["parts"][1]["name"] == "google_search"
    assert answer["parts"][-1]["content"] == "It is near"
    assert "canary-key" not in telemetry.one().to_json()


@pytest.mark.parametrize("streamed", [False, True])
async def test_calls_of_functions_and_their_results(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, streamed: bool
) -> None:
    """A call of a function is told with its arguments, and its result, sent back, with its id."""
    monkeypatch.setenv(CAPTURE, "SPAN_ONLY")
    sdk = client(emulator.url)
    await interact(sdk, asynchronous=False, streamed=streamed, tools=[FIND])
    result = {"type": "function_result", "call_id": "fc_1", "name": "find", "result": {"city": "Ghent"}}
    await interact(sdk, asynchronous=False, streamed=streamed, input=[result])
    first, second = all_attributes(telemetry)
    (part,) = json.loads(first["gen_ai.output.messages"])[0]["parts"]
    assert (part["type"], part["name"]) == ("tool_call", "find")
    assert isinstance(part["arguments"], dict)
    assert "city" in part["arguments"]
    (message,) = json.loads(second["gen_ai.input.messages"])
    assert message == {
        "role": "tool",
        "parts": [{"type": "tool_call_response", "id": "fc_1", "response": {"city": "Ghent"}}],
    }


async def test_no_content_of_interactions_by_default(telemetry: Telemetry, emulator: Emulator) -> None:
    """Without the switch no byte of prompt or answer is anywhere on the span, failures included."""
    canary, ended = "canary-5113", []
    for scenario in ("echo", "error_400", "stream_error", "refusal"):
        for streamed in (False, True):
            sdk = client(emulator.url, scenario)
            try:
                await interact(sdk, asynchronous=False, streamed=streamed, input=canary, store=False)
            except Exception as error:
                ended.append(type(error).__name__)
    assert ended[:2] == ["BadRequestError"] * 2
    spans = telemetry.spans()
    assert len(spans) == 8
    assert not any(canary in span.to_json() for span in spans)


@CROSSED
async def test_the_http_library_does_not_count_again(
    monkeypatch: pytest.MonkeyPatch, emulator: Emulator, *, asynchronous: bool, streamed: bool
) -> None:
    """With the library that sends it instrumented as well, an interaction is still one span."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented(GoogleGenAIInstrumentor(), HttpxInstrumentor()) as telemetry:
        await interact(client(emulator.url), asynchronous=asynchronous, streamed=streamed)
        assert telemetry.one().name == f"chat {MODEL}"


@pytest.mark.parametrize("streamed", [False, True])
async def test_uninstrumented_interactions_make_no_span(
    telemetry: Telemetry, emulator: Emulator, *, streamed: bool
) -> None:
    """Clients made before letting go make no spans after it, and work on."""
    sdk = client(emulator.url)
    await interact(sdk, asynchronous=False, streamed=streamed)
    GoogleGenAIInstrumentor().uninstrument()
    await interact(sdk, asynchronous=False, streamed=streamed)
    assert len(telemetry.spans()) == 1


@pytest.mark.parametrize("content", ["NO_CONTENT", "SPAN_ONLY"])
async def test_interactions_follow_the_convention(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    """The checker finds no violation in spans of models, agents, fetches and errors, before and after the pipeline."""
    monkeypatch.setenv(CAPTURE, content)
    sdk = client(emulator.url)
    search = {"type": "google_search"}
    for streamed in (False, True):
        await interact(sdk, asynchronous=False, streamed=streamed, tools=[FIND, search], system_instruction="Be kind.")
        await interact(client(emulator.url, "text"), asynchronous=False, streamed=streamed, tools=[search])
        with contextlib.suppress(Exception):
            await interact(client(emulator.url, "error_400"), asynchronous=False, streamed=streamed)
    made = await interact(sdk, asynchronous=False, streamed=False, agent=AGENT)
    sdk.interactions.get(made.id)
    raw = telemetry.spans()
    assert len(raw) == 8
    pipeline = Pipeline()
    for spans in (raw, [pipeline.process(from_readable(span)) for span in raw]):
        assert [found for found in check(spans).findings if found.severity is Severity.VIOLATION] == []
