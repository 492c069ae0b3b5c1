"""The dialect of the `together` SDK since 2.0, which Stainless makes; before, it was written by hand."""

from __future__ import annotations

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import Codec, OpenAIChat, OpenAICompletions, OpenAIEmbeddings
from spanwise.instrument.codec.openai_audio import OpenAISpeech, OpenAITranscriptions
from spanwise.instrument.codec.openai_images import OpenAIImages
from spanwise.instrument.codec.together_rerank import TogetherRerank
from spanwise.instrument.core.provider import TOGETHER
from spanwise.instrument.tap.compatible import CompatibleDialect
from spanwise.instrument.tap.stainless import StainlessTap


def tap(tracer: Tracer) -> StainlessTap:
    """The tap of the SDK. Streams say their usage unasked."""
    transcriptions = OpenAITranscriptions()
    codecs: dict[str, Codec] = {
        "/chat/completions": OpenAIChat(),
        "/completions": OpenAICompletions(),
        "/embeddings": OpenAIEmbeddings(),
        "/images/generations": OpenAIImages(),
        "/rerank": TogetherRerank(),
        "/audio/transcriptions": transcriptions,
        "/audio/translations": transcriptions,
        "/audio/speech": OpenAISpeech(),
    }
    # The version went from the base URL into the paths with 3.0.
    versioned = {f"/v1{path}": codec for path, codec in codecs.items()}
    return StainlessTap(CompatibleDialect({**codecs, **versioned}, provider=TOGETHER), tracer)
