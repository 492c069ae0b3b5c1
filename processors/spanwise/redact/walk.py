"""One walk over one span (or one value): budget, counts, and every carrier visited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from spanwise.record import AttributeValue
from spanwise.redact.document import hides, is_valid, looks_like_json, redact_document
from spanwise.redact.kinds import DROPPED
from spanwise.redact.rule import compiled
from spanwise.redact.scanner import Budget, Exhausted, Scanner
from spanwise.redact.text import SHORTEST, context_prefix, redact_text


MAX_DEPTH: Final = 64
"""Nesting of attribute values that is followed; what is deeper is dropped."""

MAX_CANDIDATES: Final = 100_000
"""Places of one span that are looked at closely, about a second of work; real text has one per several KB."""

_JSON_DEPTH: Final = 4
_BLOB_LENGTH: Final = 256
_BLOB: Final = compiled(rb"(?:data:[a-z0-9.+/\-]{0,80}(?:;[a-z0-9=\-]{1,40}){0,3},)?[A-Za-z0-9+/_\-\r\n]*={0,2}\s*")


class Walk:
    """The state of one walk; made for one span and thrown away.

    Attributes:
        kinds: What was taken out, by kind.
        dropped: Why content was dropped unread; empty when nothing was.
    """

    __slots__ = ("_budget", "_numberless", "_remaining", "_scanner", "dropped", "kinds")

    def __init__(self, scanner: Scanner, numberless: Scanner, max_bytes: int) -> None:
        self._scanner = scanner
        self._numberless = numberless
        self._remaining = max_bytes
        self._budget = Budget(MAX_CANDIDATES)
        self.kinds: Counter[str] = Counter()
        self.dropped = ""

    def using(self, scanner: Scanner) -> Walk:
        """A walk with another scanner, its own budget left, that counts into the same place."""
        other = Walk(scanner, self._numberless, self._remaining)
        other.kinds = self.kinds
        other._budget = self._budget
        return other

    def mapping(self, values: Mapping[str, AttributeValue], depth: int = 0) -> dict[str, AttributeValue]:
        """`values` redacted, keys included. Keys that become equal get a number, so that no value is lost."""
        result: dict[str, AttributeValue] = {}
        doubtful = self._scanner.suspects("\0".join(map(str, values)).encode("utf-8", "surrogatepass"))
        for key, value in values.items():
            name = clean = self.string(str(key)) if doubtful else str(key)
            while clean in result:
                clean = f"{name}{len(result)}"
            result[clean] = self.value(value, str(key), depth)
        return result

    def value(self, value: AttributeValue, key: str = "", depth: int = 0) -> AttributeValue:
        """`value` redacted; the same object when nothing had to change in a scalar."""
        if isinstance(value, str):
            return self.string(value, key)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return self.number(value, key)
        if depth >= MAX_DEPTH:
            return self._drop("nesting deeper than 64")
        if isinstance(value, bytes | bytearray | memoryview):
            return self._bytes(bytes(value), key)
        if isinstance(value, Mapping):
            return self.mapping(value, depth + 1)
        if isinstance(value, Sequence):
            items = [self.value(item, key, depth + 1) for item in value]
            return tuple(items) if isinstance(value, tuple) else items
        return self._drop("unknown type of value")

    def number(self, value: float, key: str = "") -> AttributeValue:
        """`value`, or a label when its digits are a card number, or a number that `key` names."""
        digits = digits_of(value)
        if digits is None:
            return self._drop("number out of range")
        if not digits:
            return value
        clean = self._search(self._scanner, digits, key)
        return value if clean == digits else clean

    def string(self, text: str, key: str = "", depth: int = 0) -> str:
        """`text` redacted, as JSON when it is JSON; `depth` counts JSON inside JSON."""
        if len(text) < SHORTEST:
            return text
        data = text.encode("utf-8", "surrogatepass")
        if depth == 0:
            self._remaining -= len(data)
            if self._remaining < 0:
                return self._drop("more text than max_span_bytes")
        is_json = looks_like_json(text)
        prefix = context_prefix(key) if key else b""
        if not self._scanner.suspects(prefix + data) and not (is_json and hides(data)):
            return text
        if is_json:
            return self._document(text, data, key, depth)
        if len(data) >= _BLOB_LENGTH and _BLOB.fullmatch(data):
            return self._search(self._numberless, text)
        return self._search(self._scanner, text, key)

    def _document(self, text: str, data: bytes, key: str, depth: int) -> str:
        if depth >= _JSON_DEPTH:
            return self._drop("JSON nested too deep")

        def read(inner: str, inner_key: str) -> str:
            return self.string(inner, inner_key or key, depth + 1)

        valid = is_valid(data)
        clean = redact_document(data, read, valid=valid)
        result = text if clean == data else clean.decode("utf-8", "surrogatepass")
        # What no parser accepts may be no JSON at all: it is read as plain text as well.
        return result if valid else self._search(self._scanner, result, key)

    def _search(self, scanner: Scanner, text: str, key: str = "") -> str:
        try:
            return redact_text(scanner, text, self.kinds, self._budget, key)
        except Exhausted:
            return self._drop("too many candidates")

    def _bytes(self, value: bytes, key: str) -> AttributeValue:
        text = value.decode("utf-8", "surrogateescape")
        if any("\udc80" <= letter <= "\udcff" for letter in text):
            text = value.decode("latin-1")
            clean = self.string(text, key)
            return value if clean == text else clean.encode("latin-1", "replace")
        clean = self.string(text, key)
        return value if clean == text else clean.encode("utf-8")

    def _drop(self, reason: str) -> str:
        self.dropped = self.dropped or reason
        return DROPPED


def digits_of(value: float) -> str | None:
    """The digits of a whole number that is long enough to be somebody's; empty for others, `None` beyond 64 bits."""
    if isinstance(value, float):
        if not value.is_integer() or abs(value) >= 1e20:
            return ""
        value = int(value)
    if -1_000_000 < value < 1_000_000:
        return ""
    return str(abs(value)) if -(2**63) <= value < 2**64 else None
