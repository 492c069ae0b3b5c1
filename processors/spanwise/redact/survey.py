"""`Survey`: the quick look that lets most spans pass without a walk."""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.record import AttributeValue
from spanwise.redact.document import hides
from spanwise.redact.scanner import Scanner
from spanwise.redact.walk import MAX_DEPTH, digits_of


class Survey:
    """Collects every text of a span, so that one pass of the gate can clear all of them together.

    A span in which nothing is suspected costs one search, however many attributes it has.
    """

    __slots__ = ("_texts", "certain")

    def __init__(self) -> None:
        self._texts: list[str] = []
        self.certain = True

    def add(self, value: AttributeValue, key: str = "", depth: int = 0) -> None:
        """Remember the texts in `value`; `certain` turns false when only a walk can tell."""
        if isinstance(value, str):
            self._texts.append(value)
        elif isinstance(value, int | float) or value is None:
            self._number(value)
        elif depth < MAX_DEPTH and isinstance(value, Mapping):
            self.mapping(value, depth + 1)
        elif depth < MAX_DEPTH and isinstance(value, list | tuple):
            for item in value:
                self._texts.append(key)
                self.add(item, key, depth + 1)
        else:
            self.certain = False

    def mapping(self, values: Mapping[str, AttributeValue], depth: int = 0) -> None:
        """Remember the keys and values of `values`, side by side: a key can give a number its meaning."""
        for key, value in values.items():
            self._texts.append(str(key))
            self.add(value, str(key), depth)

    def _number(self, value: float | None) -> None:
        if value is None or isinstance(value, bool):
            return
        digits = digits_of(value)
        if digits is None:
            self.certain = False
        elif digits:
            self._texts.append(digits)

    def clean(self, scanner: Scanner, max_bytes: int) -> bool:
        """Whether it is certain that no text holds anything; false means that a walk must tell."""
        if not self.certain:
            return False
        data = "\0".join(self._texts).encode("utf-8", "surrogatepass")
        return len(data) <= max_bytes and not hides(data) and not scanner.suspects(data)
