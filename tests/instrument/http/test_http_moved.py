"""Requests that a hook of the application sends elsewhere: the span says where they went."""

from __future__ import annotations

import cohere
import httpx
import pytest

from tests.instrument.http.bodies import MESSAGES, MODEL
from tests.instrument.telemetry import Telemetry


AWAY = "https://bedrock-runtime.eu-west-1.amazonaws.com:8443/openai/v1/chat/completions"


def move(request: httpx.Request) -> None:
    """Send a request elsewhere."""
    request.url = httpx.URL(AWAY)


def answer(request: httpx.Request) -> httpx.Response:
    """A completion; no connection to a host whose name has `lost` in it."""
    if "lost" in request.url.host:
        raise httpx.ConnectError("lost", request=request)
    return httpx.Response(200, json={"id": "1", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}})


def ask(**hooks: object) -> None:
    """One call of OpenAI's API."""
    with httpx.Client(transport=httpx.MockTransport(answer), event_hooks=hooks) as client:  # type: ignore[arg-type]
        client.post("https://api.openai.com/v1/chat/completions", json={"model": MODEL, "messages": MESSAGES})


def test_where_it_went(plain: Telemetry) -> None:
    """Host, port and provider are those that the request was sent to."""
    ask(request=[move])
    found = plain.attributes()
    assert found["server.address"] == "bedrock-runtime.eu-west-1.amazonaws.com"
    assert found["server.port"] == 8443
    assert found["gen_ai.provider.name"] == "aws.bedrock"
    assert found["gen_ai.usage.input_tokens"] == 3


def test_where_it_was_lost(plain: Telemetry) -> None:
    """A host that nobody knows keeps the provider of the dialect, and is named though it did not answer."""

    def lose(request: httpx.Request) -> None:
        request.url = httpx.URL("https://lost.example/v1")

    with pytest.raises(httpx.ConnectError):
        ask(request=[lose])
    found = plain.attributes()
    assert found["server.address"] == "lost.example"
    assert found["gen_ai.provider.name"] == "openai"
    assert found["error.type"] == "ConnectError"


def test_a_hook_that_only_looks(plain: Telemetry) -> None:
    """A hook that leaves the request where it is changes nothing."""
    seen: list[str] = []
    ask(request=[lambda request: seen.append(request.url.host)])
    assert seen == ["api.openai.com"]
    assert plain.attributes()["server.address"] == "api.openai.com"
    assert plain.attributes()["gen_ai.provider.name"] == "openai"


def test_cohere_on_bedrock(plain: Telemetry) -> None:
    """Cohere's own client for Bedrock is a call of Bedrock, with the tokens that its headers tell."""

    def respond(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/model/cohere.command-r-v1:0/invoke"
        counted = {"x-amzn-bedrock-input-token-count": "3", "x-amzn-bedrock-output-token-count": "2"}
        return httpx.Response(200, json={"text": "hi", "generation_id": "1"}, headers=counted)

    keys = {"aws_access_key": "a", "aws_secret_key": "b", "aws_session_token": "c", "aws_region": "us-east-1"}
    client = cohere.BedrockClient(**keys)  # type: ignore[arg-type]
    http: httpx.Client = client._client_wrapper.httpx_client.httpx_client
    with http:
        http._transport, http._mounts = httpx.MockTransport(respond), {}
        client.chat(model="cohere.command-r-v1:0", message="hello")
    found = plain.attributes()
    assert found["gen_ai.provider.name"] == "aws.bedrock"
    assert found["server.address"] == "bedrock-runtime.us-east-1.amazonaws.com"
    assert found["gen_ai.usage.input_tokens"] == 3
    assert found["gen_ai.usage.output_tokens"] == 2
