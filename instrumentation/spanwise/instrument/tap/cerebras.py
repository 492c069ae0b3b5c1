"""The dialect of the `cerebras-cloud-sdk`."""

from __future__ import annotations

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import Codec
from spanwise.instrument.codec.timed_completion import TimedChat, TimedCompletions
from spanwise.instrument.core.provider import CEREBRAS
from spanwise.instrument.tap.compatible import CompatibleDialect
from spanwise.instrument.tap.stainless import StainlessTap


def tap(tracer: Tracer) -> StainlessTap:
    """The tap of the SDK. Streams say their usage unasked."""
    codecs: dict[str, Codec] = {"/v1/chat/completions": TimedChat(), "/v1/completions": TimedCompletions()}
    return StainlessTap(CompatibleDialect(codecs, provider=CEREBRAS), tracer)
