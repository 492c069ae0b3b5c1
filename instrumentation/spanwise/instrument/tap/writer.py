"""The dialect of the `writer-sdk`."""

from __future__ import annotations

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import Codec
from spanwise.instrument.codec.writer_chat import WriterChat
from spanwise.instrument.codec.writer_completions import WriterCompletions
from spanwise.instrument.core.provider import WRITER
from spanwise.instrument.tap.compatible import CompatibleDialect
from spanwise.instrument.tap.stainless import StainlessTap


def tap(tracer: Tracer) -> StainlessTap:
    """The tap of the SDK."""
    codecs: dict[str, Codec] = {"/v1/chat": WriterChat(), "/v1/completions": WriterCompletions()}
    return StainlessTap(CompatibleDialect(codecs, provider=WRITER, must_ask=True), tracer)
