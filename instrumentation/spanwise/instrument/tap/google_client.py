"""Whom a client of the `google-genai` SDK calls."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from spanwise.instrument.core.provider import provider_of
from spanwise.semconv import values


Client: TypeAlias = Any
"""An API client of the SDK, which need not be installed where this is checked."""

PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
"""Ports of URLs that name none."""


def provider_for(client: Client, host: str) -> str:
    """The provider by host; any other host is a proxy of what `client` was made for."""
    is_vertex = bool(getattr(client, "vertexai", False))
    own = values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI if is_vertex else values.GEN_AI_PROVIDER_NAME_GCP_GEMINI
    return provider_of(host, own)
