"""Modules of descriptors: attributes, spans, metrics, events, entities, and what is outdated."""

from __future__ import annotations

from collections.abc import Iterable

from spanwise.semconv.descriptor import Attribute, Entity, Event, Instrument, Level, Span, Use
from spanwise.semconv.generate.python_source import call, constant, final, group, head, string, strings
from spanwise.semconv.generate.registry import Registry


def definitions(registry: Registry) -> str:
    """The module of attribute descriptors."""
    text = head("What each attribute is.", "from spanwise.semconv.descriptor import Attribute")
    text += "ATTRIBUTES: Final[dict[str, Attribute]] = {\n"
    text += "".join(f"{string(name)}: {_attribute(a)},\n" for name, a in registry.attributes.items())
    text += '}\n"""Attributes by name, templates among them."""\n\n'
    templates = [a.name for a in registry.attributes.values() if a.type == "template"]
    text += f"TEMPLATES: Final[tuple[str, ...]] = {strings(templates)}\n"
    return text + '"""Prefixes: every name below one, after a dot, is that attribute for one key."""\n'


def spans(registry: Registry) -> str:
    """The module of span types and their refinements."""
    text = head("Span types and their refinements.", "from spanwise.semconv.descriptor import Level, Span, Use")
    text += "\n".join(final(constant(span.id), _span(span), span.brief) for span in registry.spans.values())
    return text + _index("ALL", "Span", registry.spans, "Span types and refinements by id.")


def metrics(registry: Registry) -> str:
    """The module of instruments. `Instrument` is importable from it."""
    made = registry.instruments | registry.refined_instruments
    text = head("Metric names and their instruments.", "from spanwise.semconv.descriptor import Instrument, Level, Use")
    # The names stand in the order in which ruff wants them.
    text += f"__all__ = {strings([*sorted(['ALL', 'REFINEMENTS', *map(constant, made)]), 'Instrument'])}\n\n"
    text += "\n".join(final(constant(name), _instrument(i), i.description) for name, i in made.items())
    text += _index("ALL", "Instrument", registry.instruments, "Instruments by the name of their metric.")
    meaning = "The same metrics under narrower rules, by the id of the refinement."
    return text + _index("REFINEMENTS", "Instrument", registry.refined_instruments, meaning)


def events(registry: Registry) -> str:
    """The module of event names and descriptors."""
    text = head("Event names and what each event carries.", "from spanwise.semconv.descriptor import Event, Level, Use")
    text += "\n".join(final(constant(name), string(name), event.brief) for name, event in registry.events.items())
    text += "\nALL: Final[dict[str, Event]] = {\n"
    text += "".join(f"{constant(name)}: {_event(event)},\n" for name, event in registry.events.items())
    return text + '}\n"""Events by name."""\n'


def entities(registry: Registry) -> str:
    """The module of resource entities."""
    text = head("Resource entities.", "from spanwise.semconv.descriptor import Entity")
    text += "\n".join(final(constant(name), _entity(e), e.brief) for name, e in registry.entities.items())
    return text + _index("ALL", "Entity", registry.entities, "Entities by type.")


def deprecated(registry: Registry) -> str:
    """The module of outdated names and values."""
    file = registry.files["deprecated"]
    text = head("Names and values that telemetry still carries and the conventions no longer have.")
    text += "RENAMED: Final[dict[str, tuple[str | None, str]]] = {\n"
    for entry in file["renamed"]:
        current = "None" if entry["to"] is None else string(entry["to"])
        text += f"{string(entry['from'])}: ({current}, {string(entry['note'])}),\n"
    text += '}\n"""Old name of an attribute, metric, event or span type: the current name, if any, and a note."""\n\n'
    text += "CONTEXTUAL: Final[dict[str, tuple[str, str, str]]] = {\n"
    for entry in file["contextual"]:
        values = strings([entry["to"], entry["where"], entry["note"]])
        text += f"{string(entry['from'])}: {values},\n"
    text += '}\n"""Name that is outdated in one place only: the name to use there, the place, and a note."""\n\n'
    text += "VALUES: Final[dict[str, dict[str, str]]] = {\n"
    for name, changed in file["values"].items():
        pairs = "".join(f"{string(old)}: {string(new)},\n" for old, new in changed.items())
        text += f"{string(name)}: {{\n{pairs}}},\n"
    return text + '}\n"""Attribute: old value: current value."""\n'


def _index(name: str, kind: str, names: Iterable[str], meaning: str) -> str:
    body = "".join(f"{string(one)}: {constant(one)},\n" for one in names)
    return f'\n{name}: Final[dict[str, {kind}]] = {{\n{body}}}\n"""{meaning}"""\n'


def _level(level: Level | None) -> str:
    return "None" if level is None else f"Level.{level.name}"


def _uses(uses: tuple[Use, ...]) -> str:
    return group([_use(use) for use in uses])


def _use(use: Use) -> str:
    positional = f"Use({string(use.attribute)}, {_level(use.level)}"
    optional = {
        "condition": string(use.condition),
        "sampling": str(use.sampling),
        "expected": str(use.expected),
        "values": strings(use.values),
    }
    keywords = call("", {}, optional)[1:]
    return f"{positional}, {keywords}" if len(keywords) > 1 else f"{positional})"


def _attribute(attribute: Attribute) -> str:
    said = {
        "name": string(attribute.name),
        "type": string(attribute.type),
        "brief": string(attribute.brief),
        "members": strings(attribute.members),
        "sensitivity": string(attribute.sensitivity),
    }
    return call("Attribute", said, {"note": string(attribute.note)})


def _span(span: Span) -> str:
    said = {
        "id": string(span.id),
        "brief": string(span.brief),
        "kinds": strings(span.kinds),
        "operations": strings(span.operations),
        "names": strings(span.names),
        "uses": _uses(span.uses),
        "refines": "None" if span.refines is None else string(span.refines),
    }
    return call("Span", said, {"entities": strings(span.entities), "note": string(span.note)})


def _instrument(instrument: Instrument) -> str:
    said = {
        "name": string(instrument.name),
        "kind": string(instrument.kind),
        "unit": string(instrument.unit),
        "description": string(instrument.description),
        "buckets": repr(instrument.buckets),
        "uses": _uses(instrument.uses),
        "value": string(instrument.value),
        "level": _level(instrument.level),
    }
    return call("Instrument", said, {"note": string(instrument.note)})


def _event(event: Event) -> str:
    said = {
        "name": string(event.name),
        "brief": string(event.brief),
        "level": _level(event.level),
        "severity": "None" if event.severity is None else string(event.severity),
        "uses": _uses(event.uses),
    }
    return call("Event", said, {"note": string(event.note)})


def _entity(entity: Entity) -> str:
    said = {
        "type": string(entity.type),
        "brief": string(entity.brief),
        "identity": strings(entity.identity),
        "description": strings(entity.description),
    }
    return call("Entity", said, {"note": string(entity.note)})
