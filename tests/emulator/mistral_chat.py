"""Mistral chat, agents and completion in the middle, whole and streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.emulator.answer import Answer, Tokens, compose, words
from tests.emulator.call import CREATED_AT, Call
from tests.emulator.document import Json
from tests.emulator.mistral_error import mistral_error_body
from tests.emulator.openai_prompt import chat_prompt
from tests.emulator.prompt import Prompt
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import DONE, Frame, disturb, frame


AGENT_MODEL = "mistral-medium-latest"
"""The model behind every agent."""

_FINISH = {"stop": "stop", "tool": "tool_calls", "length": "length", "refusal": "stop", "filter": "error"}


def reply(call: Call) -> Reply:
    """The answer to POST /v1/chat/completions and /v1/agents/completions."""
    return _reply(call, compose(call, chat_prompt(call.body)))


def fim_reply(call: Call) -> Reply:
    """The answer to POST /v1/fim/completions, which has the shape of a chat's."""
    prompt = f"{call.body.get('prompt') or ''}{call.body.get('suffix') or ''}"
    return _reply(call, compose(call, Prompt(text=prompt, characters=len(prompt))))


def usage(call: Call, tokens: Tokens, choices: int = 1) -> Json:
    """Mistral's usage object."""
    output = tokens.output * choices
    found = {
        "prompt_tokens": tokens.input,
        "completion_tokens": output,
        "total_tokens": tokens.input + output,
        "prompt_tokens_details": {"cached_tokens": tokens.cached},
        "service_tier": call.tier("standard"),
    }
    return call.billed(found)


def _reply(call: Call, answer: Answer) -> Reply:
    choices = max(1, int(call.body.get("n") or 1))
    if call.streams:
        return StreamReply(disturb(_frames(call, answer), call.scenario, _failure))
    return json_reply(
        _head(call, "chat.completion")
        | {
            "choices": [_choice(call, answer, index) for index in range(choices)],
            "usage": usage(call, answer.tokens, choices),
        }
    )


def _head(call: Call, kind: str) -> Json:
    return {"id": call.id("cmpl-"), "object": kind, "created": CREATED_AT, "model": call.model or AGENT_MODEL}


def _choice(call: Call, answer: Answer, index: int) -> Json:
    said = answer.refusal or answer.text
    content = [_thinking(answer.thinking), {"type": "text", "text": said}] if answer.thinking else said
    message: Json = {"role": "assistant", "content": content, "tool_calls": _tool_calls(call, answer) or None}
    return {"index": index, "message": message, "finish_reason": _FINISH[answer.finish]}


def _thinking(text: str) -> Json:
    return {"type": "thinking", "thinking": [{"type": "text", "text": text}]}


def _tool_calls(call: Call, answer: Answer) -> list[Json]:
    return [
        {
            "id": f"emu{call.number:05d}{item.index}",
            "type": "function",
            "function": {"name": item.name, "arguments": item.arguments},
            "index": item.index,
        }
        for item in answer.tool_calls
    ]


def _frames(call: Call, answer: Answer) -> Iterator[Frame]:
    """The role first, the text in pieces, tool calls whole, and the usage with the end of the choice."""
    head = _head(call, "chat.completion.chunk")
    yield frame(head | {"choices": [_delta({"role": "assistant", "content": ""})]})
    for piece in words(answer.thinking or ""):
        yield frame(head | {"choices": [_delta({"content": [_thinking(piece)]})]}, content=True)
    for piece in answer.pieces:
        yield frame(head | {"choices": [_delta({"content": piece})]}, content=True)
    last: Json = {"content": ""}
    if answer.tool_calls:
        last["tool_calls"] = _tool_calls(call, answer)
    counted = {"usage": usage(call, answer.tokens)}
    yield frame(head | {"choices": [_delta(last, _FINISH[answer.finish])]} | counted, content=bool(answer.tool_calls))
    yield DONE


def _delta(delta: Json, finish: str | None = None) -> Json:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _failure(_sent: int) -> list[Frame]:
    return [Frame(json.dumps(mistral_error_body("error_500")))]
