"""Ollama: chat, completions and embeddings, whole and as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from tests.emulator.answer import Answer, Tokens, compose, words
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.openai_embeddings import embed as vector
from tests.emulator.openai_prompt import chat_prompt
from tests.emulator.prompt import Prompt, text_of
from tests.emulator.provider_error import ErrorShape
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb, frame


CONTENT_TYPE: Final = "application/x-ndjson"
CREATED_AT: Final = "2026-11-01T12:00:00.000000Z"
_MS: Final = 1_000_000
_DIMENSIONS: Final = 32
_ERRORS: Final = {
    "error_400": "invalid options: temperature",
    "error_401": "unauthorized",
    "error_403": "this model requires a subscription",
    "error_404": "model 'no-such-model' not found",
    "error_408": "request timed out",
    "error_409": "model is being changed",
    "error_500": "llama runner process has terminated: exit status 2",
    "error_503": "server busy, please try again. maximum pending requests exceeded",
    "error_504": "timed out waiting for llama runner to start",
    "error_529": "server busy, please try again. maximum pending requests exceeded",
    "rate_limit": "too many concurrent requests",
    "quota": "you have reached your hourly usage limit, please upgrade to continue",
}


def chat(call: Call) -> Reply:
    """The answer to POST /api/chat."""
    answer = compose(call, _prompt(call.body))
    if _is_whole(call):
        return json_reply(_head(call) | {"message": _message(answer)} | _end(answer))
    return _stream(call, _chat_lines(call, answer))


def generate(call: Call) -> Reply:
    """The answer to POST /api/generate."""
    prompt = text_of(call.body.get("prompt")) + text_of(call.body.get("suffix"))
    answer = compose(call, Prompt(text=prompt, json_mode=call.body.get("format") == "json", characters=len(prompt)))
    if _is_whole(call):
        thinking = {"thinking": answer.thinking} if answer.thinking else {}
        return json_reply(_head(call) | {"response": _said(answer)} | thinking | _end(answer) | {"context": [1, 2, 3]})
    return _stream(call, _generate_lines(call, answer))


def embed(call: Call) -> Reply:
    """The answer to POST /api/embed."""
    given = call.body.get("input")
    texts = [str(text) for text in given] if isinstance(given, list) else [str(given)]
    size = int(call.body.get("dimensions") or _DIMENSIONS)
    counted = sum(max(1, -(-len(text) // 4)) for text in texts)
    return json_reply(
        {
            "model": call.model,
            "embeddings": [list(vector(text, size)) for text in texts],
            "total_duration": 14 * _MS,
            "load_duration": 1 * _MS,
            "prompt_eval_count": counted if call.scenario.input_tokens is None else call.scenario.input_tokens,
        }
    )


def embeddings(call: Call) -> Reply:
    """The answer to POST /api/embeddings, the endpoint before `/api/embed`."""
    return json_reply({"embedding": list(vector(str(call.body.get("prompt")), _DIMENSIONS))})


def _error(name: str, message: str | None = None, request_id: str = "") -> Json:
    return {"error": message or _ERRORS[name]}


OLLAMA_ERRORS: Final = ErrorShape(_error)


def _is_whole(call: Call) -> bool:
    """Whether the request says that it wants no stream: without a word it gets one."""
    return call.body.get("stream") is False


def _prompt(body: Json) -> Prompt:
    wanted = body.get("format")
    as_openai = {"type": "json_schema", "json_schema": {"schema": wanted}} if isinstance(wanted, dict) else None
    if wanted == "json":
        as_openai = {"type": "json_object"}
    return chat_prompt(body | {"response_format": as_openai})


def _head(call: Call) -> Json:
    return {"model": call.model, "created_at": CREATED_AT}


def _end(answer: Answer) -> Json:
    tokens: Tokens = answer.tokens
    return {
        "done": True,
        "done_reason": "length" if answer.finish == "length" else "stop",
        "total_duration": 250 * _MS,
        "load_duration": 30 * _MS,
        "prompt_eval_count": tokens.input,
        "prompt_eval_duration": 20 * _MS,
        "eval_count": tokens.output,
        "eval_duration": 200 * _MS,
    }


def _message(answer: Answer) -> Json:
    message: Json = {"role": "assistant", "content": _said(answer)}
    if answer.thinking:
        message["thinking"] = answer.thinking
    if answer.tool_calls:
        message["tool_calls"] = _calls(answer)
    return message


def _said(answer: Answer) -> str:
    return answer.refusal or answer.text


def _calls(answer: Answer) -> list[Json]:
    return [{"function": {"name": item.name, "arguments": json.loads(item.arguments)}} for item in answer.tool_calls]


def _chat_lines(call: Call, answer: Answer) -> Iterator[Frame]:
    head = _head(call)
    for piece in words(answer.thinking or ""):
        yield frame(
            head | {"message": {"role": "assistant", "content": "", "thinking": piece}, "done": False}, content=True
        )
    for item in _calls(answer):
        said = {"role": "assistant", "content": "", "tool_calls": [item]}
        yield frame(head | {"message": said, "done": False}, content=True)
    for piece in answer.pieces:
        yield frame(head | {"message": {"role": "assistant", "content": piece}, "done": False}, content=True)
    yield frame(head | {"message": {"role": "assistant", "content": ""}} | _end(answer))


def _generate_lines(call: Call, answer: Answer) -> Iterator[Frame]:
    head = _head(call)
    for piece in words(answer.thinking or ""):
        yield frame(head | {"response": "", "thinking": piece, "done": False}, content=True)
    for piece in answer.pieces:
        yield frame(head | {"response": piece, "done": False}, content=True)
    yield frame(head | {"response": ""} | _end(answer) | {"context": [1, 2, 3]})


def _stream(call: Call, frames: Iterable[Frame]) -> StreamReply:
    lines = (
        item if item.cut else replace(item, raw=f"{item.data}\n".encode())
        for item in disturb(frames, call.scenario, _failure)
    )
    return StreamReply(lines, CONTENT_TYPE)


def _failure(_sent: int) -> list[Frame]:
    return [frame(_error("error_500"))]
