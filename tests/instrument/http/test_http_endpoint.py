"""Which requests are model calls: hosts, paths and bodies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.instrument.tap.endpoint import ENDPOINTS, LARGEST_BYTES, Endpoints, added_hosts, last_of
from tests.steps import steps


CHAT = {"model": "m", "messages": []}
TABLE = Endpoints({})


@pytest.mark.parametrize(
    ("host", "path", "body", "provider", "operation"),
    [
        ("api.openai.com", "/v1/chat/completions", CHAT, "openai", "chat"),
        ("api.openai.com", "/v1/chat/completions/", CHAT, "openai", "chat"),
        ("api.openai.com", "/v1/responses", {"model": "m"}, "openai", "chat"),
        ("api.openai.com", "/v1/images/generations", {"prompt": "p"}, "openai", "generate_content"),
        ("api.deepseek.com", "/chat/completions", CHAT, "deepseek", "chat"),
        ("api.perplexity.ai", "/chat/completions", CHAT, "perplexity", "chat"),
        ("api.x.ai", "/v1/chat/completions", CHAT, "x_ai", "chat"),
        ("api.groq.com", "/openai/v1/chat/completions", CHAT, "groq", "chat"),
        ("api.moonshot.ai", "/v1/chat/completions", CHAT, "moonshot_ai", "chat"),
        ("openrouter.ai", "/api/v1/chat/completions", CHAT, "openrouter", "chat"),
        ("api.fireworks.ai", "/inference/v1/chat/completions", CHAT, "fireworks", "chat"),
        ("api.together.xyz", "/v1/embeddings", {"model": "m", "input": "a"}, "together_ai", "embeddings"),
        ("x.openai.azure.com", "/openai/deployments/d/chat/completions", {}, "azure.ai.openai", "chat"),
        ("api.mistral.ai", "/v1/chat/completions", CHAT, "mistral_ai", "chat"),
        ("api.mistral.ai", "/v1/agents/completions", {"messages": []}, "mistral_ai", "chat"),
        ("api.anthropic.com", "/v1/messages", CHAT, "anthropic", "chat"),
        ("api.cohere.com", "/v2/chat", CHAT, "cohere", "chat"),
        ("api.cohere.com", "/v2/rerank", {"model": "m"}, "cohere", "retrieval"),
        (
            "generativelanguage.googleapis.com",
            "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
            {"contents": []},
            "gcp.gemini",
            "generate_content",
        ),
        ("generativelanguage.googleapis.com", "/v1beta/interactions", {"model": "agent"}, "gcp.gemini", "chat"),
        ("generativelanguage.googleapis.com", "/v1beta/interactions", {"agent": "a"}, "gcp.gemini", "invoke_agent"),
        (
            "europe-west4-aiplatform.googleapis.com",
            "/v1beta1/projects/p/locations/europe-west4/interactions",
            {"model": "m"},
            "gcp.vertex_ai",
            "chat",
        ),
        ("localhost", "/v1/chat/completions", CHAT, "openai", "chat"),
        ("10.0.0.7", "/v1/completions", {"model": "m", "prompt": "p"}, "openai", "text_completion"),
        ("localhost", "/api/chat", CHAT, "ollama", "chat"),
        ("gateway.corp.example", "/anthropic/v1/messages", {**CHAT, "max_tokens": 9}, "anthropic", "chat"),
    ],
)
def test_model_calls(host: str, path: str, body: dict[str, Any], provider: str, operation: str) -> None:
    """Endpoints of providers, gateways and servers of one's own are known by host, path and body."""
    assert TABLE.may_have(path)
    for form in (body, json.dumps(body), json.dumps(body).encode()):
        asked = TABLE.find(host, path, form)
        assert asked is not None
        assert (asked.provider, asked.endpoint.codec.operation) == (provider, operation)


@pytest.mark.parametrize(
    ("host", "path", "body"),
    [
        ("api.openai.com", "/v1/files", CHAT),
        ("api.openai.com", "/v1/chat/completions/id/messages", CHAT),
        ("api.openai.com", "/v1/threads/t/messages", CHAT),
        ("example.com", "/chat/completions", CHAT),
        ("example.com", "/v1/chat/completions", {"messages": []}),
        ("example.com", "/v1/chat/completions", {"text": '"model" "messages"'}),
        ("example.com", "/v1/messages", {"model": "m", "messages": []}),
        ("example.com", "/v2/chat", CHAT),
        ("example.com", "/v1/interactions", {"model": "m", "input": "a"}),
        ("storage.googleapis.com", "/v1/interactions", {"model": "m", "input": "a"}),
        ("generativelanguage.googleapis.com", "/v1beta/interactions/v1_1/cancel", {}),
        ("example.com", "/api/chat", {"messages": []}),
        ("notapi.openai.com.example", "/chat/completions", CHAT),
        ("x.execute-api.eu-west-1.amazonaws.com", "/prod/chat/completions", CHAT),
        ("example.com", "", CHAT),
    ],
)
def test_what_is_none(host: str, path: str, body: dict[str, Any]) -> None:
    """Other paths at known hosts, and hosts nobody knows whose path or body is another, are left alone."""
    for form in (body, json.dumps(body), json.dumps(body).encode(), bytearray(json.dumps(body).encode())):
        assert TABLE.find(host, path, form) is None


@pytest.mark.parametrize("body", [None, object(), iter([b"{}"]), b"[", b"[]", "", b" " * (LARGEST_BYTES + 1)])
def test_a_body_that_is_not_read(body: object) -> None:
    """At a known host the path says enough; the request is unknown, not wrong. At another nothing is guessed."""
    asked = TABLE.find("api.openai.com", "/v1/chat/completions", body)
    assert asked is not None
    assert asked.request == {}
    assert TABLE.find("example.com", "/v1/chat/completions", body) is None


def test_an_iterator_is_not_consumed() -> None:
    """A body that can be read once is left to the library."""
    body = iter([b"{}"])
    TABLE.find("api.openai.com", "/v1/chat/completions", body)
    assert list(body) == [b"{}"]


def test_the_model_in_the_path() -> None:
    """A model that stands in the path is the model asked for, unless the body names one."""
    path = "/openai/deployments/prod-4o/chat/completions"
    for body, model in (({}, "prod-4o"), ({"model": "m"}, "m")):
        asked = TABLE.find("x.openai.azure.com", path, body)
        assert asked is not None
        assert asked.request["model"] == model
    asked = TABLE.find("generativelanguage.googleapis.com", "/v1/models/gemini-x:generateContent", {"contents": []})
    assert asked is not None
    assert asked.request["model"] == "gemini-x"


def test_added_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts of the environment are as known as those of the table, with their providers."""
    assert added_hosts(" LLM.example.com , gw.example.com=groq,,=x") == {
        "llm.example.com": "",
        "gw.example.com": "groq",
    }
    monkeypatch.setenv("SPANWISE_HTTP_HOSTS", "llm.example.com,gw.example.com=groq")
    table = Endpoints.of_environment()
    assert table is not None
    for host, provider in (("llm.example.com", "openai"), ("eu.gw.example.com", "groq")):
        asked = table.find(host, "/chat/completions", CHAT)
        assert asked is not None
        assert asked.provider == provider
    assert table.find("example.com", "/chat/completions", CHAT) is None


def test_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    """`off` leaves all requests alone, `known` those to hosts that are not known."""
    monkeypatch.setenv("SPANWISE_HTTP", "off")
    assert Endpoints.of_environment() is None
    monkeypatch.setenv("SPANWISE_HTTP", "known")
    table = Endpoints.of_environment()
    assert table is not None
    assert table.find("localhost", "/v1/chat/completions", CHAT) is None
    assert table.find("api.openai.com", "/v1/chat/completions", CHAT) is not None


@given(
    st.text(max_size=40),
    st.one_of(st.text(max_size=60), st.sampled_from([endpoint.end for endpoint in ENDPOINTS])),
    st.one_of(st.binary(max_size=60), st.text(max_size=60), st.dictionaries(st.text(max_size=9), st.integers())),
)
def test_anything_is_answered(host: str, path: str, body: object) -> None:
    """No host, path or body raises."""
    TABLE.may_have(path)
    for where in (host, "api.openai.com"):
        TABLE.find(where, path, body)


def test_every_endpoint_can_be_found() -> None:
    """Each line of the table is reached by its own path, at its own host."""
    for endpoint in ENDPOINTS:
        host = endpoint.hosts[0] if endpoint.hosts else "api.openai.com"
        path = f"/v1/models/m{endpoint.end}" if endpoint.end.startswith(":") else endpoint.end
        found = TABLE.find(host, path, {endpoint.names: "x"} if endpoint.names else {})
        assert found is not None
        assert last_of(path) == last_of(endpoint.end)
        assert type(found.endpoint.codec) is type(endpoint.codec)


class Read(str):
    """A path that counts its characters as they are read, from the right."""

    read = 0

    def rfind(self, piece: str, /) -> int:  # type: ignore[override]
        """Where `piece` is last, or -1; what is left of it is not read."""
        place = super().rfind(piece)
        self.read = len(self) - max(place, 0)
        return place


@pytest.mark.parametrize("steps_before", [1, 500, 5_000])
def test_other_requests_cost_one_look_up(steps_before: int) -> None:
    """A path that is none of these is told by its last step, in a microsecond, whatever its length."""
    path = "/a" * steps_before + "/v1/traces"
    assert steps(lambda: TABLE.may_have(path), most=20) == steps(lambda: TABLE.may_have("/v1/traces"))
    read = Read(path)
    assert not TABLE.may_have(read)
    assert read.read == len("/traces")
