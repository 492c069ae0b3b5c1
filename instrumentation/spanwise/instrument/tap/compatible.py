"""The dialect of SDKs that Stainless made for APIs of OpenAI's wire: a table of paths, and whose they are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeAlias

from spanwise.instrument.codec import Codec, Json, OpenAIChat
from spanwise.instrument.core.provider import asks_for_usage, provider_of
from spanwise.semconv import environment


Client: TypeAlias = Any
"""A client of an SDK, which need not be installed where this is checked."""


class CompatibleDialect:
    """Paths, provider and stream usage of one SDK.

    Args:
        codecs: what a POST to a path speaks; requests to any other path are left alone.
        provider: the provider of hosts that nobody knows.
        must_ask: whether a stream says its usage only where it is asked for it.
    """

    def __init__(self, codecs: Mapping[str, Codec], *, provider: str, must_ask: bool = False) -> None:
        self._codecs = codecs
        self._provider = provider
        self._must_ask = must_ask

    def codec(self, method: str, path: str) -> Codec | None:
        """The codec for the requests that spend tokens."""
        return self._codecs.get(path) if method == "post" else None

    def provider(self, client: Client, host: str) -> str:  # noqa: ARG002 - the dialect's interface
        """By host."""
        return provider_of(host, self._provider)

    def wants_usage(self, client: Client, host: str, codec: Codec, request: Json) -> bool:  # noqa: ARG002 - same
        """A stream of chat whose caller said nothing of `stream_options`, where the API has to be asked."""
        return self._must_ask and isinstance(codec, OpenAIChat) and asks(host, request)


def asks(host: str, request: Json) -> bool:
    """Whether to ask for the usage of a stream: its caller said nothing of it, the API is known to offer it.

    `SPANWISE_INCLUDE_USAGE` says otherwise for all APIs.
    """
    if request.get("stream") is not True or "stream_options" in request:
        return False
    switch = os.environ.get(environment.SPANWISE_INCLUDE_USAGE, "auto").strip().lower()
    return asks_for_usage(host) if switch == "auto" else switch == "always"
