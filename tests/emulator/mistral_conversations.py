"""Mistral conversations: entries in, entries out, whole and streamed."""

from __future__ import annotations

from collections.abc import Iterator

from tests.emulator.answer import Answer, compose
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.mistral_chat import AGENT_MODEL, usage
from tests.emulator.openai_prompt import chat_prompt
from tests.emulator.prompt import Prompt
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb, frame


_CREATED_AT = "2026-01-31T12:00:00.000000Z"
_CONNECTORS = ("web_search", "web_search_premium", "code_interpreter", "image_generation", "document_library")
_CONNECTOR_TOKENS = 100


def reply(call: Call) -> Reply:
    """The answer to a new entry in a new, an old or a restarted conversation."""
    answer = compose(call, _prompt(call.body))
    if call.streams:
        return StreamReply(disturb(_frames(call, answer), call.scenario, _failure))
    body = {"object": "conversation.response", "conversation_id": _id(call), "outputs": _entries(call, answer)}
    return json_reply(body | {"usage": _usage(call, answer)})


def _prompt(body: Json) -> Prompt:
    """The prompt of a chat with the same entries."""
    given = body.get("inputs")
    entries: list[Json] = given if isinstance(given, list) else [{"role": "user", "content": given or ""}]
    messages = [
        {"role": "tool", "content": entry.get("result")} if entry.get("type") == "function.result" else entry
        for entry in entries
    ]
    return chat_prompt({"messages": messages, "tools": body.get("tools")})


def _id(call: Call) -> str:
    return call.path.get("conversation") or call.id("conv_")


def _connectors(call: Call) -> list[str]:
    """What the provider ran of its own tools: each that was offered, once."""
    return [tool["type"] for tool in call.body.get("tools") or [] if tool.get("type") in _CONNECTORS]


def _usage(call: Call, answer: Answer) -> Json:
    counted = usage(call, answer.tokens)
    ran = _connectors(call)
    found: Json = {name: counted[name] for name in ("prompt_tokens", "completion_tokens", "total_tokens")}
    if ran:
        found |= {"connector_tokens": _CONNECTOR_TOKENS, "connectors": dict.fromkeys(ran, 1)}
        found["total_tokens"] += _CONNECTOR_TOKENS
    return call.billed(found)


def _entry(call: Call, kind: str, prefix: str, index: int) -> Json:
    made = {"object": "entry", "type": kind, "created_at": _CREATED_AT, "completed_at": _CREATED_AT}
    agent = call.body.get("agent_id")
    return made | {"id": f"{call.id(prefix)}-{index}", "agent_id": agent, "model": call.model or AGENT_MODEL}


def _entries(call: Call, answer: Answer) -> list[Json]:
    found: list[Json] = [
        _entry(call, "tool.execution", "tool_exec_", index) | {"name": name, "arguments": "{}", "info": {}}
        for index, name in enumerate(_connectors(call))
    ]
    for item in answer.tool_calls:
        called = {"tool_call_id": f"emu{call.number:05d}{item.index}", "name": item.name, "arguments": item.arguments}
        found.append(_entry(call, "function.call", "fc_", item.index) | called)
    if not answer.tool_calls:
        said = {"role": "assistant", "content": answer.refusal or answer.text}
        found.append(_entry(call, "message.output", "msg_", 0) | said)
    return found


def _frames(call: Call, answer: Answer) -> Iterator[Frame]:
    yield _event("conversation.response.started", conversation_id=_id(call))
    for index, entry in enumerate(_entries(call, answer)):
        known = {key: entry[key] for key in ("id", "model", "agent_id")} | {"output_index": index}
        if entry["type"] == "tool.execution":
            ran = {"id": entry["id"], "name": entry["name"], "output_index": index}
            yield _event("tool.execution.started", **ran, arguments="{}")
            yield _event("tool.execution.done", **ran, info={})
        elif entry["type"] == "function.call":
            named = {"name": entry["name"], "tool_call_id": entry["tool_call_id"]}
            yield _event("function.call.delta", is_content=True, **known, **named, arguments=entry["arguments"])
        else:
            for piece in answer.pieces:
                said = {"content_index": 0, "role": "assistant"}
                yield _event("message.output.delta", is_content=True, **known, **said, content=piece)
    yield _event("conversation.response.done", usage=_usage(call, answer))


def _failure(_sent: int) -> list[Frame]:
    return [_event("conversation.response.error", message="Service unavailable.", code=3700)]


def _event(kind: str, *, is_content: bool = False, **fields: object) -> Frame:
    return frame({"type": kind, "created_at": _CREATED_AT} | fields, event=kind, content=is_content)
