"""Calls and requests of the tests that read bodies without any tap."""

from __future__ import annotations

from typing import Any

from spanwise.instrument.codec import OpenAIChat
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.capture import Capture
from tests.instrument.telemetry import Telemetry


MODEL = "gpt-4.1-mini"
MESSAGES: list[dict[str, str]] = [{"role": "user", "content": "Where is my parcel?"}]


def body(*, stream: bool = False) -> dict[str, Any]:
    """A chat request, whose stream says its usage."""
    request: dict[str, Any] = {"model": MODEL, "messages": MESSAGES}
    if stream:
        request |= {"stream": True, "stream_options": {"include_usage": True}}
    return request


def started(telemetry: Telemetry) -> Call:
    """A call whose span runs."""
    span = telemetry.provider.get_tracer("test").start_span("call")
    return Call(span, OpenAIChat(), owner=None, capture=Capture.NOWHERE, content={})
