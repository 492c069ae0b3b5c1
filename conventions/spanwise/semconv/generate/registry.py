"""The registry's YAML, read, checked and resolved to descriptors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeAlias, TypeVar

from spanwise.semconv.descriptor import Attribute, Entity, Event, Instrument, Level, Span, Use


Entry: TypeAlias = dict[str, Any]
"""One parsed YAML mapping: the JSON border of this module."""

T = TypeVar("T")

FOLDER = Path(__file__).parents[1] / "registry"
UPSTREAM = ("core", "gen_ai", "openai", "aws_bedrock", "mcp")
"""Attributes of conventions that are not ours, in the order in which they are listed."""
EXTENSION = "spanwise"
OTHERS = ("spans", "metrics", "events", "entities", "deprecated", "messages", "provisional")


class RegistryError(ValueError):
    """The registry contradicts itself; the message says where."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything the registry says, references resolved.

    `files` are the parsed files by name. `members` are the values of each enumeration with what they mean.
    """

    files: dict[str, Entry]
    attributes: dict[str, Attribute]
    members: dict[str, dict[str, str]]
    spans: dict[str, Span]
    instruments: dict[str, Instrument]
    refined_instruments: dict[str, Instrument]
    events: dict[str, Event]
    entities: dict[str, Entity]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Self:
        """The registry in `folder`.

        Raises:
            RegistryError: a name is declared twice, a reference leads nowhere, or a key is unknown.
        """
        import yaml

        names = (*UPSTREAM, EXTENSION, *OTHERS)
        return cls.resolve({name: yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8")) for name in names})

    @classmethod
    def resolve(cls, files: dict[str, Entry]) -> Self:
        """The registry of parsed `files`; see `load`."""
        listed = [entry for name in (*UPSTREAM, EXTENSION) for entry in files[name]["attributes"]]
        attributes = _unique((_attribute(entry) for entry in listed), lambda attribute: attribute.name)
        members = {entry["name"]: _members(entry) for entry in listed if "members" in entry}
        entities = _unique((_entity(entry) for entry in files["entities"]["entities"]), lambda entity: entity.type)
        spans = _spans(files["spans"])
        instruments, refined = _instruments(files)
        registry = cls(
            files=files,
            attributes=attributes,
            members=members,
            spans=spans,
            instruments=instruments,
            refined_instruments=refined,
            events=_unique((_event(entry, spans) for entry in files["events"]["events"]), lambda event: event.name),
            entities=entities,
        )
        registry.check()
        return registry

    def check(self) -> None:
        """Raise `RegistryError` unless every attribute and entity that something refers to is declared."""
        for owner, names in self._references():
            if unknown := sorted(set(names) - self.attributes.keys()):
                raise RegistryError(f"{owner}: no such attribute: {', '.join(unknown)}")
        for span in self.spans.values():
            if unknown := sorted(set(span.entities) - self.entities.keys()):
                raise RegistryError(f"{span.id}: no such entity: {', '.join(unknown)}")
            for template in span.names:
                if unknown := sorted(set(fields(template)) - {use.attribute for use in span.uses}):
                    raise RegistryError(f"{span.id}: the name needs {', '.join(unknown)}")

    def _references(self) -> Iterable[tuple[str, Iterable[str]]]:
        for span in self.spans.values():
            yield span.id, (use.attribute for use in span.uses)
        for name, instrument in (self.instruments | self.refined_instruments).items():
            yield name, (use.attribute for use in instrument.uses)
        for event in self.events.values():
            yield event.name, (use.attribute for use in event.uses)
        for entity in self.entities.values():
            yield entity.type, (*entity.identity, *entity.description)
        yield "messages", self.files["messages"]["schemas"]
        current = (entry["to"] for entry in self.files["deprecated"]["renamed"] if entry["signal"] == "attribute")
        yield "deprecated", (name for name in current if name is not None)


def fields(template: str) -> list[str]:
    """The attributes that the span name `template` needs."""
    return [piece.partition("}")[0] for piece in template.split("{")[1:]]


def uses(entry: Entry, groups: Entry, inherited: tuple[Use, ...] = ()) -> tuple[Use, ...]:
    """The uses of one span, metric or event: inherited ones, then those of its groups, then its own; the last wins."""
    found = {use.attribute: use for use in inherited}
    for name in entry.get("groups", []):
        if name not in groups:
            raise RegistryError(f"no such group: {name}")
        found |= {use.attribute: use for use in map(_use, groups[name])}
    found |= {use.attribute: use for use in map(_use, entry.get("uses", []))}
    return tuple(sorted(found.values(), key=lambda use: tuple(Level).index(use.level)))


def _known(entry: Entry, *keys: str) -> Entry:
    if unknown := sorted(entry.keys() - set(keys)):
        raise RegistryError(f"{entry}: no such key: {', '.join(unknown)}")
    return entry


def _unique(made: Iterable[T], name: Callable[[T], str]) -> dict[str, T]:
    found: dict[str, T] = {}
    for one in made:
        if name(one) in found:
            raise RegistryError(f"{name(one)} is declared twice")
        found[name(one)] = one
    return found


def _members(entry: Entry) -> dict[str, str]:
    members = entry.get("members", {})
    return dict(members) if isinstance(members, dict) else dict.fromkeys(members, "")


def _attribute(entry: Entry) -> Attribute:
    _known(entry, "name", "type", "brief", "sensitivity", "members", "note")
    return Attribute(
        name=entry["name"],
        type=entry["type"],
        brief=entry["brief"],
        members=tuple(_members(entry)),
        sensitivity=entry["sensitivity"],
        note=entry.get("note", ""),
    )


def _use(entry: Entry) -> Use:
    _known(entry, "ref", "level", "when", "sampling", "values")
    level, condition = Level(entry["level"]), entry.get("when", "")
    if level is Level.CONDITIONALLY_REQUIRED and not condition:
        raise RegistryError(f"{entry['ref']}: conditionally required, but when?")
    return Use(
        attribute=entry["ref"],
        level=level,
        condition=condition,
        sampling=entry.get("sampling", False),
        expected=level is Level.REQUIRED or (level is Level.RECOMMENDED and not condition),
        values=tuple(entry.get("values", [])),
    )


def _spans(file: Entry) -> dict[str, Span]:
    made: dict[str, Span] = {}
    for entry in (*file["spans"], *file["refinements"]):
        _known(entry, "id", "refines", "brief", "note", "kinds", "operations", "names", "entities", "groups", "uses")
        base = made[entry["refines"]] if "refines" in entry else None
        if entry["id"] in made:
            raise RegistryError(f"{entry['id']} is declared twice")
        made[entry["id"]] = Span(
            id=entry["id"],
            brief=entry["brief"],
            kinds=base.kinds if base else tuple(entry["kinds"]),
            operations=base.operations if base else tuple(entry["operations"]),
            names=base.names if base and "names" not in entry else tuple(entry["names"]),
            uses=uses(entry, file["groups"], base.uses if base else ()),
            refines=entry.get("refines"),
            entities=base.entities if base else tuple(entry.get("entities", [])),
            note=entry.get("note", ""),
        )
    return made


def _instruments(files: dict[str, Entry]) -> tuple[dict[str, Instrument], dict[str, Instrument]]:
    groups, buckets = files["metrics"]["groups"], files["metrics"]["buckets"]
    listed = (*files["metrics"]["metrics"], *files[EXTENSION]["metrics"])
    made = _unique((_instrument(entry, groups, buckets) for entry in listed), lambda instrument: instrument.name)
    refined: dict[str, Instrument] = {}
    for entry in files["metrics"]["refinements"]:
        base = made[_known(entry, "id", "refines", "groups", "uses")["refines"]]
        refined[entry["id"]] = base._replace(uses=uses(entry, groups, base.uses))
    return made, refined


def _instrument(entry: Entry, groups: Entry, buckets: Entry) -> Instrument:
    _known(entry, "name", "instrument", "unit", "value", "level", "buckets", "brief", "note", "groups", "uses")
    level = entry.get("level", Level.RECOMMENDED)
    return Instrument(
        name=entry["name"],
        kind=entry["instrument"],
        unit=entry["unit"],
        description=entry["brief"],
        buckets=tuple(buckets[entry["buckets"]]) if "buckets" in entry else None,
        uses=uses(entry, groups),
        value=entry.get("value", "int"),
        level=None if level is None else Level(level),
        note=entry.get("note", ""),
    )


def _event(entry: Entry, spans: dict[str, Span]) -> Event:
    _known(entry, "name", "brief", "level", "severity", "note", "span", "uses")
    return Event(
        name=entry["name"],
        brief=entry["brief"],
        level=Level(entry["level"]),
        severity=entry["severity"],
        uses=uses(entry, {}, spans[entry["span"]].uses if "span" in entry else ()),
        note=entry.get("note", ""),
    )


def _entity(entry: Entry) -> Entity:
    _known(entry, "type", "brief", "note", "identity", "description")
    return Entity(
        type=entry["type"],
        brief=entry["brief"],
        identity=tuple(entry["identity"]),
        description=tuple(entry["description"]),
        note=entry.get("note", ""),
    )
