"""Gemini's interactions: models and agents asked in steps, whole, streamed, and made in the background."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from tests.emulator.answer import Answer, compose, words
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.gemini_interaction_prompt import interaction_prompt
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import DONE, Frame, disturb, frame


_CREATED = "2026-01-31T12:00:00Z"
_STATUS = {"stop": "completed", "tool": "requires_action", "length": "incomplete", "filter": "incomplete"}
_TIMEOUT = {"code": "gateway_timeout", "message": "Deadline expired before operation could complete."}
_FAILED = {"code": "internal", "message": "The interaction failed."}
_SIGNATURE = "c2lnbmF0dXJl"
_QUERIES = ("opening hours", "delivery times")


def reply(call: Call) -> Reply:
    """The answer to POST /interactions."""
    answer = compose(call, interaction_prompt(call.body))
    if call.streams:
        return StreamReply(_frames(call, answer))
    if call.body.get("background") is True:
        # What is at work is told with zeros.
        return json_reply(_interaction(call, "in_progress") | {"usage": {"total_tokens": 0}})
    if call.scenario.kind == "failed":
        return json_reply(_interaction(call, "failed") | {"errors": [_FAILED]})
    if call.scenario.kind == "continued" and "continuation_token" not in call.body:
        return json_reply(_finished(call, answer) | {"status": "requires_continuation", "continuation_token": "more"})
    return json_reply(_finished(call, answer))


def fetch_reply(call: Call) -> Reply:
    """The answer to GET /interactions/{id}: every id is there and finished; `kind` gives it another status."""
    made = {"model": "gemini-3.5-flash", "input": "Where is my parcel?"}
    stored = replace(call, body=made)
    answer = compose(stored, interaction_prompt(made))
    if call.query.get("stream") == "true":
        return StreamReply(_frames(stored, answer, after=call.query.get("last_event_id") or ""))
    kind = call.scenario.kind
    body = _interaction(stored, kind) | {"usage": {"total_tokens": 0}} if kind else _finished(stored, answer)
    return json_reply(body | {"id": call.path["id"]})


def cancel_reply(call: Call) -> Reply:
    """The answer to POST /interactions/{id}/cancel."""
    return json_reply(_interaction(call, "cancelled") | {"id": call.path["id"]})


def delete_reply(call: Call) -> Reply:
    """The answer to DELETE /interactions/{id}."""
    del call
    return json_reply({})


def _interaction(call: Call, status: str) -> Json:
    """An interaction without steps."""
    who = {name: call.body[name] for name in ("agent", "model", "previous_interaction_id") if name in call.body}
    found: Json = {"id": call.path.get("id") or call.id("v1_"), "object": "interaction", "status": status}
    return found | {"created": _CREATED, "updated": _CREATED, "service_tier": call.tier("standard")} | who


def _finished(call: Call, answer: Answer) -> Json:
    return _interaction(call, _status(answer)) | {"steps": _steps(call, answer), "usage": _usage(call, answer)}


def _status(answer: Answer) -> str:
    return _STATUS.get(answer.finish, "completed")


def _usage(call: Call, answer: Answer) -> Json:
    """Thoughts and what tools read stand beside the answer and the prompt, cached tokens inside it."""
    tokens = answer.tokens
    answered = tokens.output - tokens.reasoning
    found: Json = {
        "total_tokens": tokens.input + tokens.output,
        "total_input_tokens": tokens.input,
        "input_tokens_by_modality": [{"modality": "text", "tokens": tokens.input}],
        "total_cached_tokens": tokens.cached,
        "total_output_tokens": answered,
        "output_tokens_by_modality": [{"modality": "text", "tokens": answered}],
        "total_tool_use_tokens": 0,
        "total_thought_tokens": tokens.reasoning,
    }
    if tokens.cached:
        found["cached_tokens_by_modality"] = [{"modality": "text", "tokens": tokens.cached}]
    if _searches(call):
        found["grounding_tool_count"] = [{"type": "google_search", "count": len(_QUERIES)}]
    return call.billed(found)


def _searches(call: Call) -> bool:
    return any(tool.get("type") == "google_search" for tool in call.body.get("tools") or [])


def _steps(call: Call, answer: Answer) -> list[Json]:
    steps: list[Json] = []
    if answer.thinking:
        summary = [{"type": "text", "text": answer.thinking}]
        steps.append({"type": "thought", "signature": _SIGNATURE, "summary": summary})
    if _searches(call):
        identity = call.id("gs_")
        asked = {"type": "google_search_call", "id": identity, "arguments": {"queries": list(_QUERIES)}}
        got = {"type": "google_search_result", "call_id": identity, "result": [{"search_suggestions": "<div></div>"}]}
        steps.extend([asked | {"signature": _SIGNATURE}, got])
    steps.extend(
        {
            "type": "function_call",
            "id": call.id("fc_") + f"-{item.index}",
            "name": item.name,
            "arguments": json.loads(item.arguments),
        }
        for item in answer.tool_calls
    )
    if not answer.tool_calls:
        said = {"type": "text", "text": answer.refusal or answer.text}
        steps.append({"type": "model_output", "content": [said]})
    return steps


def _frames(call: Call, answer: Answer, *, after: str = "") -> Iterator[Frame]:
    """Every event behind the one that `after` names, with faults where the scenario asks for them."""
    told = [frame for number, frame in enumerate(_told(call, answer)) if number > int(after or -1)]

    def failure(_sent: int) -> list[Frame]:
        return [_event("error", {"error": _TIMEOUT})]

    yield from disturb(told, call.scenario, failure)
    if call.scenario.name not in ("stream_error", "malformed_stream", "disconnect"):
        yield Frame(DONE.data, event="done")


def _told(call: Call, answer: Answer) -> Iterator[Frame]:
    started = {name: value for name, value in _interaction(call, "in_progress").items() if name != "updated"}
    yield _event("interaction.created", {"interaction": started})
    working = {"interaction_id": started["id"], "status": "in_progress"}
    yield _event("interaction.status_update", working)
    for index, step in enumerate(_steps(call, answer)):
        yield from _step(index, step, answer)
    ended = _interaction(call, _status(answer)) | {"usage": _usage(call, answer)}
    yield _event("interaction.completed", {"interaction": ended})


def _step(index: int, step: Json, answer: Answer) -> Iterator[Frame]:
    kind = step["type"]
    started: Json = {key: step[key] for key in ("type", "id", "call_id", "name") if key in step}
    if kind == "function_call":
        started["arguments"] = {}
    yield _event("step.start", {"index": index, "step": started})
    for delta in _deltas(step, answer):
        yield _event("step.delta", {"index": index, "delta": delta}, is_content=True)
    yield _event("step.stop", {"index": index})


def _deltas(step: Json, answer: Answer) -> Iterator[Json]:
    kind = step["type"]
    if kind == "model_output":
        for piece in answer.pieces:
            yield {"text": piece, "type": "text"}
    elif kind == "function_call":
        for piece in words(json.dumps(step["arguments"])):
            yield {"arguments": piece, "type": "arguments_delta"}
    elif kind == "thought":
        for piece in words(step["summary"][0]["text"]):
            yield {"content": {"text": piece, "type": "text"}, "type": "thought_summary"}
        yield {"signature": step["signature"], "type": "thought_signature"}
    else:
        yield {key: value for key, value in step.items() if key not in ("id", "call_id")}


def _event(kind: str, fields: Json, *, is_content: bool = False) -> Frame:
    return frame(fields | {"event_type": kind}, event=kind, content=is_content)
