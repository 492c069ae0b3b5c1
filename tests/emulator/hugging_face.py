"""Hugging Face: text generation as its own server does it, whole and streamed, and feature extraction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tests.emulator import openai_chat
from tests.emulator.answer import Answer, compose
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.openai_embeddings import embed
from tests.emulator.prompt import Prompt, text_of
from tests.emulator.provider_error import ErrorShape
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb, frame


MODEL: Final = "meta-llama/Llama-3.1-8B-Instruct"
"""What the server of texts serves."""
_DIMENSIONS: Final = 32
_FINISH: Final = {"length": "length", "stop": "eos_token"}
_ERRORS: Final = {
    "error_400": ("validation", "Input validation error: `temperature` must be strictly positive"),
    "error_401": (None, "Invalid username or password."),
    "error_403": (None, "This authentication method does not have sufficient permissions."),
    "error_404": (None, "Model no-such-model does not exist"),
    "error_408": (None, "Request Timeout"),
    "error_409": (None, "Conflict"),
    "error_500": ("generation", "Request failed during generation: Server error: CANCELLED"),
    "error_503": (None, "Service Unavailable"),
    "error_504": (None, "Gateway Timeout"),
    "error_529": ("overloaded", "Model is overloaded"),
    "rate_limit": ("overloaded", "Model is overloaded"),
    "quota": (None, "You have exceeded your monthly included credits for Inference Providers."),
}


def generate(call: Call) -> Reply:
    """The answer to a POST to an endpoint: a list of one. To `/generate`, which has no field for it, an object."""
    given: Json = call.body.get("parameters") or {}
    prompt = text_of(call.body.get("inputs"))
    answer = compose(call, Prompt(text=prompt, characters=len(prompt)))
    counted = given.get("details") is True
    if call.streams:
        return StreamReply(disturb(_frames(answer, counted=counted), call.scenario, _failure))
    details = {"details": _details(answer) | {"prefill": [], "tokens": []}} if counted else {}
    body: Json = {"generated_text": answer.text} | details
    headers = {"x-prompt-tokens": str(answer.tokens.input), "x-generated-tokens": str(answer.tokens.output)}
    reply = json_reply(body, headers=headers)
    return reply if "bare" in call.path else json_list(reply, headers)


def chat(call: Call) -> Reply:
    """The answer to POST /v1/chat/completions: as OpenAI's, by the one model there is where none is named."""
    named = call.body.get("model") not in (None, "dummy", "tgi")
    return openai_chat.reply(call if named else replace(call, body=call.body | {"model": MODEL}))


def json_list(reply: Reply, headers: dict[str, str]) -> Reply:
    """`reply` in a list."""
    return type(reply)(b"[" + reply.body + b"]", 200, headers)  # type: ignore[union-attr, arg-type]


def extract(call: Call) -> Reply:
    """The answer to feature extraction: a vector for each text."""
    given = call.body["inputs"]
    texts = [text_of(text) for text in given] if isinstance(given, list) else [text_of(given)]
    vectors = [list(embed(text, _DIMENSIONS)) for text in texts]
    reply = json_reply({"vectors": vectors})
    return type(reply)(reply.body[len(b'{"vectors": ') : -1])


def _error(name: str, message: str | None = None, request_id: str = "") -> Json:
    kind, said = _ERRORS[name]
    return {"error": message or said} | ({"error_type": kind} if kind else {})


HUGGING_FACE_ERRORS: Final = ErrorShape(_error)


def _details(answer: Answer) -> Json:
    return {
        "finish_reason": _FINISH.get(answer.finish, "eos_token"),
        "generated_tokens": answer.tokens.output,
        "seed": None,
    }


def _frames(answer: Answer, *, counted: bool) -> Iterator[Frame]:
    """A token an event; the last is special, and has the text as a whole."""
    for index, piece in enumerate(answer.pieces, 1):
        yield frame(_token(index, piece) | {"generated_text": None, "details": None}, content=True)
    end = _details(answer) | {"input_length": answer.tokens.input} if counted else None
    last = _token(len(answer.pieces) + 1, "</s>", special=True)
    yield frame(last | {"generated_text": answer.text, "details": end})


def _token(index: int, text: str, *, special: bool = False) -> Json:
    return {"index": index, "token": {"id": index, "text": text, "logprob": -0.1, "special": special}}


def _failure(_sent: int) -> list[Frame]:
    return [frame(_error("error_500"))]
