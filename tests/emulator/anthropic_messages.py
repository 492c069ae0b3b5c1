"""Anthropic messages, whole and streamed, and the token count."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace

from tests.emulator.answer import Answer, Tokens, compose, words
from tests.emulator.anthropic_prompt import cache_write_tokens, messages_prompt
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.provider_error import anthropic_error_body
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb, frame


_STOP = {"stop": "end_turn", "tool": "tool_use", "length": "max_tokens", "refusal": "refusal", "filter": "refusal"}
_SIGNATURE = base64.b64encode(b"emulated thinking signature").decode()


def reply(call: Call) -> Reply:
    """The answer to POST /v1/messages."""
    answer = _with_cache_writes(call, compose(call, messages_prompt(call.body)))
    if call.streams:

        def failure(_sent: int) -> list[Frame]:
            return [frame(anthropic_error_body("error_529", None, call.id("req_")), event="error")]

        return StreamReply(disturb(_frames(call, answer), call.scenario, failure))
    return json_reply(
        _message(call) | {"content": _content(call, answer), "usage": _usage(call, answer.tokens)} | _stopped(answer)
    )


def count_reply(call: Call) -> Reply:
    """The answer to POST /v1/messages/count_tokens."""
    return json_reply({"input_tokens": compose(call, messages_prompt(call.body)).tokens.input})


def _with_cache_writes(call: Call, answer: Answer) -> Answer:
    """The answer with the cache writes the request's `cache_control` marks ask for, added to the input."""
    tokens, asked = answer.tokens, call.scenario
    marked_5m, marked_1h = cache_write_tokens(call.body)
    tokens = replace(
        tokens,
        cache_write_5m=marked_5m if asked.cache_write_5m_tokens is None else tokens.cache_write_5m,
        cache_write_1h=marked_1h if asked.cache_write_1h_tokens is None else tokens.cache_write_1h,
    )
    cached = tokens.cached + tokens.cache_write_5m + tokens.cache_write_1h
    return replace(answer, tokens=replace(tokens, input=max(tokens.input, cached + 1)))


def _message(call: Call) -> Json:
    return {
        "id": call.id("msg_"),
        "type": "message",
        "role": "assistant",
        "model": call.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
    }


def _stopped(answer: Answer) -> Json:
    reason = _STOP[answer.finish]
    details = {"type": "refusal", "category": "general_harms", "explanation": None} if reason == "refusal" else None
    return {"stop_reason": reason, "stop_sequence": None, "stop_details": details}


def _usage(call: Call, tokens: Tokens) -> Json:
    """Anthropic's usage object. Its `input_tokens` are those that no cache took part in."""
    written = tokens.cache_write_5m + tokens.cache_write_1h
    found = {
        "input_tokens": tokens.input - tokens.cached - written,
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": tokens.cached,
        "cache_creation": {
            "ephemeral_5m_input_tokens": tokens.cache_write_5m,
            "ephemeral_1h_input_tokens": tokens.cache_write_1h,
        },
        "output_tokens": tokens.output,
        "output_tokens_details": {"thinking_tokens": tokens.reasoning},
        "service_tier": call.tier("standard"),
    }
    return call.billed(found)


def _content(call: Call, answer: Answer) -> list[Json]:
    blocks: list[Json] = []
    if answer.thinking:
        blocks.append({"type": "thinking", "thinking": answer.thinking, "signature": _SIGNATURE})
    if answer.text:
        blocks.append({"type": "text", "text": answer.text})
    blocks.extend(
        {
            "type": "tool_use",
            "id": call.id("toolu_") + f"-{item.index}",
            "name": item.name,
            "input": json.loads(item.arguments),
        }
        for item in answer.tool_calls
    )
    return blocks


def _frames(call: Call, answer: Answer) -> Iterator[Frame]:
    usage = _usage(call, answer.tokens)
    at_start = usage | {"output_tokens": 1}
    del at_start["output_tokens_details"]
    yield _event("message_start", message=_message(call) | {"usage": at_start})
    for index, block in enumerate(_content(call, answer)):
        yield from _block_frames(index, block, answer)
        if index == 0:
            yield _event("ping")
    at_end = {name: usage[name] for name in usage if name not in ("cache_creation", "service_tier")}
    yield _event("message_delta", delta=_stopped(answer), usage=at_end)
    yield _event("message_stop")


def _block_frames(index: int, block: Json, answer: Answer) -> Iterator[Frame]:
    kind = block["type"]
    empty: Json = {"text": {"text": ""}, "thinking": {"thinking": "", "signature": ""}, "tool_use": {"input": {}}}
    yield _event("content_block_start", index=index, content_block=block | empty[kind])
    for delta in _deltas(block, answer):
        yield _event("content_block_delta", content=True, index=index, delta=delta)
    yield _event("content_block_stop", index=index)


def _deltas(block: Json, answer: Answer) -> Iterator[Json]:
    if block["type"] == "text":
        for piece in answer.pieces:
            yield {"type": "text_delta", "text": piece}
    elif block["type"] == "thinking":
        for piece in words(block["thinking"]):
            yield {"type": "thinking_delta", "thinking": piece}
        yield {"type": "signature_delta", "signature": block["signature"]}
    else:
        yield {"type": "input_json_delta", "partial_json": ""}
        for piece in words(json.dumps(block["input"])):
            yield {"type": "input_json_delta", "partial_json": piece}


def _event(kind: str, *, content: bool = False, **fields: object) -> Frame:
    return frame({"type": kind} | fields, event=kind, content=content)
