"""OpenAI chat completions, whole and streamed."""

from __future__ import annotations

from collections.abc import Iterator

from tests.emulator.answer import Answer, Tokens, ToolCall, compose, words
from tests.emulator.call import CREATED_AT, Call
from tests.emulator.document import Json
from tests.emulator.openai_prompt import chat_prompt
from tests.emulator.provider_error import openai_error_body
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import DONE, Frame, disturb, frame


_FINISH = {"stop": "stop", "tool": "tool_calls", "length": "length", "refusal": "stop", "filter": "content_filter"}
_SAFE = {"hate": {"filtered": False, "severity": "safe"}, "violence": {"filtered": False, "severity": "safe"}}


def reply(call: Call) -> Reply:
    """The answer to POST /chat/completions."""
    answer = compose(call, chat_prompt(call.body))
    choices = max(1, int(call.body.get("n") or 1))
    if call.streams:
        return StreamReply(disturb(_frames(call, answer, choices), call.scenario, _failure))
    body = _head(call, "chat.completion") | {
        "choices": [_choice(call, answer, index) for index in range(choices)],
        "usage": call.billed(usage(answer.tokens, choices)),
    }
    if "deployment" in call.path:
        body["prompt_filter_results"] = [{"prompt_index": 0, "content_filter_results": _SAFE}]
    return json_reply(body)


def usage(tokens: Tokens, choices: int = 1) -> Json:
    """OpenAI's usage object; each further choice is billed its own output."""
    output = tokens.output * choices
    return {
        "prompt_tokens": tokens.input,
        "completion_tokens": output,
        "total_tokens": tokens.input + output,
        "prompt_tokens_details": {"cached_tokens": tokens.cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": tokens.reasoning * choices,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _head(call: Call, kind: str) -> Json:
    return {
        "id": call.id("chatcmpl-"),
        "object": kind,
        "created": CREATED_AT,
        "model": call.model,
        "service_tier": call.tier("default"),
        "system_fingerprint": "fp_emu0000001",
    }


def _choice(call: Call, answer: Answer, index: int) -> Json:
    message: Json = {
        "role": "assistant",
        "content": answer.text or None,
        "refusal": answer.refusal,
        "annotations": [],
    }
    if answer.tool_calls:
        message["tool_calls"] = [_tool_call(call, item, index) for item in answer.tool_calls]
    choice: Json = {"index": index, "message": message, "logprobs": None, "finish_reason": _FINISH[answer.finish]}
    return choice | ({"content_filter_results": _SAFE} if "deployment" in call.path else {})


def _tool_call(call: Call, item: ToolCall, choice: int, arguments: str | None = None) -> Json:
    return {
        "id": call.id("call_") + f"-{choice}{item.index}",
        "type": "function",
        "function": {"name": item.name, "arguments": item.arguments if arguments is None else arguments},
    }


def _frames(call: Call, answer: Answer, choices: int) -> Iterator[Frame]:
    counted = bool((call.body.get("stream_options") or {}).get("include_usage"))
    head = _head(call, "chat.completion.chunk") | ({"usage": None} if counted else {})
    if "deployment" in call.path:
        filtered = {"choices": [], "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": _SAFE}]}
        yield frame(head | filtered | {"id": "", "created": 0, "model": "", "object": ""})
    deltas = list(_deltas(call, answer))
    for position in range(len(deltas)):
        for index in range(choices):
            delta, finish = deltas[position]
            if answer.tool_calls and index:
                delta = _own_call_ids(delta, index)
            choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}
            yield frame(head | {"choices": [choice]}, content=0 < position < len(deltas) - 1)
    if counted:
        yield frame(head | {"choices": [], "usage": call.billed(usage(answer.tokens, choices))})
    yield DONE


def _deltas(call: Call, answer: Answer) -> Iterator[tuple[Json, str | None]]:
    """The deltas of one choice: the role, the content in pieces, the finish reason."""
    yield {"role": "assistant", "content": None if answer.tool_calls else "", "refusal": None}, None
    for item in answer.tool_calls:
        yield {"tool_calls": [{"index": item.index} | _tool_call(call, item, 0, "")]}, None
        for piece in words(item.arguments):
            yield {"tool_calls": [{"index": item.index, "function": {"arguments": piece}}]}, None
    for piece in answer.pieces:
        yield {"content": piece} if answer.refusal is None else {"refusal": piece}, None
    yield {}, _FINISH[answer.finish]


def _own_call_ids(delta: Json, choice: int) -> Json:
    calls = delta.get("tool_calls") or []
    if not calls or "id" not in calls[0]:
        return delta
    identifier, _, tail = calls[0]["id"].rpartition("-")
    return {"tool_calls": [calls[0] | {"id": f"{identifier}-{choice}{tail[1:]}"}]}


def _failure(_sent: int) -> list[Frame]:
    return [frame(openai_error_body("error_500"))]
