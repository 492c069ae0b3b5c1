"""What a convention says about an attribute, a span, an event or an entity.

Importing this costs what `enum` and `collections` cost. `typing` would cost as much as everything else in
`spanwise.semconv` together, so `named_tuple` stands in for `typing.NamedTuple` when the program runs.
"""

from __future__ import annotations

from enum import StrEnum


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from spanwise.semconv.named_tuple import NamedTuple


class Level(StrEnum):
    """How much the convention wants an attribute, an event or a metric."""

    REQUIRED = "required"
    CONDITIONALLY_REQUIRED = "conditionally_required"
    RECOMMENDED = "recommended"
    OPT_IN = "opt_in"


class Attribute(NamedTuple):
    """An attribute of the registry.

    `type` is string, int, double, boolean, string[], int[], any (structured), enum (an open enumeration of strings) or
    template (a prefix; each name below it holds a string). `members` are the listed values of an enumeration and the
    usual values of another type. `sensitivity` is content (what a person or a model wrote), personal (may identify
    somebody), safe (low in cardinality, no user text) or plain (everything between).
    """

    name: str
    type: str
    brief: str
    members: tuple[str, ...]
    sensitivity: str
    note: str = ""


class Use(NamedTuple):
    """An attribute on one span, metric or event.

    `condition` says when a conditionally required attribute is required, or where a recommended one applies; empty
    means always. `sampling` marks what a sampler may want, so it is given when the span starts. `expected` marks what
    upstream's conformance suite demands of a call that succeeded: what is required, and what is recommended without
    a condition. `values` are the only values allowed here; empty means those of the attribute.
    """

    attribute: str
    level: Level
    condition: str = ""
    sampling: bool = False
    expected: bool = False
    values: tuple[str, ...] = ()


class Span(NamedTuple):
    """A span type, or a refinement of one.

    `kinds` are client, internal or server, the usual one first. `operations` are the values of
    `gen_ai.operation.name` that mark the span; MCP spans have none, `mcp.method.name` marks them. `names` are
    templates such as `{gen_ai.operation.name} {gen_ai.request.model}`, tried in order: the first whose attributes are
    all known is the span's name. `refines` is the id of the span type under narrower rules here. `entities` are the
    resource entities the span belongs to.
    """

    id: str
    brief: str
    kinds: tuple[str, ...]
    operations: tuple[str, ...]
    names: tuple[str, ...]
    uses: tuple[Use, ...]
    refines: str | None = None
    entities: tuple[str, ...] = ()
    note: str = ""


class Instrument(NamedTuple):
    """What a meter needs to make the instrument of one metric, and the labels it carries.

    `kind` is histogram, counter or gauge, `value` int or double, `unit` in UCUM. `buckets` is the advice for a
    histogram's bounds, in `unit`; None leaves them to the SDK. `level` is None where upstream sets none.
    """

    name: str
    kind: str
    unit: str
    description: str
    buckets: tuple[float, ...] | None
    uses: tuple[Use, ...] = ()
    value: str = "int"
    level: Level | None = Level.RECOMMENDED
    note: str = ""


class Event(NamedTuple):
    """An event: a log record with an event name and no body. `severity` is the text of the level, None if not set."""

    name: str
    brief: str
    level: Level
    severity: str | None
    uses: tuple[Use, ...]
    note: str = ""


class Entity(NamedTuple):
    """A resource entity: the attributes that identify it and those that describe it."""

    type: str
    brief: str
    identity: tuple[str, ...]
    description: tuple[str, ...]
    note: str = ""
