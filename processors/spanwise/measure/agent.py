"""`AgentMetrics`: runs of agents, tools and workflows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from opentelemetry.trace import SpanKind

from spanwise.measure.extra_labels import ExtraLabels
from spanwise.measure.held import place_of
from spanwise.measure.instruments import Instruments
from spanwise.measure.runs import INFERENCE, TOOL, Runs
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics, values


AGENT: Final = values.GEN_AI_OPERATION_NAME_INVOKE_AGENT
WORKFLOW: Final = values.GEN_AI_OPERATION_NAME_INVOKE_WORKFLOW

_DURATIONS: Final = {
    AGENT: (
        metrics.GEN_AI_INVOKE_AGENT_DURATION,
        (attr.GEN_AI_AGENT_NAME, attr.GEN_AI_REQUEST_MODEL, attr.ERROR_TYPE),
    ),
    values.GEN_AI_OPERATION_NAME_EXECUTE_TOOL: (
        metrics.GEN_AI_EXECUTE_TOOL_DURATION,
        (attr.GEN_AI_TOOL_NAME, attr.GEN_AI_TOOL_TYPE, attr.GEN_AI_AGENT_NAME, attr.ERROR_TYPE),
    ),
    WORKFLOW: (metrics.GEN_AI_INVOKE_WORKFLOW_DURATION, (attr.GEN_AI_WORKFLOW_NAME, attr.ERROR_TYPE)),
}


class AgentMetrics:
    """Records how long agents, tools and workflows ran, and how many calls an agent made in one run.

    Calls are those that the agent itself made, failed ones included; those of an agent inside it are in that one's run.
    A run in another process, whose span here is the client's, has no counts here. A message of MCP is not the run of a
    tool: whoever receives or sends it has a span of the run as well.
    """

    def __init__(self, instruments: Instruments, runs: Runs, clean: Callable[[str], str], extra: ExtraLabels) -> None:
        self._instruments = instruments
        self._runs = runs
        self._clean = clean
        self._extra = extra

    def ended(self, span: SpanRecord, operation: str | None, *, inference: bool) -> None:
        """Record what `span` is worth; it may be of any operation."""
        ids = span.trace_id, span.span_id, span.parent_span_id
        measured = _DURATIONS.get(operation) if operation is not None else None
        if measured is None or _is_message(span):
            self._runs.pass_on(*ids, INFERENCE if inference else 0)
            return
        instrument, names = measured
        labels = self._labels(span, names)
        self._instruments.record(instrument, span.duration_s, labels, place_of(span))
        if operation != AGENT or span.kind is SpanKind.CLIENT:
            self._runs.pass_on(*ids, 0 if operation in {AGENT, WORKFLOW} else TOOL)
            return
        calls = self._runs.close(span.trace_id, span.span_id)
        named = {key: value for key, value in labels.items() if key not in {attr.ERROR_TYPE, attr.GEN_AI_REQUEST_MODEL}}
        self._instruments.record(metrics.GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, calls.inference, named, place_of(span))
        self._instruments.record(metrics.GEN_AI_INVOKE_AGENT_TOOL_CALLS, calls.tool, named, place_of(span))

    def _labels(self, span: SpanRecord, names: tuple[str, ...]) -> dict[str, str | int]:
        resource = span.resource.attributes
        labels: dict[str, str | int] = {**self._extra.labels(self._extra.values(span.attributes, resource), resource)}
        for name in names:
            if (text := span.text(name)) is not None:
                labels[name] = self._clean(text)
        return labels


def _is_message(span: SpanRecord) -> bool:
    return attr.MCP_METHOD_NAME in span.attributes and span.kind is not SpanKind.INTERNAL
