"""What a step of CrewAI is called, what it says of itself, and what it is given and makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec import Attributes
from spanwise.instrument.framework.run import Run
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Thing: TypeAlias = Any
"""An event of CrewAI's, who emitted it, and what is in them."""

STARTS: Final[Mapping[str, str]] = {
    "crew_kickoff_started": "crew",
    "flow_started": "flow",
    "method_execution_started": "method",
    "task_started": "task",
    "agent_execution_started": "agent",
    "lite_agent_execution_started": "agent",
    "llm_call_started": "llm",
    "tool_usage_started": "tool",
    "knowledge_search_query_started": "knowledge",
    "memory_query_started": "memory",
    "memory_save_started": "save",
    "llm_guardrail_started": "guardrail",
}
"""Types of events with the kind of step that each begins."""

ENDS: Final[Mapping[str, tuple[str, bool]]] = {
    "crew_kickoff_completed": ("crew", False),
    "crew_kickoff_failed": ("crew", True),
    "flow_finished": ("flow", False),
    "flow_paused": ("flow", False),
    "flow_failed": ("flow", True),
    "method_execution_finished": ("method", False),
    "method_execution_paused": ("method", False),
    "method_execution_failed": ("method", True),
    "task_completed": ("task", False),
    "task_failed": ("task", True),
    "agent_execution_completed": ("agent", False),
    "agent_execution_error": ("agent", True),
    "lite_agent_execution_completed": ("agent", False),
    "lite_agent_execution_error": ("agent", True),
    "llm_call_completed": ("llm", False),
    "llm_call_failed": ("llm", True),
    "tool_usage_finished": ("tool", False),
    "tool_usage_error": ("tool", True),
    "knowledge_search_query_completed": ("knowledge", False),
    "knowledge_search_query_failed": ("knowledge", True),
    "memory_query_completed": ("memory", False),
    "memory_query_failed": ("memory", True),
    "memory_save_completed": ("save", False),
    "memory_save_failed": ("save", True),
    "llm_guardrail_completed": ("guardrail", False),
    "llm_guardrail_failed": ("guardrail", True),
}
"""Types of events with the kind of step that each ends, and whether it failed."""

FORM_OF: Final[Mapping[str, str]] = {
    "crew": "workflow",
    "flow": "workflow",
    "method": values.SPANWISE_OBSERVE_KIND_TASK,
    "task": values.SPANWISE_OBSERVE_KIND_TASK,
    "agent": "agent",
    "tool": "tool",
    "knowledge": "retrieval",
    "memory": "memory",
    "save": "save",
    "guardrail": values.SPANWISE_OBSERVE_KIND_GUARDRAIL,
}
"""Kinds of steps here as kinds of steps of a run. A model call has none: it may be somebody else's span."""

_UNNAMED: Final = "crew"
"""The name of every crew that the application gave none."""
_TOOL_ERROR: Final = "tool_error"
_LONGEST: Final = 256
_MOST_NAMES: Final = 128
_NAMED: Final = {
    "flow": "flow_name",
    "method": "method_name",
    "tool": "tool_name",
    "memory": "source_type",
    "save": "source_type",
}
_GIVEN: Final = {
    "crew": "inputs",
    "flow": "inputs",
    "method": "params",
    "agent": "task_prompt",
    "tool": "tool_args",
    "memory": "query",
}
_MADE: Final = {
    "crew": "output",
    "flow": "result",
    "method": "result",
    "task": "output",
    "agent": "output",
    "tool": "output",
}


def named(kind: str, source: Thing, event: Thing) -> str:
    """The name that the application gave it: never one that says what its user wrote."""
    if kind == "crew":
        name = getattr(event, "crew_name", None)
        return _line("" if name == _UNNAMED else name)
    if kind == "agent":
        return _line(_role(source, event))
    if kind == "guardrail":
        by_name = getattr(event, "guardrail_type", None) == "function"
        return _line(getattr(event, "guardrail_name", None) if by_name else "")
    if kind == "task":
        return _line(getattr(source, "name", None))
    return _line(getattr(event, _NAMED[kind], None) if kind in _NAMED else kind)


def is_internal(kind: str, source: Thing) -> bool:
    """Whether it is a flow of CrewAI's own, by which newer releases run an agent."""
    if kind not in ("flow", "method"):
        return False
    told = getattr(type(source), "is_crewai_internal", None)
    return told if isinstance(told, bool) else "executor" in type(source).__module__


def said(kind: str, event: Thing) -> Attributes:
    """What a step says from its start."""
    if kind == "tool":
        return {attr.GEN_AI_TOOL_TYPE: "function"}
    tools = getattr(event, "tools", None) if kind == "agent" else None
    if isinstance(tools, list | tuple) and tools:
        return {attr.SPANWISE_AGENT_TOOLS: [_line(getattr(each, "name", None)) for each in tools[:_MOST_NAMES]]}
    return {}


def given(run: Run, kind: str, source: Thing, event: Thing) -> None:
    """What a step is given: content."""
    if kind == "task":
        told = [getattr(source, "description", None), getattr(event, "context", None)]
        run.given("\n\n".join(each for each in told if isinstance(each, str)))
    elif (value := getattr(event, _GIVEN.get(kind, ""), None)) is not None or (
        value := getattr(event, "messages", None) if kind == "agent" else None
    ) is not None:
        run.given(value, simplify)


def made(run: Run, kind: str, event: Thing) -> None:
    """What a step made: content, but for how much that was and whether a guardrail or a tool refused."""
    if kind == "guardrail" and isinstance(success := getattr(event, "success", None), bool):
        run.say({attr.SPANWISE_GUARDRAIL_TRIGGERED: not success})
    elif kind == "memory" and isinstance(results := getattr(event, "results", None), list | tuple):
        run.say({attr.GEN_AI_MEMORY_RECORD_COUNT: len(results)})
        run.made([_record(each) for each in results[:_MOST_NAMES]], simplify)
    elif kind == "knowledge":
        run.given(getattr(event, "query", None) or "")
        if isinstance(text := getattr(event, "retrieved_knowledge", None), str):
            run.made([{"content": text}])
    elif (value := getattr(event, _MADE.get(kind, ""), None)) is not None:
        run.made(value, simplify)
    if kind == "tool" and getattr(event, "failure", None) is not None:
        run.fail(_TOOL_ERROR)


def simplify(thing: Thing) -> Thing:
    """The text of an output.

    Raises:
        TypeError: it is something else.
    """
    if isinstance(raw := getattr(thing, "raw", None), str):
        return raw
    raise TypeError(type(thing).__name__)


def _record(match: Thing) -> Thing:
    """What a memory found: text and score, of objects in newer releases and of mappings in older ones."""
    if isinstance(match, Mapping):
        return {"content": match.get("context") or match.get("content") or match.get("memory"), **_score(match)}
    record = getattr(match, "record", match)
    return {"content": getattr(record, "content", None), **_score(vars(match) if hasattr(match, "__dict__") else {})}


def _score(fields: Mapping[str, Thing]) -> Thing:
    score = fields.get("score")
    return {"score": float(score)} if isinstance(score, int | float) else {}


def _role(source: Thing, event: Thing) -> Thing:
    """A role as the application wrote it: with the names of its inputs, which a kickoff replaces by their values."""
    agent = getattr(event, "agent", None) or source
    info = getattr(event, "agent_info", None)
    told = info.get("role") if isinstance(info, Mapping) else None
    return getattr(agent, "_original_role", None) or getattr(agent, "role", None) or told


def _line(told: Thing) -> str:
    """On one line, and bounded: roles come from folded text of YAML."""
    return " ".join(told[: 4 * _LONGEST].split())[:_LONGEST] if isinstance(told, str) else ""
