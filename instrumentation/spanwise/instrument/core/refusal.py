"""Calls that a budget refuses: asked when they begin, raised before they are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.context import get_current

from spanwise.budget.gate import GATE
from spanwise.instrument.core.association import Association, said_in
from spanwise.instrument.core.started import Started
from spanwise.pipeline.boundary import shield
from spanwise.pipeline.depth import depth_of
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from spanwise.budget.exceeded import BudgetExceeded


def refusal(span: Span, request: Mapping[str, object]) -> BudgetExceeded | None:
    """Why the call of `span`, which just started, is to be refused; `None` when it is made.

    Args:
        span: its span, which need not be recorded.
        request: what the request says of itself.
    """
    context = get_current()
    if not GATE.guards_loops:
        if GATE.passes(request, said_in(context)):
            return None
        return GATE.refusal(Association(request, context, GATE.service).get)
    get = Association(request, context, GATE.service).get
    return GATE.refusal(get, span.get_span_context().trace_id, depth_of(trace.get_current_span(context)))


def refuse(started: Started, refused: BudgetExceeded) -> BudgetExceeded:
    """`refused`, for the tap to raise in place of the call. The span says what happened and ends."""
    shield("instrument", started.leave)
    shield("instrument", _describe, started, refused)
    shield("instrument", started.fail, refused)
    return refused


def _describe(started: Started, refused: BudgetExceeded) -> None:
    if started.call is None:
        return
    started.call.span.set_attributes(
        {
            attr.SPANWISE_BUDGET_NAME: refused.budget,
            attr.SPANWISE_BUDGET_STATE: values.SPANWISE_BUDGET_STATE_EXCEEDED,
            attr.SPANWISE_BUDGET_SHARE: round(float(refused.spent / refused.limit), 6),
            attr.SPANWISE_BUDGET_ACTION: values.SPANWISE_BUDGET_ACTION_BLOCK,
        }
    )
