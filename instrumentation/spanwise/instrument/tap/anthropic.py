"""The dialect of the `anthropic` SDK: which paths it calls, and whom."""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import AnthropicMessages, Codec, Json
from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.anthropic_batches import AnthropicBatchCreate, AnthropicBatchResults
from spanwise.instrument.core.provider import provider_of
from spanwise.instrument.tap.stainless import StainlessTap
from spanwise.semconv import values


Client: TypeAlias = Any
"""A client of the SDK, which need not be installed where this is checked."""

_MESSAGES: Final = "/v1/messages"
_BATCHES: Final = "/v1/messages/batches"
_RESULTS: Final = re.compile(r"/v1/messages/batches/(?P<id>[^/]{1,256})/results$")


class AnthropicDialect:
    """Paths and providers of the `anthropic` SDK."""

    def __init__(self) -> None:
        self._messages: Codec = AnthropicMessages()
        self._batch: Codec = AnthropicBatchCreate()
        self._accounts = Accounts()

    def codec(self, method: str, path: str) -> Codec | None:
        """Messages, plain and beta, batches of them and their results; counting tokens and polling are left alone."""
        path = path.partition("?")[0]
        if method == "post":
            return self._messages if path == _MESSAGES else self._batch if path == _BATCHES else None
        if method != "get":
            return None
        # The SDK calls the URL that the batch names.
        found = _RESULTS.search(path)
        return AnthropicBatchResults(found["id"], self._accounts) if found else None

    def provider(self, client: Client, host: str) -> str:
        """By class for the cloud clients, else by host."""
        kind = type(client).__name__
        if "Bedrock" in kind:
            return values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK
        if "Vertex" in kind:
            return values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI
        return provider_of(host, values.GEN_AI_PROVIDER_NAME_ANTHROPIC)

    def wants_usage(self, client: Client, host: str, codec: Codec, request: Json) -> bool:  # noqa: ARG002
        """Never: message streams carry their usage."""
        return False


def tap(tracer: Tracer) -> StainlessTap:
    """The tap of the SDK."""
    return StainlessTap(AnthropicDialect(), tracer)
