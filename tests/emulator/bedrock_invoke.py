"""Amazon Bedrock's InvokeModel: the dialect of each family of models, whole and as an event stream."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import unquote

from tests.emulator import anthropic_messages, openai_chat
from tests.emulator.answer import Answer, Tokens, compose, count_tokens
from tests.emulator.aws_event_stream import CONTENT_TYPE, event
from tests.emulator.bedrock_converse import LATENCY_MS, content, converse_prompt, events, failure, usage
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.prompt import Prompt
from tests.emulator.reply import JsonReply, Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb


DIMENSIONS = 8
_TITAN = {"stop": "FINISH", "length": "LENGTH", "filter": "CONTENT_FILTERED", "refusal": "CONTENT_FILTERED"}
_COHERE = {"stop": "COMPLETE", "length": "MAX_TOKENS", "filter": "ERROR_TOXIC", "refusal": "ERROR_TOXIC"}
_PLAIN = {"filter": "stop", "refusal": "stop"}
_METRICS = "amazon-bedrock-invocationMetrics"


def reply(call: Call) -> Reply:
    """The answer to POST /model/{model}/invoke."""
    return _whole(replace(call, body={**call.body, "model": unquote(call.path["model"])}))


def stream_reply(call: Call) -> Reply:
    """The answer to POST /model/{model}/invoke-with-response-stream."""
    call = replace(call, body={**call.body, "model": unquote(call.path["model"])})
    frames = disturb(_frames(call), call.scenario, failure)
    return StreamReply(frames, CONTENT_TYPE, {"x-amzn-bedrock-content-type": "application/json"})


def _whole(call: Call) -> Reply:
    body = call.body
    if "embed" in body["model"]:
        return _embeddings(call)
    if "anthropic_version" in body:
        answered = anthropic_messages.reply(call)
        assert isinstance(answered, JsonReply)
        return _counted(json.loads(answered.body), _tokens_of(json.loads(answered.body)["usage"]))
    if "messages" in body and "amazon." in body["model"]:
        answer = compose(call, converse_prompt(body))
        said = {"output": {"message": {"role": "assistant", "content": content(call, answer)}}}
        counts = _nova_usage(call, answer.tokens)
        return _counted({**said, "stopReason": "end_turn", "usage": counts}, answer.tokens)
    if "messages" in body:
        answered = openai_chat.reply(call)
        assert isinstance(answered, JsonReply)
        found = json.loads(answered.body)
        return _counted(found, Tokens(found["usage"]["prompt_tokens"], found["usage"]["completion_tokens"]))
    answer = compose(call, _prompt(body))
    return _counted(_text_shape(call)(answer, answer.text, True), answer.tokens)


def _counted(body: Json, tokens: Tokens) -> JsonReply:
    headers = {
        "x-amzn-bedrock-input-token-count": str(tokens.input),
        "x-amzn-bedrock-output-token-count": str(tokens.output),
        "x-amzn-bedrock-invocation-latency": str(LATENCY_MS),
    }
    return json_reply(body, headers=headers)


def _tokens_of(usage: Json) -> Tokens:
    return Tokens(usage["input_tokens"], usage["output_tokens"])


def _nova_usage(call: Call, tokens: Tokens) -> Json:
    found = usage(call, tokens)
    read, written = found.pop("cacheReadInputTokens"), found.pop("cacheWriteInputTokens")
    found.pop("cacheDetails", None)
    return {**found, "cacheReadInputTokenCount": read, "cacheWriteInputTokenCount": written}


def _embeddings(call: Call) -> Reply:
    body = call.body
    texts = body.get("texts") or [body.get("inputText") or ""]
    tokens = count_tokens(call, Prompt("", characters=sum(map(len, texts))), "")
    vectors = [[0.125] * (body.get("dimensions") or DIMENSIONS) for _ in texts]
    if "texts" in body:
        found: Json = {"id": call.id(""), "embeddings": vectors, "texts": texts, "response_type": "embeddings_floats"}
        return json_reply(found, headers={"x-amzn-bedrock-input-token-count": str(tokens.input)})
    return _counted({"embedding": vectors[0], "inputTextTokenCount": tokens.input}, replace(tokens, output=0))


def _prompt(body: Json) -> Prompt:
    said = body.get("inputText") or body.get("message") or body.get("prompt") or ""
    return Prompt(said, characters=len(said))


Shape = Callable[[Answer, str, bool], Json]
"""A body of an answer, a piece of its text, and whether it is the last."""


def _text_shape(call: Call) -> Shape:
    maker = next(name for name in ("amazon", "meta", "mistral", "cohere", "deepseek") if f"{name}." in call.model)
    if maker == "cohere" and "message" in call.body:
        return lambda answer, text, last: _command(call, answer, text)
    return {"amazon": _titan, "meta": _llama, "mistral": _mistral, "cohere": _cohere, "deepseek": _deepseek}[maker]


def _titan(answer: Answer, text: str, last: bool) -> Json:
    result = {"tokenCount": answer.tokens.output, "outputText": text, "completionReason": _TITAN[answer.finish]}
    return {"inputTextTokenCount": answer.tokens.input, "results": [result]}


def _llama(answer: Answer, text: str, last: bool) -> Json:
    return {
        "generation": text,
        "prompt_token_count": answer.tokens.input,
        "generation_token_count": answer.tokens.output,
        "stop_reason": _PLAIN.get(answer.finish, answer.finish) if last else None,
    }


def _mistral(answer: Answer, text: str, last: bool) -> Json:
    return {"outputs": [{"text": text, "stop_reason": _PLAIN.get(answer.finish, answer.finish) if last else None}]}


def _deepseek(answer: Answer, text: str, last: bool) -> Json:
    return {"choices": [{"text": text, "stop_reason": _PLAIN.get(answer.finish, answer.finish) if last else None}]}


def _cohere(answer: Answer, text: str, last: bool) -> Json:
    return {"generations": [{"id": "g", "text": text, "finish_reason": _COHERE[answer.finish]}], "prompt": ""}


def _command(call: Call, answer: Answer, text: str) -> Json:
    return {"response_id": call.id(""), "text": text, "finish_reason": _COHERE[answer.finish]}


def _frames(call: Call) -> Iterator[Frame]:
    chunks = list(_chunks(call))
    for index, (chunk, is_content) in enumerate(chunks):
        body = chunk if index + 1 < len(chunks) else {**chunk, **_metrics(call)}
        packed = base64.b64encode(json.dumps(body, separators=(",", ":")).encode()).decode()
        yield event("chunk", {"bytes": packed, "p": "abcdef"}, content=is_content)


def _metrics(call: Call) -> Json:
    tokens = compose(call, _any_prompt(call.body)).tokens
    counts = {"inputTokenCount": tokens.input, "outputTokenCount": tokens.output}
    return {_METRICS: {**counts, "invocationLatency": LATENCY_MS, "firstByteLatency": 40}}


def _any_prompt(body: Json) -> Prompt:
    if "messages" not in body:
        return _prompt(body)
    said = json.dumps(body["messages"])
    return Prompt(said, characters=len(said))


def _chunks(call: Call) -> Iterator[tuple[Json, bool]]:
    body = call.body
    if "anthropic_version" in body or ("messages" in body and "amazon." not in body["model"]):
        wire = anthropic_messages if "anthropic_version" in body else openai_chat
        streamed = wire.reply(
            replace(call, body={**body, "stream": True}, scenario=replace(call.scenario, name="text"))
        )
        assert isinstance(streamed, StreamReply)
        for frame in streamed.frames:
            if frame.data.startswith("{"):
                yield json.loads(frame.data), frame.content
    elif "messages" in body:
        for name, payload, is_content in events(call, compose(call, converse_prompt(body))):
            yield {name: payload}, is_content
    else:
        yield from _text_chunks(call)


def _text_chunks(call: Call) -> Iterator[tuple[Json, bool]]:
    answer = compose(call, _prompt(call.body))
    shape = _text_shape(call)
    for index, piece in enumerate(answer.pieces):
        last = index + 1 == len(answer.pieces)
        whole = shape(answer, piece, last)
        if "results" in whole:
            yield _titan_chunk(answer, piece, last), True
        elif "generations" in whole:
            reason = {"finish_reason": _COHERE[answer.finish]} if last else {}
            yield {"index": 0, "is_finished": last, "text": piece, **reason}, True
        elif "response_id" in whole:
            yield {"event_type": "text-generation", "is_finished": False, "text": piece}, True
        else:
            yield whole, True
    if "message" in call.body:
        ended_by = _COHERE[answer.finish]
        ended = {"response_id": call.id(""), "text": answer.text, "finish_reason": ended_by}
        yield {"event_type": "stream-end", "is_finished": True, "finish_reason": ended_by, "response": ended}, False


def _titan_chunk(answer: Answer, piece: str, last: bool) -> Json:
    return {
        "outputText": piece,
        "index": 0,
        "totalOutputTextTokenCount": answer.tokens.output if last else None,
        "completionReason": _TITAN[answer.finish] if last else None,
        "inputTextTokenCount": answer.tokens.input if last else None,
    }
