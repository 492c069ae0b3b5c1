"""The dialect of the `together` SDK since 2.0, which Stainless makes; before, it was written by hand."""

from __future__ import annotations

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import OpenAIChat, OpenAICompletions, OpenAIEmbeddings
from spanwise.instrument.core.provider import TOGETHER
from spanwise.instrument.tap.compatible import CompatibleDialect
from spanwise.instrument.tap.stainless import StainlessTap


def tap(tracer: Tracer) -> StainlessTap:
    """The tap of the SDK. Streams say their usage unasked."""
    codecs = {
        "/chat/completions": OpenAIChat(),
        "/completions": OpenAICompletions(),
        "/embeddings": OpenAIEmbeddings(),
    }
    return StainlessTap(CompatibleDialect(codecs, provider=TOGETHER), tracer)
