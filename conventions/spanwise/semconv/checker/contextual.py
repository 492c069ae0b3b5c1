"""Names that are current in one place and outdated in another."""

from __future__ import annotations

from collections.abc import Iterator

from spanwise.semconv import attributes as attr
from spanwise.semconv import spans
from spanwise.semconv.checker.rule import Note, Rule
from spanwise.semconv.checker.sample import Attributes
from spanwise.semconv.deprecated import CONTEXTUAL


def outdated_here(span_type: str, attributes: Attributes) -> Iterator[Note]:
    """A note for each attribute that spans of `span_type` carry no more."""
    for old, (current, place, _) in CONTEXTUAL.items():
        if place == span_type and attributes.get(old) is not None:
            yield Note(Rule.DEPRECATED, old, f"renamed to {current} on spans of {place}")


def outdated_point(metric: str, point: Attributes) -> Iterator[Note]:
    """A note when a data point belongs to another metric, because its operation got a family of its own."""
    current, place, _ = CONTEXTUAL.get(metric, ("", "", ""))
    definition = spans.ALL.get(place)
    if definition is not None and point.get(attr.GEN_AI_OPERATION_NAME) in definition.operations:
        yield Note(Rule.DEPRECATED, None, f"renamed to {current} for what {place} describes")
