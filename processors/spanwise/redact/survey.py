"""`Survey`: the quick look that lets most spans pass without a walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spanwise.record import AttributeValue
from spanwise.redact.scanner import Scanner
from spanwise.redact.sibling import is_carrier
from spanwise.redact.text import LONGEST_KEY
from spanwise.redact.walk import MAX_DEPTH, digits_of


class Survey:
    """Collects every text of a span, so that one pass of the gate can clear all of them together.

    A span in which nothing is suspected costs one search, however many attributes it has.

    Args:
        scanner: what is looked for.
        action: what a policy says of an attribute's whole value, empty for nothing.
    """

    __slots__ = ("_action", "_scanner", "_texts", "certain")

    def __init__(self, scanner: Scanner, action: Callable[[str], str]) -> None:
        self._scanner = scanner
        self._action = action
        self._texts: list[str] = []
        self.certain = True

    def add(self, value: AttributeValue, key: str = "", depth: int = 0) -> None:
        """Remember the texts in `value`; `certain` turns false when only a walk can tell."""
        if isinstance(value, str):
            self._texts.append(f"{key[-LONGEST_KEY:]}: {value}" if key else value)
        elif isinstance(value, int | float) or value is None:
            self._number(value, key)
        elif depth < MAX_DEPTH and isinstance(value, Mapping):
            self.mapping(value, depth + 1)
        elif depth < MAX_DEPTH and isinstance(value, list | tuple):
            if len(value) > 1 and is_carrier(key):
                self.certain = False
            for item in value:
                self.add(item, key, depth + 1)
        else:
            self.certain = False

    def mapping(self, values: Mapping[str, AttributeValue], depth: int = 0) -> None:
        """Remember the keys and values of `values`, side by side: a key can give a value its meaning."""
        keyed = self._scanner.keyed
        for key, value in values.items():
            name = str(key)
            if (keyed(name) is not None and isinstance(value, str | list | tuple)) or (
                not depth and self._action(name)
            ):
                self.certain = False
            if not isinstance(value, str):
                self._texts.append(name)
            self.add(value, name, depth)

    def _number(self, value: float | None, key: str) -> None:
        if value is None or isinstance(value, bool):
            return
        digits = digits_of(value)
        if digits is None:
            self.certain = False
        elif digits:
            self.add(digits, key)

    def clean(self, max_bytes: int) -> bool:
        """Whether it is certain that no text holds anything; false means that a walk must tell."""
        if not self.certain:
            return False
        data = "\0".join(self._texts).encode("utf-8", "surrogatepass")
        if len(data) > max_bytes:
            return False
        return not (self._scanner.suspects_document(data) if b"{" in data else self._scanner.suspects(data))
