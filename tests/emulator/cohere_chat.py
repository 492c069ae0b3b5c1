"""Cohere chat, version 2, whole and streamed."""

from __future__ import annotations

from collections.abc import Iterator

from tests.emulator.answer import Answer, Tokens, compose, words
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.openai_prompt import chat_prompt
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import DONE, Frame, disturb, frame


FINISH = {"stop": "COMPLETE", "tool": "TOOL_CALL", "length": "MAX_TOKENS", "refusal": "COMPLETE", "filter": "ERROR"}
_PREAMBLE_TOKENS = 60
"""Tokens that Cohere adds to each prompt: they are counted and not billed."""

_PLAN = "I will look that up."


def reply(call: Call) -> Reply:
    """The answer to POST /v2/chat."""
    answer = compose(call, chat_prompt(call.body))
    if call.streams:
        return StreamReply(disturb(_frames(call, answer), call.scenario, lambda _sent: _failure(call, answer)))
    message = {"role": "assistant"} | _content(answer) | _tools(call, answer)
    body = {"id": call.id("chat-"), "finish_reason": FINISH[answer.finish], "message": message}
    return json_reply(body | {"usage": _usage(call, answer.tokens)})


def counted(tokens: Tokens) -> Json:
    """What was used and what of it is billed."""
    return {
        "billed_units": {"input_tokens": tokens.input, "output_tokens": tokens.output},
        "tokens": {"input_tokens": tokens.input + _PREAMBLE_TOKENS, "output_tokens": tokens.output},
        "cached_tokens": tokens.cached,
    }


def _usage(call: Call, tokens: Tokens) -> Json:
    return call.billed(counted(tokens))


def _content(answer: Answer) -> Json:
    blocks: list[Json] = []
    if answer.thinking:
        blocks.append({"type": "thinking", "thinking": answer.thinking})
    if said := answer.refusal or answer.text:
        blocks.append({"type": "text", "text": said})
    return {"content": blocks} if blocks else {}


def _tools(call: Call, answer: Answer) -> Json:
    if not answer.tool_calls:
        return {}
    calls = [
        {
            "id": f"{item.name}_{call.id('')}{item.index}",
            "type": "function",
            "function": {"name": item.name, "arguments": item.arguments},
        }
        for item in answer.tool_calls
    ]
    return {"tool_plan": _PLAN, "tool_calls": calls}


def _frames(call: Call, answer: Answer) -> Iterator[Frame]:
    empty = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    yield _event("message-start", id=call.id("chat-"), delta={"message": empty})
    for index, (kind, pieces) in enumerate(_blocks(answer)):
        yield _event("content-start", index=index, delta={"message": {"content": {"type": kind, kind: ""}}})
        for piece in pieces:
            yield _event("content-delta", is_content=True, index=index, delta={"message": {"content": {kind: piece}}})
        yield _event("content-end", index=index)
    yield from _tool_frames(_tools(call, answer))
    yield _event("message-end", delta={"finish_reason": FINISH[answer.finish], "usage": _usage(call, answer.tokens)})
    yield DONE


def _blocks(answer: Answer) -> Iterator[tuple[str, tuple[str, ...]]]:
    if answer.thinking:
        yield "thinking", words(answer.thinking)
    if answer.pieces:
        yield "text", answer.pieces


def _tool_frames(tools: Json) -> Iterator[Frame]:
    for piece in words(tools.get("tool_plan", "")):
        yield _event("tool-plan-delta", is_content=True, delta={"message": {"tool_plan": piece}})
    for index, item in enumerate(tools.get("tool_calls", [])):
        begun = item | {"function": {"name": item["function"]["name"], "arguments": ""}}
        yield _event("tool-call-start", index=index, delta={"message": {"tool_calls": begun}})
        for piece in words(item["function"]["arguments"]):
            delta = {"message": {"tool_calls": {"function": {"arguments": piece}}}}
            yield _event("tool-call-delta", is_content=True, index=index, delta=delta)
        yield _event("tool-call-end", index=index)


def _failure(call: Call, answer: Answer) -> list[Frame]:
    usage = _usage(call, answer.tokens)
    ended = {"finish_reason": "ERROR", "error": "stream was interrupted", "usage": usage}
    return [_event("message-end", delta=ended), DONE]


def _event(kind: str, *, is_content: bool = False, **fields: object) -> Frame:
    return frame({"type": kind} | fields, event=kind, content=is_content)
