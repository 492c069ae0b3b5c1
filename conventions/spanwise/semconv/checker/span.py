"""The rules for one span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from spanwise.semconv import attributes as attr
from spanwise.semconv.checker.attribute import judge
from spanwise.semconv.checker.condition import Facts
from spanwise.semconv.checker.contextual import outdated_here
from spanwise.semconv.checker.label import label, variant
from spanwise.semconv.checker.presence import missing, unexpectedly_missing
from spanwise.semconv.checker.rule import Note, Rule
from spanwise.semconv.checker.sample import Attributes, SpanSample
from spanwise.semconv.descriptor import Span


_PLACEHOLDER: Final = re.compile(r"\{([a-z0-9_.]+)\}")


def judge_span(sample: SpanSample, definition: Span | None) -> Iterator[Note]:
    """Everything to say about a span of GenAI or MCP; `definition` is its type, where one could be told."""
    for note in judge(sample.attributes, structured=False):
        yield _operation(note, sample.attributes)
    yield from _status(sample)
    if definition is None:
        return
    facts = Facts(sample.attributes, sample.failed, sample.kind)
    yield from outdated_here(definition.id, sample.attributes)
    yield from missing(definition.uses, facts)
    yield from unexpectedly_missing(definition.uses, facts)
    if sample.kind not in definition.kinds:
        wanted = " or ".join(definition.kinds)
        yield Note(Rule.GENAI_SPAN_KIND_UNEXPECTED, None, f"{label(sample.kind)} where {definition.id} is {wanted}")
    template = _name_template(definition, sample.attributes)
    if template is not None and sample.name != _filled(template, sample.attributes):
        yield Note(Rule.GENAI_SPAN_NAME_FORMAT, None, f"a span of {definition.id} is called {template}")


def _operation(note: Note, attributes: Attributes) -> Note:
    """An unknown operation is worse than an unknown value elsewhere: nothing can be expected of its span."""
    if note.rule is not Rule.UNDEFINED_ENUM_VARIANT or note.attribute != attr.GEN_AI_OPERATION_NAME:
        return note
    operation = attributes.get(note.attribute)
    shown = variant(operation) if isinstance(operation, str) else "a value"
    return Note(Rule.GENAI_OPERATION_NAME_UNKNOWN, note.attribute, f"{shown} is no operation of the conventions")


def _status(sample: SpanSample) -> Iterator[Note]:
    typed = sample.attributes.get(attr.ERROR_TYPE) is not None
    if sample.status == "ok":
        yield Note(
            Rule.SPAN_STATUS_OK_SET_BY_INSTRUMENTATION, None, "the status is OK; instrumentation leaves it unset"
        )
    if sample.failed and not typed:
        yield Note(Rule.ERROR_TYPE_MISSING_ON_ERROR, attr.ERROR_TYPE, "absent although the status is an error")
    if typed and not sample.failed:
        yield Note(Rule.ERROR_TYPE_WITHOUT_ERROR_STATUS, attr.ERROR_TYPE, "set although the status is no error")


def _name_template(definition: Span, attributes: Attributes) -> str | None:
    """The template of the span's name: the first whose attributes are all known."""
    for template in definition.names:
        if all(isinstance(attributes.get(name), str) for name in _PLACEHOLDER.findall(template)):
            return template
    return None


def _filled(template: str, attributes: Attributes) -> str:
    return _PLACEHOLDER.sub(lambda found: str(attributes.get(found[1])), template)
