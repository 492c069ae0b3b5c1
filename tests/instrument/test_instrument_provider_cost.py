"""What a provider or a gateway says a call cost is passed through, from hosts and fields that are known for it."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import anthropic
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.cost import Cost, CostConfig
from spanwise.instrument.codec import AnthropicMessages, OpenAIChat, OpenAIEmbeddings, OpenAIResponses
from spanwise.instrument.codec.received_cost import ESTIMATED_BY_PROVIDER, header_cost, received_cost, settle
from spanwise.record import SpanRecord
from tests.emulator import Emulator, Scenario
from tests.instrument.telemetry import Telemetry


if TYPE_CHECKING:
    import httpx2 as http
else:  # what the installed SDKs take as a client
    http = importlib.import_module("httpx2" if openai.VERSION >= "3" else "httpx")

Sdk: TypeAlias = Any
"""Clients and streams of an SDK: its overloads want literal arguments, tests have parameters."""

MESSAGES: Any = [{"role": "user", "content": "Where is my parcel?"}]
MODEL = "gpt-4.1-mini"
AMOUNT, CURRENCY, SOURCE = (f"gen_ai.usage.cost.{name}" for name in ("amount", "currency", "source"))
COST_HEADER = "x-litellm-response-cost"
PROXY = {"x-litellm-call-id": "1f0c", "x-litellm-version": "1.109.1"}


class _Detour:
    """Requests to any host answered by the emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = http.URL(emulator.url)

    def request(self, request: http.Request) -> http.Request:
        """The same request to the emulator."""
        request.url = request.url.copy_with(scheme="http", host=self._emulator.host, port=self._emulator.port)
        return request


class Detour(http.HTTPTransport):
    """The sync transport."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self._detour = _Detour(emulator)

    def handle_request(self, request: http.Request) -> http.Response:
        return super().handle_request(self._detour.request(request))


class AsyncDetour(http.AsyncHTTPTransport):
    """The async transport."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self._detour = _Detour(emulator)

    async def handle_async_request(self, request: http.Request) -> http.Response:
        return await super().handle_async_request(self._detour.request(request))


def scenario(usage: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None) -> dict[str, str]:
    """Headers that make the emulator send `usage` and `headers` as well."""
    chosen = Scenario(
        usage=None if usage is None else json.dumps(usage), headers=None if headers is None else json.dumps(headers)
    )
    return {"x-emulator": chosen.header()}


def client(emulator: Emulator, host: str, headers: dict[str, str]) -> Sdk:
    """A client that calls `host`, where the emulator answers as `headers` ask."""
    return openai.OpenAI(
        base_url=f"https://{host}/v1",
        api_key="k",
        default_headers=headers,
        http_client=http.Client(transport=Detour(emulator)),
    )


def aclient(emulator: Emulator, host: str, headers: dict[str, str]) -> Sdk:
    """The async one."""
    return openai.AsyncOpenAI(
        base_url=f"https://{host}/v1",
        api_key="k",
        default_headers=headers,
        http_client=http.AsyncClient(transport=AsyncDetour(emulator)),
    )


def chat(sdk: Sdk) -> None:
    """One answer."""
    with sdk:
        sdk.chat.completions.create(model=MODEL, messages=MESSAGES)


def chat_stream(sdk: Sdk) -> None:
    """One stream, whose usage the caller asks for."""
    with sdk:
        options = {"include_usage": True}
        assert list(sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True, stream_options=options))


def responses(sdk: Sdk) -> None:
    """One response."""
    with sdk:
        sdk.responses.create(model=MODEL, input="hi")


def responses_stream(sdk: Sdk) -> None:
    """One streamed response."""
    with sdk:
        assert list(sdk.responses.create(model=MODEL, input="hi", stream=True))


def embeddings(sdk: Sdk) -> None:
    """One embedding."""
    with sdk:
        sdk.embeddings.create(model="text-embedding-3-small", input="hi")


# The responses API came with 1.66.
RESPONSES = [responses, responses_stream] if hasattr(openai.OpenAI, "responses") else []
EVERY = [chat, chat_stream, *RESPONSES, embeddings]
SENT: dict[str, tuple[str, dict[str, object], float]] = {
    "openrouter": ("openrouter.ai", {"cost": 0.00123, "cost_details": {"upstream_inference_cost": 0.001}}, 0.00123),
    "openrouter, own key": (
        "openrouter.ai",
        {"cost": 0.0001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.002}},
        0.0021,
    ),
    "xai": ("api.x.ai", {"cost_in_usd_ticks": 37_756_000}, 0.0037756),
    "perplexity": (
        "api.perplexity.ai",
        {"cost": {"input_tokens_cost": 0.001, "output_tokens_cost": 0.002, "request_cost": 0.005, "total_cost": 0.008}},
        0.008,
    ),
    "llm gateway": ("api.llmgateway.io", {"cost_usd_total": 0.000125, "cost_usd_input": 0.000025}, 0.000125),
}


@pytest.mark.parametrize("sent", SENT)
@pytest.mark.parametrize("call", EVERY)
def test_a_cost_in_the_body(telemetry: Telemetry, emulator: Emulator, call: Callable[[Sdk], None], sent: str) -> None:
    """Whole and streamed, every API: the amount is what was sent, in dollars, from the provider."""
    host, usage, amount = SENT[sent]
    call(client(emulator, host, scenario(usage)))
    found = telemetry.attributes()
    assert (found[AMOUNT], found[CURRENCY], found[SOURCE]) == (amount, "USD", "provider")
    assert found["server.address"] == host
    assert "spanwise.cost.status" not in found


@pytest.mark.parametrize("sent", SENT)
@pytest.mark.parametrize("streams", [False, True])
async def test_a_cost_in_the_body_of_an_async_call(
    telemetry: Telemetry, emulator: Emulator, sent: str, *, streams: bool
) -> None:
    """The asyncio SDK gets the same."""
    host, usage, amount = SENT[sent]
    async with aclient(emulator, host, scenario(usage)) as sdk:
        if streams:
            options = {"include_usage": True}
            stream = await sdk.chat.completions.create(
                model=MODEL, messages=MESSAGES, stream=True, stream_options=options
            )
            assert [chunk async for chunk in stream]
        else:
            await sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    found = telemetry.attributes()
    assert (found[AMOUNT], found[CURRENCY], found[SOURCE]) == (amount, "USD", "provider")


@pytest.mark.parametrize("call", [chat, *RESPONSES[:1], embeddings])
def test_a_cost_in_the_headers_of_a_proxy(
    telemetry: Telemetry, emulator: Emulator, call: Callable[[Sdk], None]
) -> None:
    """LiteLLM's proxy says at any host what a whole response cost."""
    call(client(emulator, "llm.example.com", scenario(headers={**PROXY, COST_HEADER: "0.000415"})))
    found = telemetry.attributes()
    assert (found[AMOUNT], found[CURRENCY], found[SOURCE]) == (0.000415, "USD", "provider")


async def test_a_cost_in_the_headers_of_an_async_call(telemetry: Telemetry, emulator: Emulator) -> None:
    """The asyncio SDK gets the same."""
    async with aclient(emulator, "llm.example.com", scenario(headers={COST_HEADER: "0.25"})) as sdk:
        await sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert telemetry.attributes()[AMOUNT] == 0.25


@pytest.mark.parametrize("call", [chat_stream, *RESPONSES[1:]])
def test_a_proxy_puts_the_cost_of_a_stream_into_its_usage(
    telemetry: Telemetry, emulator: Emulator, call: Callable[[Sdk], None]
) -> None:
    """Headers of a stream come before it: the body says what it cost, and the headers that it is a proxy's word."""
    call(client(emulator, "llm.example.com", scenario({"cost": 0.5}, {**PROXY, COST_HEADER: "0.0"})))
    found = telemetry.attributes()
    assert (found[AMOUNT], found[CURRENCY], found[SOURCE]) == (0.5, "USD", "provider")


def test_a_zero_in_a_header_is_no_price(telemetry: Telemetry, emulator: Emulator) -> None:
    """A proxy writes 0 where it knows no price; only an answer from its cache is free."""
    chat(client(emulator, "llm.example.com", scenario(headers={**PROXY, COST_HEADER: "0.0"})))
    assert AMOUNT not in telemetry.attributes()
    assert header_cost({COST_HEADER: "0.0", "x-litellm-cache-key": "k"})[AMOUNT] == 0


@pytest.mark.parametrize("call", EVERY)
def test_an_unknown_host_is_not_believed(telemetry: Telemetry, emulator: Emulator, call: Callable[[Sdk], None]) -> None:
    """A number called cost, in who knows what, is no amount of money at a host that documents none."""
    for host in ("llm.example.com", "openrouter.ai.example.com", "notopenrouter.ai"):
        call(client(emulator, host, scenario({"cost": 0.5, "estimated_cost": 0.5})))
    for span in telemetry.spans():
        assert not {AMOUNT, CURRENCY, SOURCE, "spanwise.cost.status"} & set(span.attributes or {})


@pytest.mark.parametrize("call", EVERY)
def test_an_estimate_of_the_provider_is_an_estimate(
    telemetry: Telemetry, emulator: Emulator, call: Callable[[Sdk], None]
) -> None:
    """DeepInfra calls its amount estimated: it is passed through, and marked, and pricing leaves it so."""
    call(client(emulator, "api.deepinfra.com", scenario({"estimated_cost": 0.00002})))
    found = telemetry.attributes()
    assert (found[AMOUNT], found[CURRENCY], found[SOURCE]) == (0.00002, "USD", "provider")
    assert (found["spanwise.cost.status"], found["spanwise.cost.reason"]) == ("estimated", ESTIMATED_BY_PROVIDER)
    assert found["spanwise.cost.micro_usd"] == 20
    priced = Cost(CostConfig())(SpanRecord("chat", 1, 1, attributes=dict(found)))
    assert priced.attributes == found


def test_the_cost_step_keeps_what_was_sent(telemetry: Telemetry, emulator: Emulator) -> None:
    """What a router charged is the cost of the call, whatever the list price is."""
    chat(client(emulator, "openrouter.ai", scenario({"cost": 0.75})))
    record = SpanRecord("chat", 1, 1, attributes=dict(telemetry.attributes()))
    priced = Cost(CostConfig())(record).attributes
    assert (priced[AMOUNT], priced["spanwise.cost.status"], priced["spanwise.cost.micro_usd"]) == (
        0.75,
        "provider",
        750_000,
    )


def test_a_cost_through_the_anthropic_sdk(telemetry: Telemetry, emulator: Emulator) -> None:
    """The Anthropic dialect at a proxy: header for whole messages, usage for streams."""
    ask: Any = {"model": "claude-haiku-4-5", "max_tokens": 50, "messages": MESSAGES}
    for usage, headers, streams in (
        (None, {**PROXY, COST_HEADER: "0.125"}, False),
        ({"cost": 0.25}, PROXY, True),
    ):
        sdk: Sdk = anthropic.Anthropic(
            base_url="https://llm.example.com/anthropic",
            api_key="k",
            default_headers=scenario(usage, headers),
            http_client=http.Client(transport=Detour(emulator)),
        )
        with sdk:
            if streams:
                assert list(sdk.messages.create(**ask, stream=True))
            else:
                sdk.messages.create(**ask)
    assert [(span.attributes or {})[AMOUNT] for span in telemetry.spans()] == [0.125, 0.25]


NO_MONEY = ["0.5", -0.5, True, None, [0.5], {"total": 0.5}, {"total_cost": "0.5"}, {"total_cost": -1}, 1e300]


@pytest.mark.parametrize("field", ["cost", "cost_in_usd_ticks", "cost_usd_total", "estimated_cost"])
@pytest.mark.parametrize("value", [*NO_MONEY, float("nan"), float("inf")])
def test_what_is_no_money_says_nothing(field: str, value: object) -> None:
    """Texts, negative numbers, truths, lists, what is not finite and what is beyond reason are left out."""
    assert received_cost({"prompt_tokens": 1, field: value}) == {}


@pytest.mark.parametrize("value", NO_MONEY)
def test_what_is_no_money_leaves_the_rest_of_a_call(telemetry: Telemetry, emulator: Emulator, value: object) -> None:
    """The tokens are there all the same, and the SDK's caller notices nothing."""
    chat(client(emulator, "openrouter.ai", scenario({"cost": value})))
    found = telemetry.attributes()
    assert found["gen_ai.usage.input_tokens"] > 0
    assert AMOUNT not in found


@pytest.mark.parametrize("text", ["", "None", "nan", "inf", "-1", "1_0", "0x1", "1e300", "1" * 100, "٣", "free"])
def test_what_is_no_money_in_a_header(text: str) -> None:
    """A header is a text: only a plain number of reasonable size is taken."""
    assert header_cost({COST_HEADER: text}) == {}


def test_another_currency_is_not_taken_for_dollars() -> None:
    """A cost object that names another currency is left out."""
    assert received_cost({"cost": {"total_cost": 0.5, "currency": "EUR"}}) == {}
    assert received_cost({"cost": {"total_cost": 0.5, "currency": "usd"}})[AMOUNT] == 0.5


@given(
    st.dictionaries(
        st.sampled_from(
            ["cost", "cost_in_usd_ticks", "cost_usd_total", "estimated_cost", "is_byok", "cost_details", "x"]
        ),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
            lambda inner: st.dictionaries(
                st.sampled_from(["total_cost", "currency", "upstream_inference_cost"]), inner
            ),
        ),
    ),
    st.sampled_from(["openrouter.ai", "api.deepinfra.com", "example.com", ""]),
)
def test_any_usage_gives_money_or_nothing(usage: dict[str, object], host: str) -> None:
    """Whatever a body holds: an amount is finite, not negative and has a currency, or there is none."""
    found = received_cost(usage)
    if AMOUNT in found and CURRENCY not in found:
        settle(found, host, None)
    assert (AMOUNT in found) == (CURRENCY in found) == (SOURCE in found)
    amount = found.get(AMOUNT, 0.0)
    assert isinstance(amount, int | float) and 0 <= Decimal(repr(amount)) < Decimal("1e20")
    for codec in (OpenAIChat(), OpenAIResponses(), OpenAIEmbeddings()):
        codec.response({"usage": usage})
    AnthropicMessages().response({"usage": usage})


def test_ticks_are_exact() -> None:
    """Ten billion ticks are a dollar; a tick is not lost to binary fractions."""
    assert received_cost({"cost_in_usd_ticks": 10**10})[AMOUNT] == 1.0
    assert received_cost({"cost_in_usd_ticks": 1})[AMOUNT] == 1e-10
    assert received_cost({"cost_in_usd_ticks": 318_319_000})[AMOUNT] == 0.0318319


def test_anthropic_usage_is_read_whole() -> None:
    """Tier, region, searches and cache lifetimes of a message's usage are on the span, each where there is one."""
    usage = {
        "input_tokens": 10,
        "cache_read_input_tokens": 20,
        "cache_creation_input_tokens": 30,
        "cache_creation": {"ephemeral_5m_input_tokens": 25, "ephemeral_1h_input_tokens": 5},
        "output_tokens": 7,
        "service_tier": "priority",
        "inference_geo": "us",
        "speed": "fast",
        "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 1},
    }
    found = AnthropicMessages().response({"usage": usage})
    assert found["gen_ai.usage.input_tokens"] == 60
    assert found["spanwise.usage.cache_write.5m.input_tokens"] == 25
    assert found["spanwise.usage.cache_write.1h.input_tokens"] == 5
    assert found["spanwise.response.service_tier"] == "priority"
    assert found["spanwise.response.region"] == "us"
    assert found["spanwise.response.speed"] == "fast"
    assert found["spanwise.usage.web_searches"] == 2
    unpinned = AnthropicMessages().response({"usage": {**usage, "inference_geo": "not_available"}})
    assert "spanwise.response.region" not in unpinned


def test_searches_of_a_response_are_counted() -> None:
    """Searches on the web and in files are billed apart, so they are counted apart."""
    kinds = ["web_search_call", "file_search_call", "file_search_call", "message"]
    found = OpenAIResponses().response({"output": [{"type": kind} for kind in kinds]})
    assert (found["spanwise.usage.web_searches"], found["spanwise.usage.file_searches"]) == (1, 2)
