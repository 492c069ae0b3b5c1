"""The rules for what a resource says about GenAI."""

from __future__ import annotations

from collections.abc import Iterator

from spanwise.semconv import entities
from spanwise.semconv.checker.attribute import judge
from spanwise.semconv.checker.namespace import governed
from spanwise.semconv.checker.rule import Note, Rule
from spanwise.semconv.checker.sample import Attributes
from spanwise.semconv.descriptor import Span


def judge_resource(attributes: Attributes) -> Iterator[Note]:
    """Everything to say about the governed attributes of a resource, and about the entities they describe."""
    ours = {name: value for name, value in attributes.items() if governed(name) and value is not None}
    yield from judge(ours, structured=False)
    for entity in entities.ALL.values():
        if not any(name in ours for name in (*entity.identity, *entity.description)):
            continue
        for name in entity.identity:
            if name not in ours:
                yield Note(Rule.ENTITY_REQUIRED_ATTRIBUTE_NOT_PRESENT, name, f"identifies {entity.type}, and absent")
        for name in entity.description:
            if name not in ours:
                yield Note(Rule.ENTITY_RECOMMENDED_ATTRIBUTE_NOT_PRESENT, name, f"describes {entity.type}, and absent")


def unassociated(definition: Span, resource: Attributes) -> Iterator[Note]:
    """A note for each entity that spans of this type belong to and their resource does not identify."""
    for kind in definition.entities:
        entity = entities.ALL.get(kind)
        if entity is not None and not all(name in resource for name in entity.identity):
            message = f"spans of {definition.id} belong to {kind}, if it has a stable id; the resource has none"
            yield Note(Rule.ENTITY_ASSOCIATION_NOT_SATISFIED, None, message)
