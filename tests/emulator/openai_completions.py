"""OpenAI legacy completions, whole and streamed."""

from __future__ import annotations

from collections.abc import Iterator

from tests.emulator.answer import Answer, Tokens, compose
from tests.emulator.call import CREATED_AT, Call
from tests.emulator.document import Json
from tests.emulator.openai_chat import usage
from tests.emulator.openai_prompt import completion_prompts
from tests.emulator.provider_error import openai_error_body
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import DONE, Frame, disturb, frame


_FINISH = {"stop": "stop", "tool": "stop", "length": "length", "refusal": "content_filter", "filter": "content_filter"}


def reply(call: Call) -> Reply:
    """The answer to POST /completions: `n` choices for each prompt."""
    many = max(1, int(call.body.get("n") or 1))
    answers = [compose(call, prompt) for prompt in completion_prompts(call.body)]
    tokens = Tokens(
        input=sum(a.tokens.input for a in answers),
        output=sum(a.tokens.output for a in answers) * many,
        cached=sum(a.tokens.cached for a in answers),
        reasoning=sum(a.tokens.reasoning for a in answers) * many,
    )
    choices = [answer for answer in answers for _ in range(many)]
    if call.streams:
        return StreamReply(disturb(_frames(call, choices, tokens), call.scenario, _failure))
    written = [_choice(index, a.text or (a.refusal or ""), _FINISH[a.finish]) for index, a in enumerate(choices)]
    return json_reply(_head(call) | {"choices": written, "usage": call.billed(usage(tokens))})


def _head(call: Call) -> Json:
    return {"id": call.id("cmpl-"), "object": "text_completion", "created": CREATED_AT, "model": call.model}


def _choice(index: int, text: str, finish: str | None) -> Json:
    return {"text": text, "index": index, "logprobs": None, "finish_reason": finish}


def _frames(call: Call, choices: list[Answer], tokens: Tokens) -> Iterator[Frame]:
    counted = bool((call.body.get("stream_options") or {}).get("include_usage"))
    head = _head(call) | ({"usage": None} if counted else {})
    for index, answer in enumerate(choices):
        for piece in answer.pieces:
            yield frame(head | {"choices": [_choice(index, piece, None)]}, content=True)
        yield frame(head | {"choices": [_choice(index, "", _FINISH[answer.finish])]})
    if counted:
        yield frame(head | {"choices": [], "usage": call.billed(usage(tokens))})
    yield DONE


def _failure(_sent: int) -> list[Frame]:
    return [frame(openai_error_body("error_500"))]
