"""Which span type of the registry a span belongs to.

Types are not on the wire, so a span is told by its operation name, then by the attributes that mark a type, then by
its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from spanwise.semconv import attributes as attr
from spanwise.semconv import spans, values
from spanwise.semconv.checker.namespace import GENAI
from spanwise.semconv.checker.sample import Attributes, SpanSample
from spanwise.semconv.deprecated import RENAMED
from spanwise.semconv.descriptor import Span


_BY_OPERATION: Final[Mapping[str, tuple[Span, ...]]] = {
    operation: tuple([span for span in spans.ALL.values() if span.refines is None and operation in span.operations])
    for base in spans.ALL.values()
    for operation in base.operations
}

_MARKS_OF: Final[tuple[tuple[Span, tuple[str, ...]], ...]] = (
    (spans.GEN_AI_EXECUTE_TOOL_INTERNAL, (attr.GEN_AI_TOOL_NAME, attr.GEN_AI_TOOL_CALL_ID)),
    (spans.GEN_AI_INVOKE_WORKFLOW_INTERNAL, (attr.GEN_AI_WORKFLOW_NAME,)),
    (
        spans.GEN_AI_RETRIEVAL_CLIENT,
        (attr.GEN_AI_RETRIEVAL_TOP_K, attr.GEN_AI_RETRIEVAL_QUERY_TEXT, attr.GEN_AI_RETRIEVAL_DOCUMENTS),
    ),
    (spans.GEN_AI_EMBEDDINGS_CLIENT, (attr.GEN_AI_EMBEDDINGS_DIMENSION_COUNT, attr.GEN_AI_REQUEST_ENCODING_FORMATS)),
    (
        spans.GEN_AI_MEMORY_CLIENT,
        (attr.GEN_AI_MEMORY_STORE_ID, attr.GEN_AI_MEMORY_RECORD_ID, attr.GEN_AI_MEMORY_QUERY_TEXT),
    ),
    (spans.GEN_AI_FETCH_RESPONSE_CLIENT, (attr.GEN_AI_RESPONSE_STATUS, attr.GEN_AI_REQUEST_STREAM_CURSOR)),
    (spans.GEN_AI_INVOKE_AGENT_INTERNAL, (attr.GEN_AI_AGENT_NAME, attr.GEN_AI_AGENT_ID)),
    (
        spans.GEN_AI_CLIENT_INFERENCE,
        (
            attr.GEN_AI_REQUEST_MODEL,
            attr.GEN_AI_RESPONSE_MODEL,
            attr.GEN_AI_USAGE_INPUT_TOKENS,
            attr.GEN_AI_USAGE_OUTPUT_TOKENS,
            attr.GEN_AI_PROVIDER_NAME,
        ),
    ),
)

_MARKS: Final = tuple(
    [(span, (*marks, *[old for old, (new, _) in RENAMED.items() if new in marks])) for span, marks in _MARKS_OF]
)
"""What marks a span without a known operation name, the most telling first, with the outdated names of each mark."""

_REFINED_BY_PROVIDER: Final[Mapping[tuple[str, str], Span]] = {
    (span.refines, provider): span
    for span in spans.ALL.values()
    if span.refines is not None
    for use in span.uses
    if use.attribute == attr.GEN_AI_PROVIDER_NAME
    for provider in use.values
}


def is_genai(attributes: Attributes) -> bool:
    """Whether a sample with these `attributes` is about GenAI or MCP at all."""
    return any(name.startswith(GENAI) for name in attributes)


def classify(span: SpanSample) -> Span | None:
    """The narrowest span type that `span` belongs to; `None` when nothing tells."""
    base = _base(span)
    return None if base is None else _refined(base, span.attributes)


def _base(span: SpanSample) -> Span | None:
    found = span.attributes
    operation = found.get(attr.GEN_AI_OPERATION_NAME)
    if found.get(attr.MCP_METHOD_NAME) is not None and not (
        # MCP instrumentation may add its attributes to the span of the tool instead of making another.
        span.kind == "internal" and operation == values.GEN_AI_OPERATION_NAME_EXECUTE_TOOL
    ):
        return spans.MCP_SERVER if span.kind == "server" else spans.MCP_CLIENT
    if isinstance(operation, str) and operation in _BY_OPERATION:
        return _of_kind(_BY_OPERATION[operation], span.kind)
    marked = next((base for base, marks in _MARKS if any(found.get(mark) is not None for mark in marks)), None)
    if marked is spans.GEN_AI_INVOKE_AGENT_INTERNAL:
        return _of_kind((marked, spans.GEN_AI_INVOKE_AGENT_CLIENT), span.kind)
    return marked


def _of_kind(candidates: Iterable[Span], kind: str) -> Span:
    """The candidate of this kind, or else the first."""
    all_of_them = tuple(candidates)
    return next((span for span in all_of_them if kind in span.kinds), all_of_them[0])


def _refined(base: Span, found: Attributes) -> Span:
    if base is spans.GEN_AI_EXECUTE_TOOL_INTERNAL:
        return _tool(base, found)
    provider = found.get(attr.GEN_AI_PROVIDER_NAME)
    return _REFINED_BY_PROVIDER.get((base.id, provider), base) if isinstance(provider, str) else base


def _tool(base: Span, found: Attributes) -> Span:
    if any(
        found.get(name) is not None
        for name in (attr.PROCESS_EXECUTABLE_NAME, attr.PROCESS_EXECUTABLE_PATH, attr.PROCESS_EXIT_CODE)
    ):
        return spans.GEN_AI_EXECUTE_TOOL_COMMAND_INTERNAL
    if found.get(attr.GEN_AI_SKILL_RESOURCE_NAME) is not None:
        return spans.GEN_AI_EXECUTE_TOOL_READ_SKILL_RESOURCE_INTERNAL
    if found.get(attr.GEN_AI_SKILL_NAME) is not None:
        return spans.GEN_AI_EXECUTE_TOOL_LOAD_SKILL_INTERNAL
    return base
