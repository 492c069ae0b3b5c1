"""The dialect of the `anthropic` SDK: which paths it calls, and whom."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import AnthropicMessages, Codec, Json
from spanwise.instrument.core.provider import provider_of
from spanwise.instrument.tap.stainless import StainlessTap
from spanwise.semconv import values


Client: TypeAlias = Any
"""A client of the SDK, which need not be installed where this is checked."""


class AnthropicDialect:
    """Paths and providers of the `anthropic` SDK."""

    _MESSAGES: ClassVar[Codec] = AnthropicMessages()

    def codec(self, method: str, path: str) -> Codec | None:
        """Messages, plain and beta; counting tokens and batches is left alone."""
        return self._MESSAGES if method == "post" and path.partition("?")[0] == "/v1/messages" else None

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
