"""The emulator speaks Anthropic's wire format well enough for the real SDK."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import anthropic
import pytest
from anthropic import Anthropic, AsyncAnthropic
from anthropic.types import MessageParam, ToolParam
from pydantic import BaseModel

from tests.emulator import Emulator


MODEL = "claude-haiku-4-5"
ASK: list[MessageParam] = [{"role": "user", "content": "How long may I return shoes?"}]
TOOL: ToolParam = {
    "name": "look_up_order",
    "input_schema": {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]},
}


class Receipt(BaseModel):
    """A structured answer."""

    order_id: str
    paid: bool


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator of this test's own."""
    with Emulator() as running:
        yield running


@pytest.fixture
def client(emulator: Emulator) -> Iterator[Anthropic]:
    """The SDK, pointed at the emulator."""
    with Anthropic(base_url=emulator.anthropic_url, api_key="test") as sdk:
        yield sdk


def scenario(written: str) -> dict[str, str]:
    """The header that asks for a scenario."""
    return {"x-emulator": written}


def test_anthropic_message_has_the_whole_usage(emulator: Emulator, client: Anthropic) -> None:
    """A plain call gets text, the dated model, every usage field and a request id."""
    answer = client.messages.create(model=MODEL, max_tokens=64, messages=ASK)
    assert answer.model == "claude-haiku-4-5-20251001"
    assert answer.stop_reason == "end_turn"
    assert [block.type for block in answer.content] == ["text"]
    assert answer._request_id == "req_emu-0001"
    usage = answer.usage
    assert usage.input_tokens > 0
    assert (usage.cache_creation_input_tokens, usage.cache_read_input_tokens) == (0, 0)
    assert usage.cache_creation is not None
    assert usage.output_tokens_details is not None
    assert usage.service_tier == "standard"
    (received,) = emulator.requests
    assert received.path == "/v1/messages"
    assert received.headers["anthropic-version"]
    assert received.body["max_tokens"] == 64


def test_anthropic_cache_tokens_are_kept_apart_from_input(client: Anthropic) -> None:
    """Named counts come back the provider's way: `input_tokens` leaves out what a cache took part in."""
    named = (
        "default;input_tokens=1000;cached_tokens=500;cache_write_5m_tokens=200;cache_write_1h_tokens=100;"
        "output_tokens=40;reasoning_tokens=7"
    )
    usage = client.messages.create(model=MODEL, max_tokens=64, messages=ASK, extra_headers=scenario(named)).usage
    assert usage.input_tokens == 200
    assert (usage.cache_read_input_tokens, usage.cache_creation_input_tokens) == (500, 300)
    assert usage.cache_creation is not None
    assert usage.cache_creation.ephemeral_5m_input_tokens == 200
    assert usage.cache_creation.ephemeral_1h_input_tokens == 100
    assert usage.output_tokens == 40
    assert usage.output_tokens_details is not None
    assert usage.output_tokens_details.thinking_tokens == 7


def test_anthropic_marked_blocks_are_written_to_the_cache(client: Anthropic) -> None:
    """`cache_control` on a block is a cache write of its lifetime."""
    usage = client.messages.create(
        model=MODEL,
        max_tokens=64,
        messages=ASK,
        system=[{"type": "text", "text": "long " * 100, "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
    ).usage
    assert usage.cache_creation is not None
    assert usage.cache_creation.ephemeral_5m_input_tokens == 0
    assert usage.cache_creation.ephemeral_1h_input_tokens > 100


def test_anthropic_stream_in_the_providers_order(client: Anthropic) -> None:
    """Events come in order, a ping among them on the wire; the last delta has the usage."""
    events = list(client.messages.create(model=MODEL, max_tokens=64, messages=ASK, stream=True))
    kinds = [event.type for event in events]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    last = events[-2]
    assert last.type == "message_delta"
    assert last.delta.stop_reason == "end_turn"
    assert last.usage.output_tokens > 1
    first = events[0]
    assert first.type == "message_start"
    assert first.message.usage.output_tokens == 1
    assert first.message.usage.cache_creation is not None


def test_anthropic_stream_helper_builds_the_same_message(client: Anthropic) -> None:
    """The stream helper's final message is the plain call's message."""
    plain = client.messages.create(model=MODEL, max_tokens=64, messages=ASK)
    with client.messages.stream(model=MODEL, max_tokens=64, messages=ASK) as stream:
        said = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert plain.content[0].type == "text"
    assert said == plain.content[0].text
    assert final.usage.output_tokens == plain.usage.output_tokens
    assert final.usage.input_tokens == plain.usage.input_tokens


def test_anthropic_raw_stream_has_a_ping(emulator: Emulator) -> None:
    """On the wire each event has its name, and a ping comes after the first block."""
    connection = http.client.HTTPConnection("127.0.0.1", int(emulator.url.rpartition(":")[2]), timeout=5)
    body = json.dumps({"model": MODEL, "max_tokens": 9, "messages": ASK, "stream": True})
    connection.request("POST", "/v1/messages?beta=true", body, {"x-emulator": "text;chunks=3"})
    raw = connection.getresponse().read().decode()
    connection.close()
    names = [line.removeprefix("event: ") for line in raw.splitlines() if line.startswith("event: ")]
    assert names == [
        "message_start",
        "content_block_start",
        *["content_block_delta"] * 3,
        "content_block_stop",
        "ping",
        "message_delta",
        "message_stop",
    ]
    assert emulator.requests[0].query == "beta=true"


def test_anthropic_tool_loop(client: Anthropic) -> None:
    """Tools are called with fitting input, whole and streamed; the result gets a text that uses it."""
    ask: list[MessageParam] = [{"role": "user", "content": "Where is order 10042?"}]
    answer = client.messages.create(model=MODEL, max_tokens=64, messages=ask, tools=[TOOL])
    assert answer.stop_reason == "tool_use"
    call = answer.content[0]
    assert call.type == "tool_use"
    assert call.input == {"order_id": "10042"}
    with client.messages.stream(model=MODEL, max_tokens=64, messages=ask, tools=[TOOL]) as stream:
        streamed = stream.get_final_message()
    assert streamed.content[0].type == "tool_use"
    assert streamed.content[0].input == call.input
    result: MessageParam = {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": call.id, "content": "on its way"}],
    }
    messages: list[MessageParam] = [*ask, {"role": "assistant", "content": answer.content}, result]
    final = client.messages.create(model=MODEL, max_tokens=64, tools=[TOOL], messages=messages)
    assert final.content[0].type == "text"
    assert final.content[0].text == "I looked that up for you: on its way"


def test_anthropic_thinking_comes_with_its_signature(client: Anthropic) -> None:
    """Thinking is a block of its own, signed, and counted in the output details."""
    with client.messages.stream(
        model=MODEL, max_tokens=2048, messages=ASK, thinking={"type": "enabled", "budget_tokens": 1024}
    ) as stream:
        kinds = {event.delta.type for event in stream if event.type == "content_block_delta"}
        final = stream.get_final_message()
    assert kinds == {"thinking_delta", "signature_delta", "text_delta"}
    assert [block.type for block in final.content] == ["thinking", "text"]
    assert final.usage.output_tokens_details is not None
    assert 0 < final.usage.output_tokens_details.thinking_tokens < final.usage.output_tokens


def test_anthropic_refusal_and_length(client: Anthropic) -> None:
    """A refusal and a cut answer say so in `stop_reason`, whole and streamed."""
    for name, reason in (("refusal", "refusal"), ("length", "max_tokens")):
        whole = client.messages.create(model=MODEL, max_tokens=64, messages=ASK, extra_headers=scenario(name))
        with client.messages.stream(model=MODEL, max_tokens=64, messages=ASK, extra_headers=scenario(name)) as stream:
            streamed = stream.get_final_message()
        assert whole.stop_reason == streamed.stop_reason == reason
        assert (whole.stop_details is not None) == (reason == "refusal")


def test_anthropic_beta_parse_and_count_tokens(client: Anthropic) -> None:
    """Beta messages, structured outputs and the token count are served."""
    beta = client.beta.messages.create(
        model=MODEL, max_tokens=64, messages=[{"role": "user", "content": "How long may I return shoes?"}]
    )
    parsed = client.messages.parse(model=MODEL, max_tokens=64, messages=ASK, output_format=Receipt)
    counted = client.messages.count_tokens(model=MODEL, messages=ASK)
    assert beta.content[0].type == "text"
    assert isinstance(parsed.parsed_output, Receipt)
    assert counted.input_tokens == beta.usage.input_tokens


@pytest.mark.parametrize(
    ("name", "error", "kind"),
    [
        ("error_400", anthropic.BadRequestError, "invalid_request_error"),
        ("error_401", anthropic.AuthenticationError, "authentication_error"),
        ("error_404", anthropic.NotFoundError, "not_found_error"),
        ("error_409", anthropic.ConflictError, "conflict_error"),
        ("error_500", anthropic.InternalServerError, "api_error"),
        ("error_504", anthropic.InternalServerError, "timeout_error"),
        ("error_529", anthropic.InternalServerError, "overloaded_error"),
        ("rate_limit;times=always", anthropic.RateLimitError, "rate_limit_error"),
    ],
)
def test_anthropic_errors_have_the_providers_shape(
    client: Anthropic, name: str, error: type[anthropic.APIStatusError], kind: str
) -> None:
    """Each error status raises the SDK's own class with the provider's body."""
    with pytest.raises(error) as raised:
        client.messages.create(model=MODEL, max_tokens=64, messages=ASK, extra_headers=scenario(name))
    body = raised.value.body
    assert isinstance(body, dict)
    assert body["type"] == "error"
    assert body["error"]["type"] == kind
    assert body["request_id"] == raised.value.response.headers["request-id"]


def test_anthropic_stream_error_is_an_overloaded_event(client: Anthropic) -> None:
    """An `error` event in a stream raises after what came before it was delivered."""
    stream = client.messages.create(
        model=MODEL, max_tokens=64, messages=ASK, stream=True, extra_headers=scenario("stream_error;after=1")
    )
    seen: list[str] = []
    with pytest.raises(anthropic.APIStatusError, match="overloaded_error"):
        seen.extend(event.type for event in stream)
    assert seen == ["message_start", "content_block_start", "content_block_delta"]


def test_anthropic_rate_limit_is_retried(emulator: Emulator, client: Anthropic) -> None:
    """429, then success: for a plain call and for a streamed one."""
    emulator.enqueue("rate_limit")
    client.messages.create(model=MODEL, max_tokens=64, messages=ASK)
    with client.messages.stream(
        model=MODEL, max_tokens=64, messages=ASK, extra_headers=scenario("rate_limit")
    ) as stream:
        stream.until_done()
    assert [request.status for request in emulator.requests] == [429, 200, 429, 200]


async def test_anthropic_async_sdk(emulator: Emulator) -> None:
    """The asyncio SDK streams and calls alike, and a cut connection is an error."""
    async with AsyncAnthropic(base_url=emulator.anthropic_url, api_key="test") as client:
        answer = await client.messages.create(model=MODEL, max_tokens=64, messages=ASK)
        async with client.messages.stream(model=MODEL, max_tokens=64, messages=ASK) as stream:
            said = await stream.get_final_text()
        assert answer.content[0].type == "text"
        assert said == answer.content[0].text
        with pytest.raises(anthropic.APIConnectionError):
            await client.with_options(max_retries=0).messages.create(
                model=MODEL, max_tokens=64, messages=ASK, extra_headers=scenario("drop")
            )
