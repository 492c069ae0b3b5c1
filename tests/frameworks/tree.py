"""The spans of a trace as a tree of names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan


Tree: TypeAlias = list["str | tuple[str, Tree]"]
"""Names in the order in which the spans began; those with spans below them together with these."""


def tree(spans: Iterable[ReadableSpan]) -> Tree:
    """The names, nested. A span whose parent is not among them counts as a root."""
    ordered = sorted(spans, key=lambda span: (span.start_time or 0, span.name))
    ids = {span.context.span_id for span in ordered if span.context}

    def below(parent: int | None) -> Tree:
        found: Tree = []
        for span in ordered:
            above = span.parent.span_id if span.parent is not None and span.parent.span_id in ids else None
            if above == parent and span.context is not None:
                inner = below(span.context.span_id)
                found.append((span.name, inner) if inner else span.name)
        return found

    return below(None)


def outside() -> bool:
    """Whether no span is current here."""
    return not trace.get_current_span().get_span_context().is_valid
