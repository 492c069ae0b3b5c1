"""Amazon Bedrock's Converse, whole and as an event stream."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.emulator.answer import Answer, Tokens, compose, words
from tests.emulator.aws_event_stream import CONTENT_TYPE, event, exception
from tests.emulator.call import Call
from tests.emulator.document import Json, JsonValue
from tests.emulator.prompt import Prompt, Tool
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb


LATENCY_MS = 551
_STOP = {
    "stop": "end_turn",
    "tool": "tool_use",
    "length": "max_tokens",
    "refusal": "content_filtered",
    "filter": "guardrail_intervened",
}


def reply(call: Call) -> Reply:
    """The answer to POST /model/{model}/converse."""
    answer = compose(call, converse_prompt(call.body))
    return json_reply(
        {
            "output": {"message": {"role": "assistant", "content": content(call, answer)}},
            "stopReason": _STOP[answer.finish],
            **_metadata(call, answer),
        }
    )


def stream_reply(call: Call) -> Reply:
    """The answer to POST /model/{model}/converse-stream."""
    answer = compose(call, converse_prompt(call.body))
    return StreamReply(disturb(_frames(call, answer), call.scenario, failure), CONTENT_TYPE)


def failure(_sent: int) -> list[Frame]:
    """The error of a stream that breaks off."""
    return [exception("throttlingException", "Too many requests, please wait before trying again.")]


def converse_prompt(body: Json) -> Prompt:
    """What a Converse request asks for."""
    messages: list[Json] = body.get("messages") or []
    last = messages[-1]["content"] if messages else []
    results = [part["toolResult"] for part in last if "toolResult" in part]
    said = ["\n".join(_texts(message["content"])) for message in messages if message["role"] == "user"]
    offered = (body.get("toolConfig") or {}).get("tools") or []
    tools = [tool["toolSpec"] for tool in offered if "toolSpec" in tool]
    return Prompt(
        text=next((text for text in reversed(said) if text), ""),
        tools=tuple(Tool(tool["name"], tool["inputSchema"]["json"]) for tool in tools),
        tool_result="\n".join(_texts(results[-1]["content"])) if results else None,
        thinks="thinking" in (body.get("additionalModelRequestFields") or {}),
        characters=len(json.dumps([messages, body.get("system"), body.get("toolConfig")])),
    )


def usage(call: Call, tokens: Tokens) -> Json:
    """A `TokenUsage`. Its `inputTokens` are those that no cache took part in."""
    written = tokens.cache_write_5m + tokens.cache_write_1h
    found: Json = {
        "inputTokens": tokens.input - tokens.cached - written,
        "outputTokens": tokens.output,
        "totalTokens": tokens.input + tokens.output,
        "cacheReadInputTokens": tokens.cached,
        "cacheWriteInputTokens": written,
    }
    if written:
        lifetimes = {"5m": tokens.cache_write_5m, "1h": tokens.cache_write_1h}
        found["cacheDetails"] = [{"ttl": ttl, "inputTokens": count} for ttl, count in lifetimes.items() if count]
    return call.billed(found)


def content(call: Call, answer: Answer) -> list[Json]:
    """The content blocks of an answer."""
    blocks: list[Json] = []
    if answer.thinking:
        signed = {"text": answer.thinking, "signature": "ZW11bGF0ZWQ="}
        blocks.append({"reasoningContent": {"reasoningText": signed}})
    if said := answer.text or answer.refusal:
        blocks.append({"text": said})
    blocks.extend(
        {
            "toolUse": {
                "toolUseId": call.id("tooluse_") + f"-{item.index}",
                "name": item.name,
                "input": json.loads(item.arguments),
            }
        }
        for item in answer.tool_calls
    )
    return blocks


def events(call: Call, answer: Answer) -> Iterator[tuple[str, Json, bool]]:
    """The events of a stream: name, payload, and whether it carries a piece of the answer."""
    yield "messageStart", {"role": "assistant"}, False
    for index, block in enumerate(content(call, answer)):
        if "toolUse" in block:
            started = {key: block["toolUse"][key] for key in ("toolUseId", "name")}
            yield "contentBlockStart", {"contentBlockIndex": index, "start": {"toolUse": started}}, False
        for delta in _deltas(block, answer):
            yield "contentBlockDelta", {"contentBlockIndex": index, "delta": delta}, True
        yield "contentBlockStop", {"contentBlockIndex": index}, False
    yield "messageStop", {"stopReason": _STOP[answer.finish]}, False
    yield "metadata", _metadata(call, answer), False


def _metadata(call: Call, answer: Answer) -> Json:
    found: Json = {"usage": usage(call, answer.tokens), "metrics": {"latencyMs": LATENCY_MS}}
    if answer.finish == "filter":
        found["trace"] = {"guardrail": {"actionReason": "Guardrail blocked."}}
    for name in ("performanceConfig", "serviceTier"):
        if name in call.body:
            found[name] = call.body[name]
    if call.scenario.service_tier:
        found["serviceTier"] = {"type": call.scenario.service_tier}
    return found


def _frames(call: Call, answer: Answer) -> Iterator[Frame]:
    for name, payload, is_content in events(call, answer):
        # Padding hides the length of a token from who watches the wire.
        yield event(name, {**payload, "p": "abcdefghijkl"}, content=is_content)


def _deltas(block: Json, answer: Answer) -> Iterator[Json]:
    if "text" in block:
        for piece in answer.pieces:
            yield {"text": piece}
    elif "reasoningContent" in block:
        signed = block["reasoningContent"]["reasoningText"]
        for piece in words(signed["text"]):
            yield {"reasoningContent": {"text": piece}}
        yield {"reasoningContent": {"signature": signed["signature"]}}
    else:
        for piece in words(json.dumps(block["toolUse"]["input"])):
            yield {"toolUse": {"input": piece}}


def _texts(blocks: list[JsonValue]) -> list[str]:
    return [block["text"] if "text" in block else json.dumps(block["json"]) for block in blocks if _said(block)]


def _said(block: JsonValue) -> bool:
    return "text" in block or "json" in block
