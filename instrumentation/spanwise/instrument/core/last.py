"""`LAST`: the last outermost span that ended in a context, for who speaks of it afterwards."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.trace import SpanContext

LAST: Final[ContextVar[SpanContext | None]] = ContextVar("spanwise-last", default=None)
"""Ids of the span; its attributes and events are not kept. Each thread and each task has its own."""

_EVERY: Final = ("AlwaysOnSampler", "ParentBased{root:AlwaysOnSampler,")


def ended(span: ReadableSpan) -> None:
    """Remember `span` if nothing of this process is above it; about 0.2 us."""
    parent = span.parent
    if parent is None or parent.is_remote:
        LAST.set(span.context)


def sees_every_span(provider: TracerProvider) -> bool:
    """Whether `provider` records all of its spans.

    Where some are left out the last one that was recorded is not the last one: it may be that of another user.
    """
    return provider.sampler.get_description().startswith(_EVERY)
