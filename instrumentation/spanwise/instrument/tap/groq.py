"""The dialect of the `groq` SDK."""

from __future__ import annotations

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import OpenAIEmbeddings
from spanwise.instrument.codec.timed_completion import TimedChat
from spanwise.instrument.tap.compatible import CompatibleDialect
from spanwise.instrument.tap.stainless import StainlessTap
from spanwise.semconv import values


def tap(tracer: Tracer) -> StainlessTap:
    """The tap of the SDK. Streams say their usage unasked."""
    codecs = {"/openai/v1/chat/completions": TimedChat(), "/openai/v1/embeddings": OpenAIEmbeddings()}
    return StainlessTap(CompatibleDialect(codecs, provider=values.GEN_AI_PROVIDER_NAME_GROQ), tracer)
