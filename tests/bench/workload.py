"""The calls that are measured: a real SDK over an in-process transport, watched in different ways."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, TypeAlias

import httpx2
import openai
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.trace import SpanKind

from spanwise.instrument import OpenAIInstrumentor
from spanwise.pipeline import Pipeline, PipelineHost


Sdk: TypeAlias = Any
"""A client or a stream of the SDK."""

CHUNKS = 200
SHAPES = ("1 KB", "100 KB", f"{CHUNKS} chunks")
WATCHERS = ("bare", "floor", "spanwise, content off", "spanwise, content on")

_USAGE = {"prompt_tokens": 1240, "completion_tokens": 310, "total_tokens": 1550}
_ID = "chatcmpl-Cz0000000000000000000000000000"
_HEAD = {"id": _ID, "object": "chat.completion", "created": 1, "model": "gpt-4.1-mini-2025-04-14"}


def _completion() -> bytes:
    message = {"role": "assistant", "content": "word " * 200}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return json.dumps({**_HEAD, "choices": [choice], "usage": _USAGE}).encode()


def _stream() -> list[bytes]:
    chunks: list[dict[str, object]] = [
        {"choices": [{"index": 0, "delta": {"content": "word "}, "finish_reason": None}], "usage": None}
        for _ in range(CHUNKS)
    ]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": None})
    chunks.append({"choices": [], "usage": _USAGE})
    head = {**_HEAD, "object": "chat.completion.chunk"}
    events = [f"data: {json.dumps({**head, **chunk}, separators=(',', ':'))}\n\n".encode() for chunk in chunks]
    return [*events, b"data: [DONE]\n\n"]


class Chunks(httpx2.SyncByteStream):
    """A body that arrives event by event."""

    def __init__(self, events: list[bytes]) -> None:
        self._events = events

    def __iter__(self) -> Iterator[bytes]:
        """The events."""
        return iter(self._events)


def sdk() -> Sdk:
    """A client whose provider answers at once, in this process."""
    completion, events = _completion(), _stream()
    answers = count(1)

    def answer(request: httpx2.Request) -> httpx2.Response:
        # As of a provider, every response has an id of its own.
        identity = f"{_ID[:-8]}{next(answers):08}".encode()
        if b'"stream":true' in request.content:
            own = [event.replace(_ID.encode(), identity) for event in events]
            return httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=Chunks(own))
        own_body = completion.replace(_ID.encode(), identity)
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=own_body)

    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    return openai.OpenAI(api_key="k", base_url="https://api.openai.com/v1", http_client=http_client)


def call(client: Sdk, shape: str) -> Callable[[], None]:
    """One call of `shape`, to be repeated."""
    text = "lorem ipsum " * ((100_000 if shape == "100 KB" else 1_000) // 12)
    messages = [{"role": "user", "content": text}]
    create = client.chat.completions.create
    if shape in SHAPES[:2]:
        return lambda: create(model="gpt-4.1-mini", messages=messages, temperature=0.2)

    def read() -> None:
        options = {"include_usage": True}
        for _ in create(model="gpt-4.1-mini", messages=messages, stream=True, stream_options=options):
            pass

    return read


def _floor(inner: Callable[[], None]) -> Callable[[], None]:
    """What somebody would write by hand: a span with the same attributes, and three histograms."""
    tracer = trace.get_tracer("floor")
    meter = metrics.get_meter("floor")
    histograms = [meter.create_histogram(name) for name in ("duration", "input", "output")]
    labels = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4.1-mini", "server.address": "a"}

    def run() -> None:
        with tracer.start_as_current_span("chat gpt-4.1-mini", kind=SpanKind.CLIENT) as span:
            span.set_attributes({f"gen_ai.attribute.{number}": "value" for number in range(14)})
            inner()
            for histogram in histograms:
                histogram.record(1.0, labels)

    return run


class Queue(SpanProcessor):
    """Takes finished spans as a batching processor does, without its thread."""

    def on_end(self, span: object) -> None:
        """Nothing: what happens later happens elsewhere."""


@contextmanager
def watched(watcher: str, run: Callable[[], None], provider: TracerProvider) -> Iterator[Callable[[], None]]:
    """`run` as the application of `watcher` would have it."""
    if watcher in WATCHERS[:2]:
        yield _floor(run) if watcher == "floor" else run
        return
    host = PipelineHost(Pipeline())
    host.install(provider)
    switch = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
    os.environ[switch] = "SPAN_ONLY" if watcher.endswith("on") else "NO_CONTENT"
    instrumentor = OpenAIInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        yield run
    finally:
        instrumentor.uninstrument()
        host.uninstall()
        del os.environ[switch]


def providers() -> TracerProvider:
    """The SDK as an application sets it up."""
    metrics.set_meter_provider(MeterProvider([InMemoryMetricReader()]))
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(Queue())
    trace.set_tracer_provider(provider)
    return provider
