"""Forms: how the convention writes down a step of each kind."""

from __future__ import annotations

from typing import Final, NamedTuple

from opentelemetry.trace import SpanKind

from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class Form(NamedTuple):
    """How a step of one kind is written.

    Attributes:
        operation: the convention's operation name; empty for steps it has none for.
        named: the attribute that holds the name of the step.
        given: the attribute for what it is given.
        made: the attribute for what it gives back.
        span_kind: of its span.
    """

    operation: str
    named: str
    given: str
    made: str
    span_kind: SpanKind = SpanKind.INTERNAL


_OWN: Final = Form("", attr.SPANWISE_OBSERVE_NAME, attr.SPANWISE_OBSERVE_INPUT, attr.SPANWISE_OBSERVE_OUTPUT)

FORMS: Final[dict[str, Form]] = {
    "workflow": _OWN._replace(operation=values.GEN_AI_OPERATION_NAME_INVOKE_WORKFLOW, named=attr.GEN_AI_WORKFLOW_NAME),
    "agent": _OWN._replace(operation=values.GEN_AI_OPERATION_NAME_INVOKE_AGENT, named=attr.GEN_AI_AGENT_NAME),
    "tool": Form(
        values.GEN_AI_OPERATION_NAME_EXECUTE_TOOL,
        attr.GEN_AI_TOOL_NAME,
        attr.GEN_AI_TOOL_CALL_ARGUMENTS,
        attr.GEN_AI_TOOL_CALL_RESULT,
    ),
    # The convention knows retrieval only as the call of a store, so that is what its span is.
    "retrieval": Form(
        values.GEN_AI_OPERATION_NAME_RETRIEVAL,
        attr.GEN_AI_DATA_SOURCE_ID,
        attr.GEN_AI_RETRIEVAL_QUERY_TEXT,
        attr.GEN_AI_RETRIEVAL_DOCUMENTS,
        SpanKind.CLIENT,
    ),
    values.SPANWISE_OBSERVE_KIND_RERANK: _OWN,
    values.SPANWISE_OBSERVE_KIND_GUARDRAIL: _OWN,
    values.SPANWISE_OBSERVE_KIND_TASK: _OWN,
}
"""By the kind of step, as `observe` and the frameworks call it."""

_SEARCH: Final = Form(
    values.GEN_AI_OPERATION_NAME_SEARCH_MEMORY,
    attr.GEN_AI_MEMORY_STORE_ID,
    attr.GEN_AI_MEMORY_QUERY_TEXT,
    attr.GEN_AI_MEMORY_RECORDS,
)

MEMORY_FORMS: Final[dict[str, Form]] = {
    "memory": _SEARCH,
    # Whether a record is new or replaces another is decided by the memory.
    "save": _SEARCH._replace(operation=values.GEN_AI_OPERATION_NAME_UPSERT_MEMORY),
}
"""A search in a memory and a save to it, which frameworks tell. Their spans have no name beside the operation."""
