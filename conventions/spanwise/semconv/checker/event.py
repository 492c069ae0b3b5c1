"""The rules for one event."""

from __future__ import annotations

from collections.abc import Iterator

from spanwise.semconv import attributes as attr
from spanwise.semconv import events
from spanwise.semconv.checker.attribute import judge, renamed
from spanwise.semconv.checker.condition import Facts
from spanwise.semconv.checker.namespace import governed
from spanwise.semconv.checker.presence import missing
from spanwise.semconv.checker.rule import Note, Rule
from spanwise.semconv.checker.sample import EventSample
from spanwise.semconv.deprecated import RENAMED


def judge_event(sample: EventSample) -> Iterator[Note]:
    """Everything to say about an event whose name is in a namespace of the registry."""
    event = events.ALL.get(sample.name)
    if event is None:
        if sample.name in RENAMED:
            # Its attributes belong to the old form, and all there is to say is that the form is old.
            yield Note(Rule.DEPRECATED, None, renamed(sample.name))
            return
        yield Note(Rule.MISSING_EVENT, None, "not in the registry")
    yield from judge(sample.attributes, structured=sample.structured)
    if event is not None:
        facts = Facts(sample.attributes, failed=sample.attributes.get(attr.ERROR_TYPE) is not None)
        yield from missing(event.uses, facts)


def is_judged(sample: EventSample) -> bool:
    """Whether the registry has a say about `sample`."""
    return governed(sample.name)
