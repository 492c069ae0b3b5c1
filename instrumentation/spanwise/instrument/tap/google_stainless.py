"""Interactions in releases of the `google-genai` SDK before 2.9, whose client of them Stainless generated."""

from __future__ import annotations

from typing import Any, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import Codec, Json
from spanwise.instrument.codec.gemini_interaction_path import InteractionPaths
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.provider import provider_of
from spanwise.instrument.tap.stainless import StainlessTap
from spanwise.semconv import values


Anything: TypeAlias = Any
"""Objects and arguments of the SDK, which need not be installed where this is checked."""


class InteractionsDialect:
    """Paths and providers of interactions."""

    def __init__(self) -> None:
        self.paths = InteractionPaths()

    def codec(self, method: str, path: str) -> Codec | None:
        """The codec of interactions; other resources of this client have none."""
        return self.paths.codec(method, path)

    def provider(self, client: Anything, host: str) -> str:
        """By host; any other host is a proxy of what `client` was made for."""
        adapter = getattr(client, "client_adapter", None)
        is_vertex = adapter is not None and bool(adapter.is_vertex_ai())
        own = values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI if is_vertex else values.GEN_AI_PROVIDER_NAME_GCP_GEMINI
        return provider_of(host, own)

    def wants_usage(self, client: Anything, host: str, codec: Codec, request: Json) -> bool:  # noqa: ARG002 - the dialect's interface
        """Never: it comes unasked."""
        return False


class StainlessInteractionsTap(StainlessTap):
    """The hold on the base clients of interactions."""

    def __init__(self, tracer: Tracer) -> None:
        self._interactions = InteractionsDialect()
        super().__init__(self._interactions, tracer)

    def _call(self, client: Anything, codec: Codec, options: Anything, request: Json) -> tuple[Call, Anything]:
        # Which operation it is, the body alone tells.
        return super()._call(client, self._interactions.paths.of(codec, request), options, request)
