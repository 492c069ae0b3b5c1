"""The contract of a wire codec."""

from __future__ import annotations

import re
from collections.abc import Mapping
from re import Pattern
from typing import Any, ClassVar, Final, Protocol, TypeAlias

from opentelemetry.util.types import AttributeValue


Json: TypeAlias = Mapping[str, Any]
"""A JSON object of a provider: the border at which nothing is known of the values."""

Attributes: TypeAlias = dict[str, AttributeValue]
"""Convention attributes. A codec leaves out what the body does not say."""

NOTHING: Final = re.compile(rb"\x00(?!)")
"""Finds nothing. It asks for a byte that JSON does not have, because a search for one byte takes a 20th of the time."""


class Reducer(Protocol):
    """Folds the events of one stream into the body that the same call without streaming would have returned."""

    def add(self, event: Json, /) -> None:
        """Take one event's data."""
        ...

    def body(self) -> Json:
        """The body so far; complete once the stream is."""
        ...

    @property
    def error(self) -> str | None:
        """The class of an error that the provider sent inside the stream, low in cardinality."""
        ...


class Codec(Protocol):
    """Translates one API dialect into convention attributes.

    Every method is pure and accepts any JSON: fields of a wrong type are left out, nothing raises.
    """

    operation: ClassVar[str]
    """The convention's operation name."""

    gate: ClassVar[Pattern[bytes]]
    """Finds the events of a stream that matter when content is not captured.

    It may match too much, never too little; inside a JSON string every quote is escaped, so a pattern with quotes
    cannot be met by what a model wrote.
    """

    last: ClassVar[Pattern[bytes]]
    """Finds the event after which the provider sends nothing more."""

    def request(self, body: Json, /) -> Attributes:
        """Attributes of the request, content left out."""
        ...

    def request_content(self, body: Json, /) -> Attributes:
        """Content attributes of the request, as JSON text."""
        ...

    def response(self, body: Json, /) -> Attributes:
        """Attributes of the response, content left out."""
        ...

    def response_content(self, body: Json, /) -> Attributes:
        """Content attributes of the response, as JSON text."""
        ...

    def reducer(self) -> Reducer:
        """A reducer for one stream."""
        ...
