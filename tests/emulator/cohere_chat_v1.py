"""Cohere chat and generation, version 1: whole, or as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.emulator.answer import Answer, compose
from tests.emulator.call import Call
from tests.emulator.cohere_chat import FINISH, counted
from tests.emulator.document import Json
from tests.emulator.openai_prompt import chat_prompt
from tests.emulator.prompt import Prompt
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb


LINES = "application/stream+json"
_VERSION = {"api_version": {"version": "1"}}


def reply(call: Call) -> Reply:
    """The answer to POST /v1/chat."""
    answer = compose(call, _prompt(call.body))
    if call.streams:
        return _stream(call, answer, _chat(call, answer))
    return json_reply(_chat(call, answer))


def generate_reply(call: Call) -> Reply:
    """The answer to POST /v1/generate."""
    prompt = str(call.body.get("prompt") or "")
    answer = compose(call, Prompt(text=prompt, characters=len(prompt)))
    if call.streams:
        return _stream(call, answer, _generation(call, answer))
    return json_reply(_generation(call, answer))


def _prompt(body: Json) -> Prompt:
    """The prompt of a chat with the same messages and tools."""
    messages = [*(body.get("chat_history") or []), {"role": "user", "content": body.get("message")}]
    if results := body.get("tool_results"):
        messages.append({"role": "tool", "content": json.dumps(results)})
    tools = [{"name": tool["name"], "parameters": _schema(tool)} for tool in body.get("tools") or []]
    wanted: Json = body.get("response_format") or {}
    return chat_prompt({"messages": messages, "tools": tools, "response_format": wanted})


def _schema(tool: Json) -> Json:
    described: Json = tool.get("parameter_definitions") or {}
    return {"type": "object", "properties": {name: {"type": "string"} for name in described}}


def _meta(call: Call, answer: Answer) -> Json:
    return call.billed(_VERSION | counted(answer.tokens))


def _chat(call: Call, answer: Answer) -> Json:
    body: Json = {
        "response_id": call.id("resp-"),
        "generation_id": call.id("gen-"),
        "text": answer.refusal or answer.text,
        "chat_history": [{"role": "USER", "message": call.body.get("message")}],
        "finish_reason": {"tool": "COMPLETE"}.get(answer.finish, FINISH[answer.finish]),
        "meta": _meta(call, answer),
    }
    if answer.tool_calls:
        body["tool_calls"] = [
            {"name": item.name, "parameters": json.loads(item.arguments)} for item in answer.tool_calls
        ]
    return body


def _generation(call: Call, answer: Answer) -> Json:
    made = {"id": call.id("gen-"), "text": answer.text, "finish_reason": FINISH[answer.finish]}
    head = {"id": call.id("resp-"), "prompt": call.body.get("prompt")}
    return head | {"generations": [made], "meta": _meta(call, answer)}


def _stream(call: Call, answer: Answer, whole: Json) -> Reply:
    def failure(_sent: int) -> list[Frame]:
        return [_line("stream-end", is_finished=True, finish_reason="ERROR", response=whole)]

    return StreamReply(disturb(_frames(call, answer, whole), call.scenario, failure), LINES)


def _frames(call: Call, answer: Answer, whole: Json) -> Iterator[Frame]:
    yield _line("stream-start", generation_id=call.id("gen-"))
    for piece in answer.pieces:
        yield _line("text-generation", is_content=True, text=piece)
    if "tool_calls" in whole:
        yield _line("tool-calls-generation", is_content=True, tool_calls=whole["tool_calls"])
    yield _line("stream-end", is_finished=True, finish_reason=FINISH[answer.finish], response=whole)


def _line(kind: str, *, is_content: bool = False, is_finished: bool = False, **fields: object) -> Frame:
    data = json.dumps({"is_finished": is_finished, "event_type": kind} | fields, ensure_ascii=False)
    return Frame(data, content=is_content, raw=f"{data}\n".encode())
