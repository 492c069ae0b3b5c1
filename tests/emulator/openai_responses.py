"""The OpenAI responses API, whole and streamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.emulator.answer import Answer, compose, words
from tests.emulator.call import CREATED_AT, Call
from tests.emulator.document import Json
from tests.emulator.openai_prompt import responses_prompt
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb, frame


_SERVER_ERROR = {"code": "server_error", "message": "The server had an error while processing your request."}
_INCOMPLETE = {"length": "max_output_tokens", "filter": "content_filter"}
_ECHOED: Json = {
    "instructions": None,
    "max_output_tokens": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "reasoning": {"effort": None, "summary": None},
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
}


def reply(call: Call) -> Reply:
    """The answer to POST /responses."""
    answer = compose(call, responses_prompt(call.body))
    if call.streams:
        return StreamReply(_ResponseStream(call, answer).frames())
    if call.body.get("background") is True:
        return json_reply(_response(call, "queued"))
    return json_reply(_finished(call, answer))


def fetch_reply(call: Call) -> Reply:
    """The answer to GET /responses/{id}: every id was made in the background, and is finished.

    `kind=stored` is one that was made in the foreground, any other `kind` a status that is none of the end.
    """
    kind = call.scenario.kind
    made = {"model": "gpt-4.1-mini", "input": "Where is my parcel?", "background": kind != "stored"}
    stored = replace(call, body=made)
    answer = compose(stored, responses_prompt(made))
    if call.query.get("stream") == "true":
        after = int(call.query.get("starting_after") or -1)
        return StreamReply(_ResponseStream(stored, answer).frames(after))
    body = _finished(stored, answer) if kind in (None, "stored") else _response(stored, kind)
    return json_reply(body | {"id": call.path["id"]})


def cancel_reply(call: Call) -> Reply:
    """The answer to POST /responses/{id}/cancel."""
    return json_reply(_response(call, "cancelled") | {"id": call.path["id"]})


def _finished(call: Call, answer: Answer) -> Json:
    reason = _INCOMPLETE.get(answer.finish)
    tokens = answer.tokens
    return _response(call, "incomplete" if reason else "completed") | {
        "incomplete_details": {"reason": reason} if reason else None,
        "output": _output(call, answer),
        "usage": call.billed(
            {
                "input_tokens": tokens.input,
                "input_tokens_details": {"cached_tokens": tokens.cached, "cache_write_tokens": 0},
                "output_tokens": tokens.output,
                "output_tokens_details": {"reasoning_tokens": tokens.reasoning},
                "total_tokens": tokens.input + tokens.output,
            }
        ),
    }


def _response(call: Call, status: str) -> Json:
    """A response object without output: the settings that were asked for, and the defaults of the others."""
    return {
        "id": call.id("resp_"),
        "object": "response",
        "created_at": CREATED_AT,
        "status": status,
        "background": call.body.get("background") is True,
        "error": None,
        "incomplete_details": None,
        "model": call.model,
        "output": [],
        "service_tier": call.tier("default"),
        "usage": None,
    } | {name: call.body.get(name, default) for name, default in _ECHOED.items()}


def _output(call: Call, answer: Answer) -> list[Json]:
    items: list[Json] = []
    if call.thinks or answer.thinking:
        summary = [{"type": "summary_text", "text": answer.thinking}] if answer.thinking else []
        items.append({"id": call.id("rs_"), "type": "reasoning", "summary": summary})
    items.extend(
        {
            "id": call.id("fc_") + f"-{item.index}",
            "type": "function_call",
            "status": "completed",
            "arguments": item.arguments,
            "call_id": call.id("call_") + f"-{item.index}",
            "name": item.name,
        }
        for item in answer.tool_calls
    )
    if not answer.tool_calls:
        said: Json = {"type": "output_text", "annotations": [], "logprobs": [], "text": answer.text}
        part = said if answer.refusal is None else {"type": "refusal", "refusal": answer.refusal}
        status = "incomplete" if answer.finish in _INCOMPLETE else "completed"
        items.append(
            {"id": call.id("msg_"), "type": "message", "status": status, "role": "assistant", "content": [part]}
        )
    return items


class _ResponseStream:
    """The events of one streamed response, numbered as they are sent."""

    def __init__(self, call: Call, answer: Answer) -> None:
        self._call = call
        self._answer = answer

    def frames(self, after: int = -1) -> Iterator[Frame]:
        """Every event behind number `after` to the last, with faults where the scenario asks for them."""
        numbered = (
            frame({"type": kind, "sequence_number": number} | fields, event=kind, content=kind.endswith(".delta"))
            for number, (kind, fields) in enumerate(self._events())
            if number > after
        )
        return disturb(numbered, self._call.scenario, self._failure)

    def _events(self) -> Iterator[tuple[str, Json]]:
        started = _response(self._call, "in_progress")
        yield "response.created", {"response": started}
        yield "response.in_progress", {"response": started}
        finished = _finished(self._call, self._answer)
        for index, item in enumerate(finished["output"]):
            yield from self._item(index, item)
        yield f"response.{finished['status']}", {"response": finished}

    def _item(self, index: int, item: Json) -> Iterator[tuple[str, Json]]:
        if item["type"] == "reasoning":
            empty, inside = item | {"summary": []}, self._reasoning(index, item)
        elif item["type"] == "function_call":
            empty, inside = item | {"status": "in_progress", "arguments": ""}, self._arguments(index, item)
        else:
            empty, inside = item | {"status": "in_progress", "content": []}, self._content(index, item)
        yield "response.output_item.added", {"output_index": index, "item": empty}
        yield from inside
        yield "response.output_item.done", {"output_index": index, "item": item}

    def _reasoning(self, index: int, item: Json) -> Iterator[tuple[str, Json]]:
        for number, part in enumerate(item["summary"]):
            where = {"item_id": item["id"], "output_index": index, "summary_index": number}
            yield "response.reasoning_summary_part.added", where | {"part": part | {"text": ""}}
            for piece in words(part["text"]):
                yield "response.reasoning_summary_text.delta", where | {"delta": piece}
            yield "response.reasoning_summary_text.done", where | {"text": part["text"]}
            yield "response.reasoning_summary_part.done", where | {"part": part}

    def _arguments(self, index: int, item: Json) -> Iterator[tuple[str, Json]]:
        where = {"item_id": item["id"], "output_index": index}
        for piece in words(item["arguments"]):
            yield "response.function_call_arguments.delta", where | {"delta": piece}
        yield (
            "response.function_call_arguments.done",
            where | {"name": item["name"], "arguments": item["arguments"]},
        )

    def _content(self, index: int, item: Json) -> Iterator[tuple[str, Json]]:
        part: Json = item["content"][0]
        where = {"item_id": item["id"], "output_index": index, "content_index": 0}
        refused = part["type"] == "refusal"
        field = "refusal" if refused else "text"
        extra: Json = {} if refused else {"logprobs": []}
        yield "response.content_part.added", where | {"part": part | {field: ""}}
        for piece in self._answer.pieces:
            yield f"response.{part['type']}.delta", where | {"delta": piece} | extra
        yield f"response.{part['type']}.done", where | {field: part[field]} | extra
        yield "response.content_part.done", where | {"part": part}

    def _failure(self, sent: int) -> list[Frame]:
        if self._call.scenario.kind == "error":
            body = {"type": "error", "sequence_number": sent, "param": None} | _SERVER_ERROR
            return [frame(body, event="error")]
        failed = _response(self._call, "failed") | {"error": _SERVER_ERROR}
        body = {"type": "response.failed", "sequence_number": sent, "response": failed}
        return [frame(body, event="response.failed")]
