"""Traces and spans of the OpenAI Agents SDK as runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from opentelemetry.trace import Status, StatusCode

from spanwise.instrument.core.capture import capture
from spanwise.instrument.framework.announcer import announcer
from spanwise.instrument.framework.association import association
from spanwise.instrument.framework.openai_agents_model import answered, asked_with, content, request
from spanwise.instrument.framework.run import Run
from spanwise.instrument.framework.runs import MOST_RUNS, Runs
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Thing: TypeAlias = Any
"""A trace or a span of the SDK, or the data of one."""

_CARRIERS: Final = ("spanwise.", "agents.tracing", "agents.run", "agents._run_impl", "contextlib")
_FRAMEWORK: Final = ("agents.",)
_UNNAMED: Final = "Agent workflow"
"""The name of every trace that the application gave none."""
_UNKNOWN_ERROR: Final = "_OTHER"
_LONGEST: Final = 256
_MOST_NAMES: Final = 128
_MODELS: Final = ("generation", "response")
_GUARDRAIL: Final = values.SPANWISE_OBSERVE_KIND_GUARDRAIL
_TASK: Final = values.SPANWISE_OBSERVE_KIND_TASK
_KINDS: Final = {
    "agent": "agent",
    "function": "tool",
    "guardrail": _GUARDRAIL,
    "handoff": _TASK,
    "mcp_tools": _TASK,
    "custom": _TASK,
}
"""What gets a span. Turns, the SDK's own tasks and speech get none: what is inside belongs to the one around."""


class Spans:
    """What is done for traces and spans.

    Args:
        runs: those in progress.
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._handled: dict[str, int] = {}

    def trace_start(self, trace: Thing) -> None:
        """A workflow. Its span is current where the application opened it, for then its code runs inside.

        A trace that the SDK opened for one run has steps that know it. A streamed run ends after its opener goes on,
        so that one must not leave its span current there.
        """
        name = str(trace.name or "")[:_LONGEST]
        if (error := sys.exc_info()[1]) is not None and len(self._handled) < MOST_RUNS:
            self._handled[trace.trace_id] = id(error)
        metadata = getattr(trace, "metadata", None)
        said = association(metadata if isinstance(metadata, Mapping) else {})
        group_id = getattr(trace, "group_id", None)
        if isinstance(group_id, str) and 0 < len(group_id) <= _LONGEST:
            said[attr.GEN_AI_CONVERSATION_ID] = group_id
        run = self._runs.open(
            trace.trace_id, None, kind="workflow", name="" if name == _UNNAMED else name, attributes=said
        )
        teller = announcer(carriers=_CARRIERS[:2], framework=_FRAMEWORK)
        if teller.keeps and not teller.module.startswith(_FRAMEWORK):
            run.enter()

    def trace_end(self, trace: Thing) -> None:
        """It is over, with an exception where one is raised now that the application did not handle before it began."""
        self._runs.close(trace.trace_id, self._raised(trace))
        self._handled.pop(trace.trace_id, None)

    def start(self, span: Thing) -> None:
        """A step, or a model that is asked."""
        data = span.span_data
        parent = span.parent_id or span.trace_id
        if data.type in _MODELS:
            said = request(data)
            model = said.get(attr.GEN_AI_REQUEST_MODEL)
            operation = said[attr.GEN_AI_OPERATION_NAME]
            self._runs.ask(
                span.span_id, parent, name=" ".join(map(str, filter(None, (operation, model)))), attributes=said
            )
        elif data.type in _KINDS:
            run = self._runs.open(span.span_id, parent, kind=_KINDS[data.type], name=_name(data))
            if data.type == "function":
                run.say({attr.GEN_AI_TOOL_TYPE: "function"})
            run.enter()
        else:
            self._runs.skip(span.span_id, parent)

    def end(self, span: Thing) -> None:
        """A step is over, or a model answered."""
        data = span.span_data
        if data.type in _MODELS:
            self._answer(span)
            return
        run = self._runs.run(span.span_id)
        if run is not None:
            _told(run, data)
            # An agent ends with what is raised through it, a guardrail's word for one, which is no error of its span.
            if span.error is not None or (data.type == "agent" and self._raised(span) is not None):
                run.fail(self._error_type(span))
        self._runs.close(span.span_id)

    def _answer(self, span: Thing) -> None:
        asked = self._runs.answered(span.span_id)
        made = asked.missed() if asked is not None else None
        if asked is None or made is None:
            return
        data = span.span_data
        found = answered(data)
        if span.error is not None:
            error_type = self._error_type(span)
            made.set_status(Status(StatusCode.ERROR, error_type))
            found[attr.ERROR_TYPE] = error_type
        if capture():
            asked.content = content(data)
        if model := asked_with(data):
            found.setdefault(attr.GEN_AI_REQUEST_MODEL, model)
            made.update_name(f"{values.GEN_AI_OPERATION_NAME_CHAT} {model}")
        asked.finish(made, found)

    def _error_type(self, span: Thing) -> str:
        """The class of what is being raised. The SDK tells a message alone, and that may quote content."""
        error = self._raised(span)
        return _UNKNOWN_ERROR if error is None else type(error).__qualname__

    def _raised(self, thing: Thing) -> BaseException | None:
        """What is raised now, and was not when the trace began: the application may handle an error with an agent."""
        error = sys.exc_info()[1]
        return None if error is None or id(error) == self._handled.get(thing.trace_id) else error


def _name(data: Thing) -> str:
    if data.type == "handoff":
        return "handoff"
    if data.type == "mcp_tools":
        return f"list tools {data.server or ''}".rstrip()[:_LONGEST]
    return str(data.name or "")[:_LONGEST]


def _told(run: Run, data: Thing) -> None:
    """What the data of a step says at its end. Names always, what was given and made only as content."""
    if data.type == "agent":
        _names(run, attr.SPANWISE_AGENT_TOOLS, data.tools)
        _names(run, attr.SPANWISE_AGENT_HANDOFFS, data.handoffs)
    elif data.type == "function":
        run.given(data.input)
        if data.output is not None:
            run.made(data.output if isinstance(data.output, str) else str(data.output))
    elif data.type == "guardrail":
        run.say({attr.SPANWISE_GUARDRAIL_TRIGGERED: bool(data.triggered)})
    elif data.type == "handoff" and data.to_agent:
        name = f"handoff {data.to_agent}"[:_LONGEST]
        run.say({attr.SPANWISE_OBSERVE_NAME: name})
        run.span.update_name(f"{_TASK} {name}")


def _names(run: Run, name: str, told: Thing) -> None:
    if isinstance(told, list) and told:
        run.say({name: [str(each)[:_LONGEST] for each in told[:_MOST_NAMES]]})
