"""The dialect of the `openai` SDK: which paths it calls, whom, and what a stream can be asked for."""

from __future__ import annotations

import os
import re
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
        accounts = Accounts()
        images, transcriptions = OpenAIImages(), OpenAITranscriptions()
        self._posts: dict[str, Codec] = {
            "/chat/completions": OpenAIChat(),
            "/responses": OpenAIResponses(accounts),
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
        self._accounts = accounts

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
            return OpenAIFetch(identity, self._accounts)
        return OpenAIBatchFetch(identity, self._accounts)

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


def tap(tracer: Tracer) -> StainlessTap:
    """The tap of the SDK."""
    return StainlessTap(OpenAIDialect(), tracer)
