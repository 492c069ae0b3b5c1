"""`CapConfig`: how large a span may be."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

from spanwise.policy import Reader


_LEAST = {"max_attribute_bytes": 256, "max_span_bytes": 1024, "max_events": 2}
_MOST = {"max_attribute_bytes": 16 * 1024 * 1024, "max_span_bytes": 64 * 1024 * 1024, "max_events": 10_000}
_ABOUT = {
    "max_attribute_bytes": "UTF-8 bytes of one attribute, name or description; a longer one is cut, JSON as JSON.",
    "max_span_bytes": "UTF-8 bytes of a span's texts together.",
    "max_events": "Events kept of a span; the first and the last ones stay.",
}


@dataclass(frozen=True, slots=True)
class CapConfig:
    """Limits of one span.

    Attributes:
        max_attribute_bytes: UTF-8 bytes of one attribute, name or description.
        max_span_bytes: UTF-8 bytes of all of them together.
        max_events: Events kept; the first and the last ones stay.
    """

    max_attribute_bytes: int = 65_536
    max_span_bytes: int = 1_048_576
    max_events: int = 128

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        default = cls()
        settings = cls(
            **{
                key: reader.integer(key, getattr(default, key), least=_LEAST[key], most=_MOST[key], about=_ABOUT[key])
                for key in (entry.name for entry in fields(cls))
            }
        )
        reader.finish()
        return settings

    def validate(self) -> list[str]:
        """One sentence per mistake, naming the key, what was found and what is accepted; empty when all is well."""
        return [problem for entry in fields(self) if (problem := self._problem(entry.name))]

    def _problem(self, key: str) -> str:
        value = getattr(self, key)
        if isinstance(value, int) and not isinstance(value, bool) and _LEAST[key] <= value <= _MOST[key]:
            return ""
        return f"{key}: found {value!r}, accepted is a whole number from {_LEAST[key]} to {_MOST[key]}."
