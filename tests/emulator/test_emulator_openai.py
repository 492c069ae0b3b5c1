"""The emulator speaks OpenAI's wire formats well enough for the real SDK."""

from __future__ import annotations

import gzip
import http.client
import json
import threading
from collections.abc import AsyncIterator, Iterator

import openai
import pytest
from openai import AsyncOpenAI, AzureOpenAI, OpenAI
from openai.types.chat import (
    ChatCompletionMessageFunctionToolCallParam,
    ChatCompletionMessageParam,
    ChatCompletionToolParam,
)
from openai.types.responses import FunctionToolParam
from pydantic import BaseModel

from tests.emulator import Emulator, Scenario
from tests.emulator.scenario import NAMES, ScenarioError


MODEL = "gpt-4.1-mini"
ASK: list[ChatCompletionMessageParam] = [{"role": "user", "content": "How long may I return shoes?"}]
PARAMETERS: dict[str, object] = {
    "type": "object",
    "properties": {"order_id": {"type": "string"}, "detail": {"type": "string", "enum": ["short", "long"]}},
    "required": ["order_id", "detail"],
    "additionalProperties": False,
}
CHAT_TOOL: ChatCompletionToolParam = {
    "type": "function",
    "function": {"name": "look_up_order", "parameters": PARAMETERS},
}
RESPONSES_TOOL: FunctionToolParam = {
    "type": "function",
    "name": "look_up_order",
    "parameters": PARAMETERS,
    "strict": True,
}


class Receipt(BaseModel):
    """A structured answer."""

    order_id: str
    amounts: list[float]
    paid: bool


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator of this test's own."""
    with Emulator() as running:
        yield running


@pytest.fixture
def client(emulator: Emulator) -> Iterator[OpenAI]:
    """The SDK, pointed at the emulator."""
    with OpenAI(base_url=emulator.openai_url, api_key="test") as sdk:
        yield sdk


@pytest.fixture
async def async_client(emulator: Emulator) -> AsyncIterator[AsyncOpenAI]:
    """The asyncio SDK, pointed at the emulator."""
    async with AsyncOpenAI(base_url=emulator.openai_url, api_key="test") as sdk:
        yield sdk


def scenario(written: str) -> dict[str, str]:
    """The header that asks for a scenario."""
    return {"x-emulator": written}


def post(emulator: Emulator, path: str, body: object, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """One request without any SDK; body and response as they are on the wire."""
    connection = http.client.HTTPConnection("127.0.0.1", int(emulator.url.rpartition(":")[2]), timeout=5)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json"} | sent)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_openai_chat_answers_with_usage_and_a_dated_model(emulator: Emulator, client: OpenAI) -> None:
    """A plain chat call gets text, the snapshot's name, a usage with its details and a request id."""
    answer = client.chat.completions.create(model=MODEL, messages=ASK)
    assert answer.id == "chatcmpl-emu-0001"
    assert answer.model == "gpt-4.1-mini-2025-04-14"
    assert answer.choices[0].message.content == "You can return an item within 30 days for a full refund."
    assert answer.choices[0].finish_reason == "stop"
    assert answer.service_tier == "default"
    assert answer._request_id == "req_emu-0001"
    usage = answer.usage
    assert usage is not None
    assert usage.prompt_tokens > 0
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.prompt_tokens_details is not None
    assert usage.prompt_tokens_details.cached_tokens == 0
    assert usage.completion_tokens_details is not None
    assert usage.completion_tokens_details.reasoning_tokens == 0
    (received,) = emulator.requests
    assert received.path == "/v1/chat/completions"
    assert received.headers["authorization"] == "Bearer test"
    assert received.body["messages"] == ASK


def test_openai_token_counts_can_be_named(client: OpenAI) -> None:
    """A scenario's numbers come back in the usage as they were named."""
    named = "default;input_tokens=2000;cached_tokens=1024;output_tokens=300;reasoning_tokens=128;service_tier=flex"
    answer = client.chat.completions.create(model="gpt-5", messages=ASK, extra_headers=scenario(named))
    usage = answer.usage
    assert usage is not None
    assert usage.prompt_tokens_details is not None
    assert usage.completion_tokens_details is not None
    assert (usage.prompt_tokens, usage.prompt_tokens_details.cached_tokens) == (2000, 1024)
    assert (usage.completion_tokens, usage.completion_tokens_details.reasoning_tokens) == (300, 128)
    assert answer.service_tier == "flex"


def test_openai_reasoning_models_reason_and_long_prompts_are_cached(client: OpenAI) -> None:
    """Without being told, reasoning models spend reasoning tokens and long prompts read from the cache."""
    answer = client.chat.completions.create(model="gpt-5-mini", messages=[{"role": "user", "content": "x " * 4000}])
    usage = answer.usage
    assert usage is not None
    assert usage.completion_tokens_details is not None
    assert usage.completion_tokens_details.reasoning_tokens == 64
    assert usage.completion_tokens > 64
    assert usage.prompt_tokens_details is not None
    assert usage.prompt_tokens_details.cached_tokens == 896


def test_openai_chat_stream_has_usage_only_when_asked(client: OpenAI) -> None:
    """No chunk has usage unless asked for; when asked, one last chunk has it and no choices."""
    plain = list(client.chat.completions.create(model=MODEL, messages=ASK, stream=True))
    assert all(chunk.usage is None for chunk in plain)
    assert all("usage" not in chunk.model_fields_set for chunk in plain)
    assert plain[-1].choices[0].finish_reason == "stop"
    counted = list(
        client.chat.completions.create(model=MODEL, messages=ASK, stream=True, stream_options={"include_usage": True})
    )
    assert all("usage" in chunk.model_fields_set and chunk.usage is None for chunk in counted[:-1])
    assert counted[-1].choices == []
    assert counted[-1].usage is not None
    said = "".join(chunk.choices[0].delta.content or "" for chunk in plain)
    assert said == "You can return an item within 30 days for a full refund."


@pytest.mark.parametrize(
    "written", ["default;chunks=200", "default;chunks=200;text=ab", "text;chunks=200;characters=5000"]
)
def test_openai_stream_has_exactly_the_chunks_asked_for(client: OpenAI, written: str) -> None:
    """`chunks` is the number of content deltas, whatever the text is."""
    stream = client.chat.completions.create(model=MODEL, messages=ASK, stream=True, extra_headers=scenario(written))
    pieces = [chunk.choices[0].delta.content for chunk in stream if chunk.choices[0].delta.content]
    assert len(pieces) == 200
    assert "characters" not in written or sum(map(len, pieces)) == 5000


def test_openai_n_choices_are_interleaved(client: OpenAI) -> None:
    """n=3 gives three choices, in a stream chunk by chunk, and bills the output three times."""
    one = client.chat.completions.create(model=MODEL, messages=ASK)
    three = client.chat.completions.create(model=MODEL, messages=ASK, n=3)
    assert [choice.index for choice in three.choices] == [0, 1, 2]
    assert one.usage is not None
    assert three.usage is not None
    assert three.usage.completion_tokens == 3 * one.usage.completion_tokens
    chunks = list(client.chat.completions.create(model=MODEL, messages=ASK, n=3, stream=True))
    assert [chunk.choices[0].index for chunk in chunks[:6]] == [0, 1, 2, 0, 1, 2]


def test_openai_tool_loop(emulator: Emulator, client: OpenAI) -> None:
    """A request with tools gets calls whose arguments fit; the tool's result gets a text that uses it."""
    messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Where is order A-10042?"}]
    asked = client.chat.completions.create(
        model=MODEL, messages=messages, tools=[CHAT_TOOL], extra_headers=scenario("tool_calls;calls=2")
    )
    assert asked.choices[0].finish_reason == "tool_calls"
    assert asked.choices[0].message.content is None
    calls = asked.choices[0].message.tool_calls or []
    assert len({call.id for call in calls}) == 2
    assert calls[0].type == "function"
    assert json.loads(calls[0].function.arguments) == {"order_id": "A-10042", "detail": "short"}
    sent_back: list[ChatCompletionMessageFunctionToolCallParam] = [
        {"id": call.id, "type": "function", "function": call.function.to_dict()}  # type: ignore[typeddict-item]
        for call in calls
        if call.type == "function"
    ]
    messages += [
        {"role": "assistant", "tool_calls": sent_back},
        *({"role": "tool", "tool_call_id": call.id, "content": "on its way"} for call in calls),  # type: ignore[list-item]
    ]
    final = client.chat.completions.create(model=MODEL, messages=messages, tools=[CHAT_TOOL])
    assert final.choices[0].message.content == "I looked that up for you: on its way"
    assert [request.body["model"] for request in emulator.requests] == [MODEL, MODEL]


def test_openai_tool_calls_stream_through_the_helper(client: OpenAI) -> None:
    """The SDK's stream helper assembles a streamed tool call."""
    with client.chat.completions.stream(
        model=MODEL, messages=[{"role": "user", "content": "Where is order 10042?"}], tools=[CHAT_TOOL]
    ) as stream:
        answer = stream.get_final_completion()
    calls = answer.choices[0].message.tool_calls or []
    assert [json.loads(call.function.arguments)["order_id"] for call in calls] == ["10042"]


@pytest.mark.parametrize("stream", [False, True])
def test_openai_refusal_and_content_filter(client: OpenAI, *, stream: bool) -> None:
    """A refusal is in `message.refusal`; a filtered answer ends with `content_filter`; a cut one with `length`."""
    ends = {}
    for name in ("refusal", "content_filter", "length"):
        headers = scenario(name)
        if stream:
            chunks = list(client.chat.completions.create(model=MODEL, messages=ASK, stream=True, extra_headers=headers))
            refused = "".join(chunk.choices[0].delta.refusal or "" for chunk in chunks)
            ends[name] = (chunks[-1].choices[0].finish_reason, refused)
        else:
            answer = client.chat.completions.create(model=MODEL, messages=ASK, extra_headers=headers)
            ends[name] = (answer.choices[0].finish_reason, answer.choices[0].message.refusal or "")
    assert ends["refusal"] == ("stop", "I'm sorry, but I can't help with that.")
    assert ends["content_filter"] == ("content_filter", "")
    assert ends["length"] == ("length", "")


def test_openai_chat_parse_gets_a_fitting_answer(client: OpenAI) -> None:
    """Structured outputs: the answer fits the schema of a pydantic model."""
    answer = client.chat.completions.parse(model=MODEL, messages=ASK, response_format=Receipt)
    assert isinstance(answer.choices[0].message.parsed, Receipt)
    reply = client.responses.parse(model=MODEL, input="Receipt, please", text_format=Receipt)
    assert isinstance(reply.output_parsed, Receipt)


def test_openai_responses_answers_with_usage(client: OpenAI) -> None:
    """A plain responses call gets text and usage; a reasoning model also a reasoning item."""
    answer = client.responses.create(model="gpt-5", input="When do you open?", instructions="Be short.")
    assert answer.id == "resp_emu-0001"
    assert answer.output_text == "The shop is open from 9:00 to 18:00, Monday to Saturday."
    assert [item.type for item in answer.output] == ["reasoning", "message"]
    assert answer.instructions == "Be short."
    assert answer.usage is not None
    assert answer.usage.input_tokens_details.cached_tokens == 0
    assert answer.usage.output_tokens_details.reasoning_tokens == 64


def test_openai_responses_stream_in_the_providers_order(client: OpenAI) -> None:
    """The events come in the documented order with consecutive numbers, and the last has the whole response."""
    events = list(client.responses.create(model=MODEL, input="When do you open?", stream=True))
    kinds = [event.type for event in events]
    assert kinds[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert kinds[-4:] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert set(kinds[4:-4]) == {"response.output_text.delta"}
    assert [event.sequence_number for event in events] == list(range(len(events)))
    last = events[-1]
    assert last.type == "response.completed"
    assert last.response.usage is not None


def test_openai_responses_tool_loop(client: OpenAI) -> None:
    """Function call items are streamed; their output gets a text answer."""
    with client.responses.stream(model=MODEL, input="Where is order 10042?", tools=[RESPONSES_TOOL]) as stream:
        kinds = [event.type for event in stream]
        asked = stream.get_final_response()
    assert "response.function_call_arguments.delta" in kinds
    call = asked.output[0]
    assert call.type == "function_call"
    assert json.loads(call.arguments)["order_id"] == "10042"
    final = client.responses.create(
        model=MODEL,
        input=[
            {"role": "user", "content": "Where is order 10042?"},
            {"type": "function_call", "call_id": call.call_id, "name": call.name, "arguments": call.arguments},
            {"type": "function_call_output", "call_id": call.call_id, "output": "on its way"},
        ],
        tools=[RESPONSES_TOOL],
    )
    assert final.output_text == "I looked that up for you: on its way"


def test_openai_responses_end_early(client: OpenAI) -> None:
    """A length cut is `incomplete` with its reason; a refusal is a refusal part."""
    cut = client.responses.create(model=MODEL, input="hi", extra_headers=scenario("length"))
    assert cut.status == "incomplete"
    assert cut.incomplete_details is not None
    assert cut.incomplete_details.reason == "max_output_tokens"
    refused = client.responses.create(model=MODEL, input="hi", stream=True, extra_headers=scenario("refusal"))
    assert "response.refusal.done" in [event.type for event in refused]


@pytest.mark.parametrize("kind", ["response.failed", "error"])
def test_openai_responses_stream_fails_both_ways(client: OpenAI, kind: str) -> None:
    """A stream that fails sends `response.failed`, or the `error` event where that is asked for."""
    headers = scenario("stream_error;after=3" + (";kind=error" if kind == "error" else ""))
    stream = client.responses.create(model=MODEL, input="hi", stream=True, extra_headers=headers)
    kinds = [event.type for event in stream]
    assert kinds[-1] == kind
    assert kinds.count("response.output_text.delta") == 3


def test_openai_legacy_completions(client: OpenAI) -> None:
    """Legacy completions: choices for each prompt, whole and streamed with usage."""
    answer = client.completions.create(model="gpt-3.5-turbo-instruct", prompt=["refund?", "open?"], n=2)
    assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
    assert answer.choices[0].text != answer.choices[2].text
    stream = client.completions.create(
        model="gpt-3.5-turbo-instruct", prompt="refund?", stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert "".join(chunk.choices[0].text for chunk in chunks[:-1]) == answer.choices[0].text


def test_openai_embeddings_as_floats_and_base64(emulator: Emulator, client: OpenAI) -> None:
    """Both encodings hold the same vector, of the size asked for; texts that share words are close."""
    packed = client.embeddings.create(model="text-embedding-3-small", input=["refund of shoes", "opening hours"])
    assert emulator.requests[0].body["encoding_format"] == "base64"
    plain = client.embeddings.create(
        model="text-embedding-3-small", input=["refund of shoes", "shoes and refund"], encoding_format="float"
    )
    assert len(packed.data[0].embedding) == 1536
    assert packed.data[0].embedding == pytest.approx(plain.data[0].embedding)

    def near(left: list[float], right: list[float]) -> float:
        return sum(a * b for a, b in zip(left, right, strict=True))

    assert near(plain.data[0].embedding, plain.data[1].embedding) > 0.9
    assert near(packed.data[0].embedding, packed.data[1].embedding) < 0.5
    small = client.embeddings.create(model="text-embedding-3-large", input="one", dimensions=8)
    assert len(small.data[0].embedding) == 8
    assert small.usage.prompt_tokens == 1


def test_openai_rate_limit_then_success(emulator: Emulator, client: OpenAI) -> None:
    """429 with Retry-After as often as asked, then an answer, and the SDK's attempts are all recorded."""
    answer = client.chat.completions.create(model=MODEL, messages=ASK, extra_headers=scenario("rate_limit;times=2"))
    assert answer.choices[0].message.content
    assert [request.status for request in emulator.requests] == [429, 429, 200]
    assert [request.headers["x-stainless-retry-count"] for request in emulator.requests] == ["0", "1", "2"]


def test_openai_enqueued_scenarios_cover_their_call_and_no_other(emulator: Emulator, client: OpenAI) -> None:
    """A queued fault belongs to one call with its retries; the next call takes the next scenario, then the default."""
    emulator.enqueue("error_500")
    emulator.enqueue("rate_limit")
    emulator.enqueue(Scenario("text"), text="second")
    with pytest.raises(openai.InternalServerError):
        client.chat.completions.create(model=MODEL, messages=ASK)
    limited = client.chat.completions.create(model=MODEL, messages=ASK)
    second = client.chat.completions.create(model=MODEL, messages=ASK)
    third = client.chat.completions.create(model=MODEL, messages=ASK)
    assert [r.status for r in emulator.requests] == [500, 500, 500, 429, 200, 200, 200]
    assert second.choices[0].message.content == "second"
    assert third.choices[0].message.content == limited.choices[0].message.content


def test_openai_raw_clients_have_attempts_counted(emulator: Emulator) -> None:
    """A client that does not number its attempts also gets its failures, then success, by header and by queue."""
    body = {"model": MODEL, "messages": ASK}
    path = "/v1/chat/completions"
    seen = [post(emulator, path, body, x_emulator="rate_limit;times=2;retry_after_ms=1500")[0] for _ in range(4)]
    assert [response.status for response in seen] == [429, 429, 200, 429]
    assert seen[0].getheader("retry-after") == "2"
    assert seen[0].getheader("retry-after-ms") == "1500"
    emulator.enqueue("error_503", times=2)
    assert [post(emulator, path, body)[0].status for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("error_400", openai.BadRequestError, None),
        ("error_401", openai.AuthenticationError, "invalid_api_key"),
        ("error_403", openai.PermissionDeniedError, "unsupported_country_region_territory"),
        ("error_404", openai.NotFoundError, "model_not_found"),
        ("quota", openai.RateLimitError, "insufficient_quota"),
        ("error_500", openai.InternalServerError, None),
    ],
)
def test_openai_errors_have_the_providers_shape(
    client: OpenAI, name: str, error: type[openai.APIStatusError], code: str | None
) -> None:
    """Each error status raises the SDK's own class with the provider's code."""
    with pytest.raises(error) as raised:
        client.chat.completions.create(model=MODEL, messages=ASK, extra_headers=scenario(name))
    assert raised.value.code == code
    assert isinstance(raised.value.body, dict)
    assert set(raised.value.body) == {"message", "type", "param", "code"}


def test_openai_stream_error_in_the_middle(client: OpenAI) -> None:
    """An error chunk after two deltas raises the SDK's error, after those two were delivered."""
    got: list[str | None] = []
    stream = client.chat.completions.create(
        model=MODEL, messages=ASK, stream=True, extra_headers=scenario("stream_error")
    )
    with pytest.raises(openai.APIError, match="server had an error"):
        got.extend(chunk.choices[0].delta.content for chunk in stream)
    assert got == ["", "You ", "can "]


def test_openai_a_fault_that_comes_too_late_still_comes(client: OpenAI) -> None:
    """A stream with fewer pieces than `after` fails at its end: no test passes because its fault never happened."""
    stream = client.responses.create(
        model=MODEL, input="hi", stream=True, extra_headers=scenario("stream_error;after=500")
    )
    kinds = [event.type for event in stream]
    assert kinds[-2:] == ["response.output_item.done", "response.failed"]


@pytest.mark.parametrize(
    ("written", "stream", "error"),
    [
        ("malformed_body", False, json.JSONDecodeError),
        ("malformed_stream", True, json.JSONDecodeError),
        ("drop", False, openai.APIConnectionError),
        ("drop", True, openai.APIConnectionError),
        ("disconnect", False, openai.APIConnectionError),
        ("disconnect;after=0", True, openai.APIConnectionError),
    ],
)
def test_openai_broken_answers(
    emulator: Emulator, client: OpenAI, written: str, error: type[Exception], *, stream: bool
) -> None:
    """Broken bodies and connections reach the caller as the SDK reports them."""
    chat = client.with_options(max_retries=0).chat.completions
    headers = scenario(written)

    def ask() -> None:
        if stream:
            list(chat.create(model=MODEL, messages=ASK, stream=True, extra_headers=headers))
        else:
            chat.create(model=MODEL, messages=ASK, extra_headers=headers)

    with pytest.raises(error):
        ask()
    (request,) = emulator.wait_for(1)
    assert request.outcome == ("complete" if written.startswith("malformed") else "cut")


@pytest.mark.parametrize("written", ["gzip", "crlf", "crlf;fragment_bytes=7", "gzip;fragment_bytes=5;crlf=1"])
def test_openai_transports_change_nothing(client: OpenAI, written: str) -> None:
    """Compression, line ends and small writes leave the answer as it was, whole and streamed."""
    headers = scenario(written + ";text=Gr%C3%BC%C3%9Fe%20%F0%9F%8C%8D%20an%20alle")
    whole = client.chat.completions.create(model=MODEL, messages=ASK, extra_headers=headers)
    stream = client.chat.completions.create(model=MODEL, messages=ASK, stream=True, extra_headers=headers)
    streamed = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    assert whole.choices[0].message.content == streamed == "Grüße 🌍 an alle"


def test_openai_wire_is_gzip_and_crlf(emulator: Emulator) -> None:
    """On the wire, `gzip` is really gzip and `crlf` really separates with CRLF CRLF."""
    body = {"model": MODEL, "messages": ASK, "stream": True}
    response, raw = post(emulator, "/v1/chat/completions", body, x_emulator="gzip;crlf=1")
    assert response.getheader("content-encoding") == "gzip"
    text = gzip.decompress(raw)
    assert text.endswith(b"data: [DONE]\r\n\r\n")
    assert b"\n\n" not in text


class Waits(threading.Event):
    """An end that nobody waits for: it keeps for how long somebody would, and whether an answer had begun by then."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self._emulator = emulator
        self.noted: list[tuple[float | None, bool]] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Not yet."""
        self.noted.append((timeout, self._emulator.requests[-1].status is not None))
        return False


def test_openai_waits_are_real_and_end_with_the_emulator() -> None:
    """The first byte is late by `delay_s`; slow chunks take it after every event; both wait for the emulator's end."""
    body = {"model": MODEL, "messages": ASK, "stream": True}
    with Emulator() as emulator:
        for asked, events, expected in (
            ("slow_first_byte;delay_s=30", 1, (30.0, False)),
            ("slow_chunks;delay_s=20;chunks=5", None, (20.0, True)),
        ):
            ending = emulator.closing
            waits = emulator.closing = Waits(emulator)
            _, raw = post(emulator, "/v1/chat/completions", body, x_emulator=asked)
            emulator.closing = ending
            assert waits.noted == [expected] * (events or raw.count(b"data: "))


def test_openai_azure_paths(emulator: Emulator) -> None:
    """Azure's deployment path is served, with its leading chunk that has no choices."""
    with AzureOpenAI(azure_endpoint=emulator.url, api_key="test", api_version="2024-10-21") as client:
        whole = client.chat.completions.create(model=MODEL, messages=ASK)
        chunks = list(client.chat.completions.create(model=MODEL, messages=ASK, stream=True))
    assert emulator.requests[0].path == f"/openai/deployments/{MODEL}/chat/completions"
    assert emulator.requests[0].query == "api-version=2024-10-21"
    assert whole.model_extra is not None
    assert "prompt_filter_results" in whole.model_extra
    assert chunks[0].choices == []
    with OpenAI(base_url=f"{emulator.url}/openai/v1", api_key="test") as client:
        assert client.responses.create(model=MODEL, input="hi").output_text


async def test_openai_async_sdk(emulator: Emulator, async_client: AsyncOpenAI) -> None:
    """The asyncio SDK gets the same: plain, streamed, retried, and a stream it leaves early is noticed."""
    answer = await async_client.chat.completions.create(model=MODEL, messages=ASK)
    stream = await async_client.chat.completions.create(model=MODEL, messages=ASK, stream=True)
    pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
    assert "".join(pieces) == answer.choices[0].message.content
    emulator.enqueue("rate_limit")
    await async_client.responses.create(model=MODEL, input="hi")
    assert [request.status for request in emulator.requests] == [200, 200, 429, 200]
    left = await async_client.chat.completions.create(
        model=MODEL, messages=ASK, stream=True, extra_headers=scenario("slow_chunks;chunks=100")
    )
    await anext(aiter(left))
    await left.close()
    assert emulator.wait_for(5)[-1].outcome == "client_gone"


def test_openai_keeps_connections_alive(emulator: Emulator) -> None:
    """One connection serves call after call, streams included."""
    port = int(emulator.url.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    for stream in (False, True, False):
        body = json.dumps({"model": MODEL, "messages": ASK, "stream": stream})
        connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        assert connection.getresponse().read()
        assert connection.sock is not None
    connection.close()


def test_openai_wrong_requests_get_the_providers_errors(emulator: Emulator) -> None:
    """An unknown path is 404; broken JSON, a missing field and an unknown scenario are 400: in OpenAI's shape."""
    wrong = [
        post(emulator, "/v1/nothing", {}),
        post(emulator, "/v1/chat/completions", []),
        post(emulator, "/v1/chat/completions", {"model": MODEL}),
        post(emulator, "/v1/chat/completions", {"model": MODEL, "messages": ASK}, x_emulator="no_such"),
        post(emulator, "/v1/chat/completions", {"model": MODEL, "messages": ASK}, x_emulator="text;chunk=2"),
    ]
    assert [response.status for response, _ in wrong] == [404, 400, 400, 400, 400]
    assert all(set(json.loads(raw)["error"]) == {"message", "type", "param", "code"} for _, raw in wrong)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_openai_scenarios_read_back_from_their_text(name: str) -> None:
    """A scenario written as a header reads back equal, whatever its text holds."""
    made = Scenario(name, text="a;b=c %41 ü", chunks=3, delay_s=0.5, gzip=True)
    assert Scenario.parse(made.header()) == made


def test_openai_scenarios_refuse_what_they_do_not_know() -> None:
    """Wrong names, options and numbers are errors, so that no test passes for the wrong reason."""
    for written in ("nothing", "text;chunk=1", "text;chunks=many"):
        with pytest.raises(ScenarioError):
            Scenario.parse(written)
