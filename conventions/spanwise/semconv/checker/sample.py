"""What the checker looks at: spans, metrics, events and resources, wherever they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, Union


Value: TypeAlias = Union[  # noqa: UP007 - a recursive alias needs the subscript form
    str, bool, int, float, bytes, None, Sequence["Value"], Mapping[str, "Value"]
]
"""An attribute's value. `None` is the same as no attribute."""

Attributes: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ResourceSample:
    """What emitted the telemetry beside it."""

    attributes: Attributes


@dataclass(frozen=True, slots=True)
class EventSample:
    """A log record with an event name, or an event of a span.

    `structured` tells whether its attributes can hold arrays and maps: log records can, and then must.
    """

    name: str
    attributes: Attributes
    where: str = ""
    structured: bool = True


@dataclass(frozen=True, slots=True)
class SpanSample:
    """A finished span. `kind` and `status` are the names of the protocol in lower case: `client`, `error`."""

    name: str
    kind: str
    status: str
    attributes: Attributes
    events: tuple[EventSample, ...] = ()
    where: str = ""
    resource: Attributes = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether the span's status is an error."""
        return self.status == "error"


@dataclass(frozen=True, slots=True)
class MetricSample:
    """A metric with the attributes of its data points. `instrument` is `counter`, `updowncounter`, `gauge`,
    `histogram`, `summary`, or empty where the metric has no data.
    """

    name: str
    unit: str
    instrument: str
    points: tuple[Attributes, ...]


Sample: TypeAlias = SpanSample | MetricSample | EventSample | ResourceSample
