"""The SDKs that are measured, each over a transport in this process: no socket, no TLS, an answer at once."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from typing import Any, TypeAlias

import httpx2
from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]


Sdk: TypeAlias = Any
"""A client or a stream of an SDK."""

Json: TypeAlias = dict[str, Any]
"""A body of an API."""

CHUNKS = int(os.environ.get("BENCH_CHUNKS", "200"))
"""Chunks of a stream: `bench_call` counts short ones as well, to tell what one more costs."""

_IDS = count(1)
_WORDS = "word " * CHUNKS


@dataclass(frozen=True)
class Provider:
    """One SDK: a client, what a call of it is, and the instrumentor that watches it.

    Attributes:
        client: makes a client.
        ask: calls with a text and reads the answer, as a stream or whole.
        instrumentor: makes the instrumentor.
    """

    client: Callable[[], Sdk]
    ask: Callable[[Sdk, str, bool], None]
    instrumentor: Callable[[], BaseInstrumentor]


def _own(*bodies: bytes) -> list[bytes]:
    """`bodies` of one response with an id of its own, as every response of a provider has."""
    identity = b"ID%028d" % next(_IDS)
    return [body.replace(b"ID0000000000000000000000000000", identity) for body in bodies]


def _json(body: Json) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _sse(*events: Json, last: bytes = b"") -> list[bytes]:
    lines = (f"event: {event['type']}\n" if "type" in event else "" for event in events)
    framed = [name.encode() + b"data: " + _json(event) + b"\n\n" for name, event in zip(lines, events, strict=True)]
    return [*framed, last] if last else framed


def _answer(http: Any, whole: bytes, events: list[bytes], is_stream: Callable[[Any], bool]) -> Callable[[Any], Any]:
    """What a mock transport of `httpx` or `httpx2` answers with."""

    class Chunks(http.SyncByteStream):  # type: ignore[misc]
        def __iter__(self) -> Iterator[bytes]:
            return iter(_own(*events))

    def answer(request: Any) -> Any:
        if is_stream(request):
            return http.Response(200, headers={"content-type": "text/event-stream"}, stream=Chunks())
        return http.Response(200, headers={"content-type": "application/json"}, content=_own(whole)[0])

    return answer


def _asks_for_stream(request: Any) -> bool:
    return b'"stream":true' in request.content


def _openai() -> Provider:
    import openai

    from spanwise.instrument import OpenAIInstrumentor

    head = {"id": "chatcmpl-ID0000000000000000000000000000", "created": 1, "model": "gpt-4.1-mini-2025-04-14"}
    usage = {"prompt_tokens": 1240, "completion_tokens": 310, "total_tokens": 1550}
    message = {"role": "assistant", "content": _WORDS}
    choices = [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}]
    whole = _json({**head, "object": "chat.completion", "choices": choices, "usage": usage})

    def chunk(delta: Json, reason: str | None) -> Json:
        choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
        return {**head, "object": "chat.completion.chunk", "choices": choices, "usage": None}

    texts = [chunk({"content": "word "}, None)] * CHUNKS
    end = {**head, "object": "chat.completion.chunk", "choices": [], "usage": usage}
    events = _sse(*texts, chunk({}, "stop"), end, last=b"data: [DONE]\n\n")

    def client() -> Sdk:
        http = httpx2.Client(transport=httpx2.MockTransport(_answer(httpx2, whole, events, _asks_for_stream)))
        return openai.OpenAI(api_key="k", base_url="https://api.openai.com/v1", http_client=http)

    def ask(client: Sdk, text: str, stream: bool) -> None:
        messages = [{"role": "user", "content": text}]
        create = client.chat.completions.create
        if not stream:
            create(model="gpt-4.1-mini", messages=messages, temperature=0.2)
            return
        options = {"include_usage": True}
        for _ in create(model="gpt-4.1-mini", messages=messages, stream=True, stream_options=options):
            pass

    return Provider(client, ask, OpenAIInstrumentor)


def _anthropic() -> Provider:
    import anthropic

    from spanwise.instrument import AnthropicInstrumentor

    usage = {"input_tokens": 1240, "output_tokens": 310}
    message = {
        "id": "msg_ID0000000000000000000000000000",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-4-5-20251001",
        "content": [{"type": "text", "text": _WORDS}],
        "stop_reason": "end_turn",
        "usage": usage,
    }
    events = _sse(
        {"type": "message_start", "message": {**message, "content": [], "stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *[{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "word "}}] * CHUNKS,
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 310}},
        {"type": "message_stop"},
    )

    def client() -> Sdk:
        answer = _answer(httpx2, _json(message), events, _asks_for_stream)
        return anthropic.Anthropic(api_key="k", http_client=httpx2.Client(transport=httpx2.MockTransport(answer)))

    def ask(client: Sdk, text: str, stream: bool) -> None:
        asked = {"model": "claude-haiku-4-5", "max_tokens": 999, "messages": [{"role": "user", "content": text}]}
        if not stream:
            client.messages.create(**asked)
            return
        for _ in client.messages.create(**asked, stream=True):
            pass

    return Provider(client, ask, AnthropicInstrumentor)


def _google() -> Provider:
    import httpx
    from google import genai

    from spanwise.instrument import GoogleGenAIInstrumentor

    def part(text: str, answer: int = 310, **more: object) -> Json:
        counts = {"promptTokenCount": 1240, "candidatesTokenCount": answer, "totalTokenCount": 1240 + answer}
        candidate = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0, **more}
        head = {"modelVersion": "gemini-2.5-flash", "responseId": "ID0000000000000000000000000000"}
        return {"candidates": [candidate], "usageMetadata": counts, **head}

    whole = _json(part(_WORDS, finishReason="STOP"))
    # Each chunk counts what was answered so far.
    texts = [part("word ", number) for number in range(310 - CHUNKS, 310)]
    events = _sse(*texts, part("", finishReason="STOP"))

    def client() -> Sdk:
        answer = _answer(httpx, whole, events, lambda request: "stream" in request.url.path)
        http = httpx.Client(transport=httpx.MockTransport(answer))
        return genai.Client(api_key="k", http_options=genai.types.HttpOptions(httpx_client=http))

    def ask(client: Sdk, text: str, stream: bool) -> None:
        if not stream:
            client.models.generate_content(model="gemini-2.5-flash", contents=text)
            return
        for _ in client.models.generate_content_stream(model="gemini-2.5-flash", contents=text):
            pass

    return Provider(client, ask, GoogleGenAIInstrumentor)


def _bedrock() -> Provider:
    # Not among the dependencies of development, so it is not known to a type checker.
    session = import_module("botocore.session")
    config, awsrequest = import_module("botocore.config"), import_module("botocore.awsrequest")

    from urllib3 import HTTPResponse

    from spanwise.instrument import BedrockInstrumentor
    from tests.emulator.aws_event_stream import event

    usage = {"inputTokens": 1240, "outputTokens": 310, "totalTokens": 1550}
    message = {"role": "assistant", "content": [{"text": _WORDS}]}
    counted = {"usage": usage, "metrics": {"latencyMs": 9}}
    whole = _json({"output": {"message": message}, "stopReason": "end_turn", **counted})
    delta = {"contentBlockIndex": 0, "delta": {"text": "word "}}
    said: list[tuple[str, Json]] = [("messageStart", {"role": "assistant"})]
    said += [("contentBlockDelta", delta)] * CHUNKS
    said += [("contentBlockStop", {"contentBlockIndex": 0}), ("messageStop", {"stopReason": "end_turn"})]
    said += [("metadata", counted)]
    frames = [event(kind, body).raw or b"" for kind, body in said]

    def answer(request: Any, **_: object) -> Sdk:
        headers = {"x-amzn-RequestId": f"00000000-0000-0000-0000-{next(_IDS):012}"}
        is_stream = request.url.endswith("-stream")
        kind = "application/vnd.amazon.eventstream" if is_stream else "application/json"
        headers["Content-Type"] = kind
        raw = HTTPResponse(io.BytesIO(b"".join(frames) if is_stream else whole), headers, preload_content=False)
        return awsrequest.AWSResponse(request.url, 200, raw.headers, raw)

    def client() -> Sdk:
        made = session.Session().create_client(
            "bedrock-runtime",
            region_name="us-east-1",
            aws_access_key_id="k",
            aws_secret_access_key="s",
            config=config.Config(retries={"max_attempts": 0}),
        )
        made.meta.events.register("before-send.bedrock-runtime.*", answer)
        return made

    def ask(client: Sdk, text: str, stream: bool) -> None:
        asked = {
            "modelId": "anthropic.claude-haiku-4-5-20251001-v1:0",
            "messages": [{"role": "user", "content": [{"text": text}]}],
        }
        if not stream:
            client.converse(**asked)
            return
        for _ in client.converse_stream(**asked)["stream"]:
            pass

    return Provider(client, ask, BedrockInstrumentor)


PROVIDERS: dict[str, Callable[[], Provider]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "google-genai": _google,
    "boto3": _bedrock,
}
"""By the name of the distribution. One is imported where it is asked for."""

MODULES = {"google-genai": "google"}
"""What an SDK is imported as, where that is not its name."""
