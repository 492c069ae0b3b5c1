"""`Stamp`: what puts the context of an application on the spans that start in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context, get_value
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.util.types import AttributeValue

from spanwise.instrument.core import last
from spanwise.instrument.core.association import INHERITED, KEY, RECEIVED
from spanwise.pipeline.boundary import shield
from spanwise.semconv import attributes as attr


_MARK: Final = "_spanwise_stamp"


class Stamp(SpanProcessor):
    """Sets the attributes of the context that a span starts in, and ids that its parent has.

    What the span has already stays. It is on the global tracer provider as soon as `spanwise.context` is entered, and
    under `opentelemetry-instrument` and `spanwise run` from the start; for another provider:
    `provider.add_span_processor(Stamp())`. Costs about 1 us for a span that there is nothing to say of.

    Args:
        remembers: whether the outermost span that ended last in a context is what a later score there is about. Not
            for a provider that samples: which span it left out is not known.
    """

    def __init__(self, *, remembers: bool = True) -> None:
        self._remembers = remembers

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Stamp `span`. A defect of ours is counted and the span goes on."""
        shield("context", _stamp, span, parent_context)

    def on_end(self, span: ReadableSpan) -> None:
        """Remember which it was, in the context that it ends in."""
        if self._remembers:
            last.ended(span)


def _stamp(span: Span, parent_context: Context | None) -> None:
    said = get_value(KEY, parent_context)
    parent = trace.get_current_span(parent_context)
    above: Mapping[str, AttributeValue] | None = getattr(parent, "attributes", None)
    received = get_value(RECEIVED, parent_context)
    found: dict[str, AttributeValue] = dict(received) if isinstance(received, Mapping) else {}
    if above:
        found.update((name, above[name]) for name in INHERITED if name in above)
    if isinstance(said, Mapping):
        if attr.GEN_AI_PROMPT_NAME in said:
            found.pop(attr.GEN_AI_PROMPT_VERSION, None)
        found.update(said)
    if found:
        own = span.attributes or {}
        if attr.GEN_AI_PROMPT_NAME in own:
            found.pop(attr.GEN_AI_PROMPT_VERSION, None)  # that of another prompt
        span.set_attributes({name: value for name, value in found.items() if name not in own})


def ensure() -> None:
    """Put a `Stamp` on the global tracer provider, once, if it is the SDK's."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider) and not hasattr(provider, _MARK):
        setattr(provider, _MARK, True)
        provider.add_span_processor(Stamp(remembers=last.sees_every_span(provider)))
