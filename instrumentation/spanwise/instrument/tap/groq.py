"""The dialect of the `groq` SDK."""

from __future__ import annotations

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import Codec, OpenAIEmbeddings
from spanwise.instrument.codec.openai_audio import OpenAISpeech, OpenAITranscriptions
from spanwise.instrument.codec.timed_completion import TimedChat
from spanwise.instrument.tap.compatible import CompatibleDialect
from spanwise.instrument.tap.stainless import StainlessTap
from spanwise.semconv import values


def tap(tracer: Tracer) -> StainlessTap:
    """The tap of the SDK. Streams say their usage unasked."""
    transcriptions = OpenAITranscriptions()
    codecs: dict[str, Codec] = {
        "/openai/v1/chat/completions": TimedChat(),
        "/openai/v1/embeddings": OpenAIEmbeddings(),
        "/openai/v1/audio/transcriptions": transcriptions,
        "/openai/v1/audio/translations": transcriptions,
        "/openai/v1/audio/speech": OpenAISpeech(),
    }
    return StainlessTap(CompatibleDialect(codecs, provider=values.GEN_AI_PROVIDER_NAME_GROQ), tracer)
