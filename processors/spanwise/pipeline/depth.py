"""`Depth`: how many steps of agents, tools and workflows a span stands in."""

from __future__ import annotations

from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, SpanProcessor

from spanwise.semconv import attributes as attr


_DEPTH: Final = "_spanwise_depth"


class Depth(SpanProcessor):
    """Counts when a span starts; only a guard of loops that limits depth needs it. About 0.5 us for a span.

    A step counts that says what it is when it starts, as ours do, in the process that the call is made in.
    """

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Remember the depth of `span` on it."""
        attributes = span.attributes or {}
        is_step = attr.GEN_AI_OPERATION_NAME in attributes or attr.SPANWISE_OBSERVE_KIND in attributes
        setattr(span, _DEPTH, depth_of(trace.get_current_span(parent_context)) + is_step)


def depth_of(span: object) -> int:
    """Steps that `span` stands in, with itself; 0 where nobody counts."""
    depth = getattr(span, _DEPTH, 0)
    return depth if isinstance(depth, int) else 0
