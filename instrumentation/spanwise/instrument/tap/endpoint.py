"""Endpoints of model APIs: which POST, sent by anything, is a model call, and in which dialect.

At a host that is known to serve models the path says it. At any other host the path must be the one that the API
documents, version included, and the body must have the fields that the API requires; a server that merely has a path
`/chat` is left alone. A new endpoint is one line of the table.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import orjson

from spanwise.instrument.codec import (
    AnthropicMessages,
    Codec,
    Json,
    OpenAIChat,
    OpenAICompletions,
    OpenAIEmbeddings,
    OpenAIResponses,
)
from spanwise.instrument.codec.cohere_chat import CohereChat
from spanwise.instrument.codec.cohere_chat_v1 import CohereChatV1
from spanwise.instrument.codec.cohere_embed import CohereEmbed
from spanwise.instrument.codec.cohere_generate import CohereGenerate
from spanwise.instrument.codec.cohere_rerank import CohereRerank
from spanwise.instrument.codec.gemini_embed import GeminiEmbed
from spanwise.instrument.codec.gemini_generate import GeminiGenerate
from spanwise.instrument.codec.gemini_interactions import GeminiAgentInteractions, GeminiInteractions
from spanwise.instrument.codec.gemini_path import GeminiPath
from spanwise.instrument.codec.mistral_chat import MistralChat
from spanwise.instrument.codec.mistral_embeddings import MistralEmbeddings
from spanwise.instrument.codec.mistral_fim import MistralFim
from spanwise.instrument.codec.ollama_chat import OllamaChat
from spanwise.instrument.codec.ollama_embed import OllamaEmbed
from spanwise.instrument.codec.ollama_generate import OllamaGenerate
from spanwise.instrument.codec.openai_images import OpenAIImages
from spanwise.instrument.core.provider import OLLAMA, provider_of
from spanwise.semconv import environment, values


Body: TypeAlias = object
"""The body of a request, as the library holds it: text, an object to be sent as JSON, or something to be read."""

LARGEST_BYTES: Final = 16 << 20
"""Largest body of a request that is read."""

_OPENAI: Final = values.GEN_AI_PROVIDER_NAME_OPENAI
_ANTHROPIC: Final = values.GEN_AI_PROVIDER_NAME_ANTHROPIC
_GEMINI: Final = values.GEN_AI_PROVIDER_NAME_GCP_GEMINI
_MISTRAL: Final = values.GEN_AI_PROVIDER_NAME_MISTRAL_AI
_COHERE: Final = values.GEN_AI_PROVIDER_NAME_COHERE
_AT_COHERE: Final = ("api.cohere.com", "api.cohere.ai")
_AT_MISTRAL: Final = ("api.mistral.ai",)
_DEPLOYMENT: Final = "/deployments/"
_MODEL: Final = "model"


def as_sent(path: str, body: Json) -> Json:
    """`body`; for Azure with the deployment, which stands in the path, as the model."""
    before, found, after = path.partition(_DEPLOYMENT)
    return {**body, _MODEL: after.partition("/")[0]} if found and before and _MODEL not in body else body


def as_google(path: str, body: Json) -> Json:
    """`body` with the model, which stands in the path."""
    return GeminiPath(path).request(body)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of one API."""

    end: str
    """How its path ends at hosts that are known."""
    codec: Codec
    provider: str
    """The provider where the host does not say it."""
    anywhere: str = ""
    """How its path ends at other hosts; where empty, those do not have it."""
    needs: tuple[str, ...] = ()
    """Fields that a body must have at other hosts."""
    hosts: tuple[str, ...] = ()
    """Where not empty, the only hosts that have it."""
    request: Callable[[str, Json], Json] = as_sent
    """Completes the body by what the path says."""
    names: str = ""
    """A field that tells it from another at the same path, at any host."""


ENDPOINTS: Final = (
    Endpoint("/fim/completions", MistralFim(), _MISTRAL, "/v1/fim/completions", ("model", "prompt")),
    Endpoint("/chat/completions", MistralChat(), _MISTRAL, hosts=_AT_MISTRAL),
    Endpoint("/agents/completions", MistralChat(), _MISTRAL, hosts=_AT_MISTRAL),
    Endpoint("/embeddings", MistralEmbeddings(), _MISTRAL, hosts=_AT_MISTRAL),
    Endpoint("/v1/chat", CohereChatV1(), _COHERE, hosts=_AT_COHERE),
    Endpoint("/v2/chat", CohereChat(), _COHERE, hosts=_AT_COHERE),
    Endpoint("/v1/embed", CohereEmbed(), _COHERE, hosts=_AT_COHERE),
    Endpoint("/v2/embed", CohereEmbed(), _COHERE, hosts=_AT_COHERE),
    Endpoint("/v1/generate", CohereGenerate(), _COHERE, hosts=_AT_COHERE),
    Endpoint("/v1/rerank", CohereRerank(), _COHERE, hosts=_AT_COHERE),
    Endpoint("/v2/rerank", CohereRerank(), _COHERE, hosts=_AT_COHERE),
    Endpoint("/api/chat", OllamaChat(), OLLAMA, "/api/chat", ("model", "messages")),
    Endpoint("/api/generate", OllamaGenerate(), OLLAMA, "/api/generate", ("model", "prompt")),
    Endpoint("/api/embed", OllamaEmbed(), OLLAMA, "/api/embed", ("model", "input")),
    Endpoint("/api/embeddings", OllamaEmbed(), OLLAMA, "/api/embeddings", ("model", "prompt")),
    Endpoint("/chat/completions", OpenAIChat(), _OPENAI, "/v1/chat/completions", ("model", "messages")),
    Endpoint("/completions", OpenAICompletions(), _OPENAI, "/v1/completions", ("model", "prompt")),
    Endpoint("/embeddings", OpenAIEmbeddings(), _OPENAI, "/v1/embeddings", ("model", "input")),
    Endpoint("/images/generations", OpenAIImages(), _OPENAI, "/v1/images/generations", ("model", "prompt")),
    Endpoint("/responses", OpenAIResponses(), _OPENAI, "/v1/responses", ("model", "input")),
    Endpoint("/v1/messages", AnthropicMessages(), _ANTHROPIC, "/v1/messages", ("model", "max_tokens", "messages")),
    Endpoint(":generateContent", GeminiGenerate(), _GEMINI, ":generateContent", ("contents",), (), as_google),
    Endpoint(
        ":streamGenerateContent", GeminiGenerate(), _GEMINI, ":streamGenerateContent", ("contents",), (), as_google
    ),
    Endpoint("/interactions", GeminiAgentInteractions(), _GEMINI, names="agent"),
    Endpoint("/interactions", GeminiInteractions(), _GEMINI),
    Endpoint(":embedContent", GeminiEmbed(), _GEMINI, ":embedContent", ("content",), (), as_google),
    Endpoint(":batchEmbedContents", GeminiEmbed(), _GEMINI, ":batchEmbedContents", ("requests",), (), as_google),
)
"""The first that fits is taken."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is a model call."""

    endpoint: Endpoint
    request: Json
    """Its body; empty where nobody but the library may read it."""
    provider: str


class Endpoints:
    """The table, and the hosts that a user has added to those that are known.

    Args:
        hosts: further hosts, with the provider's name or an empty text.
        is_known_only: whether other hosts are left alone.
    """

    def __init__(self, hosts: Mapping[str, str], *, is_known_only: bool = False) -> None:
        self._hosts = hosts
        self._is_known_only = is_known_only
        self._by_last: dict[str, tuple[Endpoint, ...]] = {}
        for endpoint in ENDPOINTS:
            last = last_of(endpoint.end)
            self._by_last[last] = (*self._by_last.get(last, ()), endpoint)

    @classmethod
    def of_environment(cls) -> Endpoints | None:
        """What the environment asks for; `None` where it asks for nothing at all."""
        switch = os.environ.get(environment.SPANWISE_HTTP, "").strip().lower()
        if switch in ("off", "0", "false", "no"):
            return None
        return cls(added_hosts(os.environ.get(environment.SPANWISE_HTTP_HOSTS, "")), is_known_only=switch == "known")

    def may_have(self, path: str) -> bool:
        """Whether a POST to `path` can be a model call: one look-up, for every request there is."""
        return last_of(path) in self._by_last

    def find(self, host: str, path: str, body: Body) -> Asked | None:
        """What a POST asks for; `None` for what is no model call. Parses `body` only where the path fits.

        Args:
            host: without the port, in lower case.
            path: without the query.
            body: as the library holds it.
        """
        path = path.rstrip("/")
        own = self._own(host)
        provider = own or provider_of(host, "")
        is_known = own is not None or bool(provider)
        if not is_known and self._is_known_only:
            return None
        for endpoint in self._by_last.get(last_of(path), ()):
            if not _is_at(endpoint, host, path, is_known=is_known):
                continue
            if endpoint.names and not _may_fit(body, (endpoint.names,)):
                continue
            found = _read(body) if is_known or _may_fit(body, endpoint.needs) else None
            if found is None:
                if not is_known:
                    continue
                found = {}
            if endpoint.names and endpoint.names not in found:
                continue
            if is_known or all(name in found for name in endpoint.needs):
                return Asked(endpoint, endpoint.request(path, found), provider or endpoint.provider)
        return None

    def _own(self, host: str) -> str | None:
        return next((name for added, name in self._hosts.items() if ends(host, added)), None)


def added_hosts(text: str) -> dict[str, str]:
    """Hosts of a list such as `llm.example.com, gateway.example.com=openai`, with the providers it names."""
    found: dict[str, str] = {}
    for entry in text.split(","):
        host, _, provider = entry.partition("=")
        if host.strip():
            found[host.strip().lower()] = provider.strip()
    return found


def last_of(path: str) -> str:
    """The last step of a path, or the verb after its colon."""
    path = path.rstrip("/") if path.endswith("/") else path
    last = path[path.rfind("/") + 1 :]
    return last[last.rfind(":") + 1 :]


def ends(host: str, suffix: str) -> bool:
    """Whether `host` is `suffix` or below it."""
    return host == suffix or host.endswith(f".{suffix}")


def _is_at(endpoint: Endpoint, host: str, path: str, *, is_known: bool) -> bool:
    if endpoint.hosts and not any(ends(host, known) for known in endpoint.hosts):
        return False
    end = endpoint.end if is_known else endpoint.anywhere
    return bool(end) and path.endswith(end)


def _may_fit(body: Body, needs: tuple[str, ...]) -> bool:
    """Whether the names are somewhere in the body, which costs less than to parse it."""
    if isinstance(body, Mapping):
        return True
    if isinstance(body, str):
        return all(f'"{name}"' in body for name in needs)
    return isinstance(body, bytes | bytearray) and all(f'"{name}"'.encode() in body for name in needs)


def _read(body: Body) -> Json | None:
    """`body` as a JSON object; `None` for what is none, is too large or can be read only once."""
    if isinstance(body, Mapping):
        return body
    if not isinstance(body, str | bytes | bytearray) or len(body) > LARGEST_BYTES:
        return None
    try:
        parsed = orjson.loads(body)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
