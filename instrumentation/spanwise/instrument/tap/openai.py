"""The dialect of the `openai` SDK: which paths it calls, whom, and what a stream can be asked for."""

from __future__ import annotations

import os
import re
from types import ModuleType
from typing import Any, Final, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import (
    Codec,
    Json,
    OpenAIChat,
    OpenAICompletions,
    OpenAIEmbeddings,
    OpenAIResponses,
)
from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.openai_audio import OpenAISpeech, OpenAITranscriptions
from spanwise.instrument.codec.openai_batches import OpenAIBatchCreate, OpenAIBatchFetch
from spanwise.instrument.codec.openai_fetch import OpenAIFetch
from spanwise.instrument.codec.openai_images import OpenAIImages
from spanwise.instrument.codec.openai_moderations import OpenAIModerations
from spanwise.instrument.core.provider import asks_for_usage, provider_of
from spanwise.instrument.tap.openai_websocket import WebsocketTap
from spanwise.instrument.tap.stainless import StainlessTap
from spanwise.semconv import environment, values


Client: TypeAlias = Any
"""A client of the SDK, which need not be installed where this is checked."""

_STORED: Final = re.compile(r"/(?P<kind>responses|batches)/(?P<id>[^/?]{1,256})")
_AZURE_USAGE_SINCE = "2024-09-01"
"""First Azure API version that takes `stream_options`; older ones refuse the request."""


class OpenAIDialect:
    """Paths, providers and stream usage of the `openai` SDK."""

    def __init__(self) -> None:
        accounts = self.accounts = Accounts()
        images, transcriptions = OpenAIImages(), OpenAITranscriptions()
        self._posts: dict[str, Codec] = {
            "/chat/completions": OpenAIChat(),
            "/responses": OpenAIResponses(accounts),
            "/responses/compact": OpenAIResponses(accounts),
            "/completions": OpenAICompletions(),
            "/embeddings": OpenAIEmbeddings(),
            "/images/generations": images,
            "/images/edits": images,
            "/images/variations": images,
            "/audio/transcriptions": transcriptions,
            "/audio/translations": transcriptions,
            "/audio/speech": OpenAISpeech(),
            "/moderations": OpenAIModerations(),
            "/batches": OpenAIBatchCreate(),
        }

    def codec(self, method: str, path: str) -> Codec | None:
        """The codec for what a model is asked, and for what it answered before; lists and cancellations have none."""
        if method == "post":
            return self._posts.get(path)
        if method != "get":
            return None
        found = _STORED.fullmatch(path)
        if found is None:
            return None
        identity = found["id"]
        if found["kind"] == "responses":
            return OpenAIFetch(identity, self.accounts)
        return OpenAIBatchFetch(identity, self.accounts)

    def provider(self, client: Client, host: str) -> str:
        """By host; the Azure clients are Azure wherever they point."""
        if hasattr(client, "_api_version"):
            return values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI
        return provider_of(host, values.GEN_AI_PROVIDER_NAME_OPENAI)

    def wants_usage(self, client: Client, host: str, codec: Codec, request: Json) -> bool:
        """A stream whose caller said nothing of `stream_options`, where the API is known to offer it."""
        if request.get("stream") is not True or not isinstance(codec, OpenAIChat | OpenAICompletions):
            return False
        if "stream_options" in request:
            return False
        switch = os.environ.get(environment.SPANWISE_INCLUDE_USAGE, "auto").strip().lower()
        if switch != "auto":
            return switch == "always"
        version = getattr(client, "_api_version", None)
        if version is not None:
            return str(version) >= _AZURE_USAGE_SINCE
        return asks_for_usage(host)


class OpenAITap(StainlessTap):
    """The hold on the base clients of the SDK and on its connections."""

    def __init__(self, tracer: Tracer) -> None:
        dialect = OpenAIDialect()
        super().__init__(dialect, tracer)
        self._connections = WebsocketTap(tracer, dialect.accounts)

    def open(self, module: ModuleType) -> None:
        """Take hold of the base clients, or of the connections that a resource defines."""
        if "SyncAPIClient" in vars(module):
            super().open(module)
        else:
            self._connections.open(module)

    def close(self) -> None:
        """Let go of both."""
        super().close()
        self._connections.close()


def tap(tracer: Tracer) -> OpenAITap:
    """The tap of the SDK."""
    return OpenAITap(tracer)
