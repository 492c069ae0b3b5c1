"""`Carrier`: a place of telemetry that can hold a text, and how a text gets there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags, TraceState
from opentelemetry.util.types import AnyValue, AttributeValue

from spanwise.proof.application import Application
from spanwise.semconv import attributes as attr


Plant: TypeAlias = Callable[[Application, Sequence[str], str], None]
"""Puts texts into the carrier of an application, beside a mark. Most carriers take one text."""

SPANS: Final = "spans"
LOGS: Final = "logs"
METRICS: Final = "metrics"
RESOURCES: Final = "resources"


def _any(_text: str) -> bool:
    return True


class Carrier(NamedTuple):
    """One place.

    Attributes:
        name: What a person calls it.
        signal: Which signal it belongs to.
        plant: Puts texts there.
        accepts: Whether a text can stand there at all.
        alone: Whether it stands there alone, so that JSON is JSON. Escapes of JSON in prose are not all undone.
    """

    name: str
    signal: str
    plant: Plant
    accepts: Callable[[str], bool] = _any
    alone: bool = True


MODEL_NAME: Final = "model name"
"""The carrier that leads to metrics and to our log, too."""

MARK: Final = "proof.mark"
_NOTE: Final = "proof.note"
_DELTA: Final = "delta"
_CHUNK: Final = "gen_ai.chunk"
_TRACE_STATE: Final = re.compile(r"[!-+\--<>-~]{1,200}")


def attribute(name: str, make: Callable[[str], AttributeValue] = str) -> Plant:
    """A span whose attribute `name` holds what `make` makes of the text."""

    def plant(application: Application, texts: Sequence[str], mark: str) -> None:
        application.call({name: make(texts[0]), MARK: mark})

    return plant


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text_part(text: str) -> str:
    return _dumped([{"role": "user", "parts": [{"type": "text", "content": f"please look at {text} for me"}]}])


def _reasoning(text: str) -> str:
    parts = [{"type": "reasoning", "content": text}, {"type": "text", "content": "done"}]
    return _dumped([{"role": "assistant", "parts": parts, "finish_reason": "stop"}])


def _tool_call(text: str) -> str:
    part = {"type": "tool_call", "id": "call_1", "name": "look_up", "arguments": {"query": {"for": [text]}}}
    return _dumped([{"role": "assistant", "parts": [part]}])


def _tool_response(text: str) -> str:
    part = {"type": "tool_call_response", "id": "call_1", "response": _dumped({"rows": [[text]]})}
    return _dumped([{"role": "tool", "parts": [part]}])


def _definitions(text: str) -> str:
    return _dumped([{"type": "function", "name": "look_up", "description": text, "parameters": {"default": text}}])


def _name(application: Application, texts: Sequence[str], mark: str) -> None:
    application.call({MARK: mark}, name=f"chat {texts[0]}")


def _key(application: Application, texts: Sequence[str], mark: str) -> None:
    application.call({texts[0]: True, MARK: mark})


def _model(application: Application, texts: Sequence[str], mark: str) -> None:
    application.call({attr.GEN_AI_REQUEST_MODEL: texts[0], attr.GEN_AI_RESPONSE_MODEL: texts[0], MARK: mark})


def _status(application: Application, texts: Sequence[str], mark: str) -> None:
    with application.started({MARK: mark}) as span:
        span.set_status(Status(StatusCode.ERROR, f"the call failed: {texts[0]}"))


def _event_name(application: Application, texts: Sequence[str], mark: str) -> None:
    with application.started({MARK: mark}) as span:
        span.add_event(texts[0])


def _event_attribute(application: Application, texts: Sequence[str], mark: str) -> None:
    with application.started({MARK: mark}) as span:
        span.add_event("gen_ai.user.message", {"content": texts[0], texts[0]: 1})


def _exception(application: Application, texts: Sequence[str], mark: str) -> None:
    with application.started({MARK: mark}) as span:
        span.record_exception(_raised(texts[0]), {_NOTE: texts[0]})


def _raised(text: str) -> ValueError:
    """An exception with a stack trace."""
    try:
        _fail(text)
    except ValueError as error:
        return error
    raise AssertionError


def _fail(text: str) -> None:
    raise ValueError(text)


def _link_attribute(application: Application, texts: Sequence[str], mark: str) -> None:
    application.call({MARK: mark}, links=[Link(_context(TraceState()), {_NOTE: texts[0]})])


def _link_state(application: Application, texts: Sequence[str], mark: str) -> None:
    application.call({MARK: mark}, links=[Link(_context(TraceState([("proof", texts[0])])))])


def _scope_name(application: Application, texts: Sequence[str], mark: str) -> None:
    application.call({MARK: mark}, scope=(f"library {texts[0]}", {}))


def _scope_attribute(application: Application, texts: Sequence[str], mark: str) -> None:
    application.call({MARK: mark}, scope=("library", {_NOTE: texts[0]}))


def _context(state: TraceState) -> SpanContext:
    return SpanContext(
        0x4BF92F3577B34DA6A3CE929D0E0E4736,
        0x00F067AA0BA902B7,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
        trace_state=state,
    )


def _log_body(application: Application, texts: Sequence[str], mark: str) -> None:
    application.log(texts[0], {MARK: mark})


def _log_structure(application: Application, texts: Sequence[str], mark: str) -> None:
    body: AnyValue = {
        "messages": [{"role": "user", "content": texts[0]}, {"role": "tool", "content": [{"text": texts[0]}]}]
    }
    application.log(body, {MARK: mark}, event="gen_ai.client.inference.operation.details")


def _log_attribute(application: Application, texts: Sequence[str], mark: str) -> None:
    application.log(None, {attr.GEN_AI_INPUT_MESSAGES: _text_part(texts[0]), texts[0]: texts[0], MARK: mark})


def _log_event(application: Application, texts: Sequence[str], mark: str) -> None:
    application.log(None, {MARK: mark}, event=texts[0])


def _log_severity(application: Application, texts: Sequence[str], mark: str) -> None:
    application.log(None, {MARK: mark}, severity=texts[0])


def _log_exception(application: Application, texts: Sequence[str], mark: str) -> None:
    application.log("failed", {MARK: mark}, exception=_raised(texts[0]))


def _log_scope(application: Application, texts: Sequence[str], mark: str) -> None:
    application.log("x", {MARK: mark}, scope=(f"library {texts[0]}", {_NOTE: texts[0]}))


def _metric_attribute(application: Application, texts: Sequence[str], mark: str) -> None:
    application.count({_NOTE: texts[0], MARK: mark})


def _metric_key(application: Application, texts: Sequence[str], mark: str) -> None:
    application.count({texts[0]: "x", MARK: mark})


def _metric_histogram(application: Application, texts: Sequence[str], mark: str) -> None:
    application.measure({_NOTE: texts[0], MARK: mark})


def _metric_scope(application: Application, texts: Sequence[str], mark: str) -> None:
    application.count({MARK: mark}, scope=(f"library {mark} {texts[0]}", {_NOTE: texts[0]}))


def _event_chunks(application: Application, texts: Sequence[str], mark: str) -> None:
    with application.started({MARK: mark}) as span:
        for text in texts:
            span.add_event(_CHUNK, {_DELTA: text})


def _message_chunks(application: Application, texts: Sequence[str], mark: str) -> None:
    parts = [{"type": "text", "content": text} for text in texts]
    application.call({attr.GEN_AI_OUTPUT_MESSAGES: _dumped([{"role": "assistant", "parts": parts}]), MARK: mark})


def _list_chunks(application: Application, texts: Sequence[str], mark: str) -> None:
    application.call({"app.chunks": list(texts), MARK: mark})


def _span(name: str, plant: Plant, accepts: Callable[[str], bool] = _any, *, alone: bool = True) -> Carrier:
    return Carrier(name, SPANS, plant, accepts, alone)


def _nothing(_application: Application, _texts: Sequence[str], _mark: str) -> None:
    pass


RESOURCE: Final = Carrier("resource attribute", RESOURCES, _nothing)
"""Belongs to all signals, and to a provider from the beginning."""

CARRIERS: Final = (
    _span("message text", attribute(attr.GEN_AI_INPUT_MESSAGES, _text_part), alone=False),
    _span("message reasoning", attribute(attr.GEN_AI_OUTPUT_MESSAGES, _reasoning)),
    _span("message tool call", attribute(attr.GEN_AI_OUTPUT_MESSAGES, _tool_call)),
    _span("message tool response", attribute(attr.GEN_AI_INPUT_MESSAGES, _tool_response)),
    _span(
        "system instructions",
        attribute(attr.GEN_AI_SYSTEM_INSTRUCTIONS, lambda text: _dumped([{"type": "text", "content": text}])),
    ),
    _span("tool definitions", attribute(attr.GEN_AI_TOOL_DEFINITIONS, _definitions)),
    _span("tool arguments", attribute(attr.GEN_AI_TOOL_CALL_ARGUMENTS, lambda text: _dumped({"query": text}))),
    _span("tool result", attribute(attr.GEN_AI_TOOL_CALL_RESULT, lambda text: _dumped({"rows": [{"cell": text}]}))),
    _span(
        "retrieval documents",
        attribute(attr.GEN_AI_RETRIEVAL_DOCUMENTS, lambda text: _dumped([{"id": "a", "content": text, "score": 0.5}])),
    ),
    _span("retrieval query", attribute(attr.GEN_AI_RETRIEVAL_QUERY_TEXT)),
    _span("prompt variable", attribute(f"{attr.GEN_AI_PROMPT_VARIABLE}.customer")),
    _span(MODEL_NAME, _model),
    _span("attribute", attribute(_NOTE)),
    _span("attribute list", attribute("app.list", lambda text: ["x", text])),
    _span("attribute key", _key),
    _span("URL", attribute(attr.URL_FULL, lambda text: f"https://shop.example/search?q={text}"), alone=False),
    _span("span name", _name, alone=False),
    _span("status description", _status, alone=False),
    _span("event name", _event_name),
    _span("event attribute", _event_attribute),
    _span("exception", _exception, alone=False),
    _span("link attribute", _link_attribute),
    _span("link trace state", _link_state, lambda text: _TRACE_STATE.fullmatch(text) is not None, alone=False),
    _span("scope name", _scope_name, alone=False),
    _span("scope attribute", _scope_attribute),
    RESOURCE,
    Carrier("log body", LOGS, _log_body),
    Carrier("log body structure", LOGS, _log_structure),
    Carrier("log attribute", LOGS, _log_attribute, alone=False),
    Carrier("log event name", LOGS, _log_event),
    Carrier("log severity text", LOGS, _log_severity),
    Carrier("log exception", LOGS, _log_exception, alone=False),
    Carrier("log scope", LOGS, _log_scope, alone=False),
    Carrier("metric attribute", METRICS, _metric_attribute),
    Carrier("metric attribute key", METRICS, _metric_key),
    Carrier("histogram attribute", METRICS, _metric_histogram),
    Carrier("metric scope", METRICS, _metric_scope, alone=False),
)
"""Every place that takes one text."""

PIECES: Final = (
    _span("chunks in events", _event_chunks),
    _span("chunks in message parts", _message_chunks),
    _span("chunks in a list", _list_chunks),
)
"""Every place that takes a text in pieces which follow each other."""
