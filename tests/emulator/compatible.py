"""OpenAI's wire as Groq, Cerebras, Together and Writer serve it: where the usage stands, and what stands beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.prompt import text_of
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, frame


Mark: TypeAlias = Callable[[Json], Json]
"""What a provider makes of OpenAI's whole body, or of the chunk that a stream ends with and that has the usage."""

_TIMES: Json = {"queue_time": 0.018, "prompt_time": 0.002, "completion_time": 0.04, "total_time": 0.06}


def groq(body: Json) -> Json:
    """Groq: times in the usage; in a stream all of it is in an object of Groq's own."""
    usage = body["usage"] | _TIMES
    request_id = {"id": "req_emu"}
    if body["object"].endswith(".chunk"):
        return {key: value for key, value in body.items() if key != "usage"} | {"x_groq": request_id | {"usage": usage}}
    return body | {"usage": usage, "x_groq": request_id}


def cerebras(body: Json) -> Json:
    """Cerebras: times beside the usage."""
    return body | {"time_info": _TIMES | {"created": 1_760_000_000.5}}


def together(body: Json) -> Json:
    """Together: its own word for the end, no details of the usage, no fingerprint."""
    usage = {key: body["usage"][key] for key in ("prompt_tokens", "completion_tokens", "total_tokens")}
    choices = [
        choice | {"finish_reason": "eos" if choice["finish_reason"] == "stop" else choice["finish_reason"], "seed": 7}
        for choice in body["choices"]
    ]
    return body | {"usage": usage, "choices": choices, "prompt": []}


def writer(body: Json) -> Json:
    """Writer: a name of its own for the details of the prompt, and what its own tools found."""
    found = body.get("usage") and dict(body["usage"])
    if found:
        found["prompt_token_details"] = found.pop("prompt_tokens_details")
    key = "delta" if body["object"].endswith(".chunk") else "message"
    graph = {"sources": [{"file_id": "f-1", "snippet": "30 days"}], "status": "finished", "subqueries": []}
    choices = [choice | {key: choice[key] | {"graph_data": graph}} for choice in body["choices"]]
    return body | {"usage": found, "choices": choices}


def served(reply: Callable[[Call], Reply], mark: Mark, *, unasked: bool = True) -> Callable[[Call], Reply]:
    """`reply` of OpenAI as another provider gives it.

    Args:
        reply: to chat or completions.
        mark: of the provider.
        unasked: whether a stream has its usage though nobody asked for it.
    """

    def answer(call: Call) -> Reply:
        if call.streams and unasked:
            call = replace(call, body=call.body | {"stream_options": {"include_usage": True}})
        given = reply(call)
        if isinstance(given, StreamReply):
            return replace(given, frames=_marked(given.frames, mark, always=not unasked))
        return json_reply(mark(json.loads(given.body)))

    return answer


def writer_completion(reply: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """`reply` of OpenAI to a completion as Writer gives it: texts, and no word of usage or of the end."""

    def answer(call: Call) -> Reply:
        given = reply(call)
        if isinstance(given, StreamReply):
            return replace(given, frames=_values(given.frames))
        body = json.loads(given.body)
        choices = [{"text": choice["text"], "log_probs": None} for choice in body["choices"]]
        return json_reply({"choices": choices, "model": body["model"]})

    return answer


def _marked(frames: Iterable[Frame], mark: Mark, *, always: bool) -> Iterator[Frame]:
    """The frames, the one that only has the usage folded into the one before it.

    Args:
        frames: OpenAI's.
        mark: of the provider.
        always: whether the frame before it is the provider's own where there is no usage, too.
    """
    last: Json | None = None
    for item in frames:
        chunk = _chunk(item)
        if chunk is not None and chunk.get("choices") == [] and chunk.get("usage") and last is not None:
            yield frame(mark(last | {"usage": chunk["usage"]}))
            last = None
            continue
        if last is not None:
            yield frame(mark(last) if always else last)
            last = None
        if chunk is None:
            yield item
        elif any(choice.get("finish_reason") for choice in chunk.get("choices") or []):
            last = chunk
        else:
            yield replace(item, data=frame({k: v for k, v in chunk.items() if k != "usage"}).data)
    if last is not None:
        yield frame(last)


def _values(frames: Iterable[Frame]) -> Iterator[Frame]:
    for item in frames:
        chunk = _chunk(item)
        texts = [choice["text"] for choice in (chunk or {}).get("choices") or []]
        if chunk is None or "error" in chunk:
            yield item
        elif texts and texts[0]:
            yield replace(item, data=frame({"value": texts[0]}).data)


def _chunk(item: Frame) -> Json | None:
    """A frame's JSON; `None` where it is none or was broken."""
    try:
        found = json.loads(item.data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def rerank(call: Call) -> Reply:
    """The answer to POST /rerank of Together: the documents with most words of the query first."""
    asked = set(str(call.body["query"]).lower().split())
    documents = [text_of(document) for document in call.body["documents"]]
    scores = {index: len(asked & set(text.lower().split())) / len(asked) for index, text in enumerate(documents)}
    ranked = sorted(scores, key=lambda index: -scores[index])[: int(call.body.get("top_n") or len(documents))]
    tokens = sum(max(1, -(-len(text) // 4)) for text in documents)
    return json_reply(
        {
            "id": call.id("rerank-"),
            "object": "rerank",
            "model": call.model,
            "results": [
                {"index": index, "relevance_score": scores[index], "document": {"text": documents[index]}}
                for index in ranked
            ],
            "usage": {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens},
        }
    )
