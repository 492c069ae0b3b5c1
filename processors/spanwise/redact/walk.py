"""One walk over one span (or one value): budget, counts, and every carrier visited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from spanwise.record import AttributeValue
from spanwise.redact.base64_run import run_at
from spanwise.redact.budget import Budget, Exhausted
from spanwise.redact.document import is_valid, looks_like_json, redact_document
from spanwise.redact.kinds import DROPPED, WHOLE
from spanwise.redact.names import UNREAD, NameFinder
from spanwise.redact.pattern import compiled
from spanwise.redact.replacement import Replacement
from spanwise.redact.rule import Rule
from spanwise.redact.scanner import Scanner
from spanwise.redact.sibling import is_carrier
from spanwise.redact.straddle import without_straddling
from spanwise.redact.tally import Finding, Tally
from spanwise.redact.text import SHORTEST, Dropped, key_prefix, redact_text, replaced


MAX_DEPTH: Final = 64
"""Nesting of attribute values that is followed; what is deeper is dropped."""

MAX_CANDIDATES: Final = 100_000
"""Places of one span that are looked at closely; real text has one per several KB."""

_HOST_KINDS: Final = frozenset({"ipv4", "ipv6", "mac"})
OWN_HOSTS: Final = ("host.", "k8s.", "net.", "network.", "server.", "service.instance.")
"""Addresses under these names are the user's own hosts, or the host that was called: what an operator looks for."""

_JSON_DEPTH: Final = 4
_BLOB_LENGTH: Final = 256
_ROUNDS: Final = 16  # what stands in for a value can bring its neighbours into a new light
_FEW_WORDS: Final = 3  # a name of a model, a host or an operation has fewer
_BLOB: Final = compiled(rb"(?:data:[a-z0-9.+/\-]{0,80}(?:;[a-z0-9=\-]{1,40}){0,3},)?[A-Za-z0-9+/_\-\r\n]*={0,2}\s*")


class Walk:
    """The state of one walk; made for one span and thrown away.

    Attributes:
        tenant: Whose values these are.
        tally: What was taken out, and what stands in for it.
        dropped: Why content was dropped unread; empty when nothing was.
    """

    __slots__ = (
        "_budget",
        "_names",
        "_remaining",
        "_replacement",
        "_scanner",
        "_without",
        "dropped",
        "tally",
        "tenant",
    )

    def __init__(  # noqa: PLR0913 - what a regime is made of
        self,
        scanner: Scanner,
        replacement: Replacement,
        names: NameFinder | None,
        *,
        max_bytes: int,
        seconds: float,
        tenant: str,
        tally: Tally,
    ) -> None:
        self._scanner = scanner
        self._without: frozenset[str] = frozenset()
        self._replacement = replacement
        self._names = names
        self._remaining = max_bytes
        self._budget = Budget(MAX_CANDIDATES, seconds=seconds)
        self.tenant = tenant
        self.tally = tally
        self.dropped = ""

    def attributes(self, values: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
        """The attributes of a span, event, link, resource or scope redacted.

        What a policy says of an attribute's whole value comes first. The addresses of the user's own hosts stay.
        """
        clean: dict[str, AttributeValue] = {}
        searched: dict[str, AttributeValue] = {}
        for key, value in values.items():
            if self._replacement.attribute(key):
                clean[self.string(key)] = self._replaced(key, value)
            elif key.startswith(OWN_HOSTS):
                clean[self.string(key)] = self._of_host(key, value)
            else:
                searched[key] = value
        return {**self.mapping(searched), **clean}

    def _replaced(self, key: str, value: AttributeValue) -> AttributeValue:
        stands = self._replacement.whole(key, value, kind=self._scanner.kind_of, tenant=self.tenant)
        if stands != value:
            self.tally.kinds[WHOLE] += 1
        return stands

    def _of_host(self, key: str, value: AttributeValue) -> AttributeValue:
        self._without = _HOST_KINDS
        try:
            return self.value(value, key)
        finally:
            self._without = frozenset()

    def mapping(self, values: Mapping[str, AttributeValue], depth: int = 0) -> dict[str, AttributeValue]:
        """`values` redacted, keys included. Keys that become equal get a number, so that no value is lost."""
        result: dict[str, AttributeValue] = {}
        names = "\0".join(map(str, values))
        # A name can be JSON, and hide a value behind escapes that only a document's reader takes off.
        doubtful = "\\" in names or self._scanner.suspects(names.encode("utf-8", "surrogatepass"))
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
            items = [self.value(item, key, depth + 1) for item in self._unsplit(value, key)]
            return tuple(items) if isinstance(value, tuple) else items
        return self._drop("unknown type of value")

    def number(self, value: float, key: str = "") -> AttributeValue:
        """`value`, or what stands in for it when its digits are a card number, or a number that `key` names."""
        digits = digits_of(value)
        if digits is None:
            return self._drop("number out of range")
        if not digits:
            return value
        clean = self._search(digits, key)
        return value if clean == digits else clean

    def string(self, text: str, key: str = "", depth: int = 0) -> str:
        """`text` redacted, as JSON when it is JSON; `depth` counts JSON inside JSON."""
        rule = self._scanner.keyed(key) if key else None
        if rule is not None:
            return self._whole(text, key, rule, depth)
        if len(text) < SHORTEST and (not key or len(text) < 3):
            return text
        data = text.encode("utf-8", "surrogatepass")
        if depth == 0:
            self._remaining -= len(data)
            if self._remaining < 0:
                return self._drop("more text than max_span_bytes")
        is_json = looks_like_json(text)
        if is_json:
            suspect = self._scanner.suspects_document(key_prefix(key) + data)
            return self._document(text, data, key, depth) if suspect or self._names is not None else text
        if len(data) >= _BLOB_LENGTH and b"\n" in data and _BLOB.fullmatch(data):
            return self._lines_of_base64(text, data, key)
        return self._search(text, key)

    def joined(self, texts: list[str]) -> list[str] | None:
        """`texts`, pieces that follow each other, without what stands across their borders; `None` for no change."""
        found: list[str] | None = None
        try:
            for _ in range(_ROUNDS):
                clean = without_straddling(self._scanner, found or texts, self.tally, self._budget)
                if clean is None or clean == found:
                    return found
                found = clean
        except Exhausted as reason:
            self._drop(str(reason))
        except Dropped:
            pass
        return [DROPPED] * len(texts)

    def _whole(self, text: str, key: str, rule: Rule, depth: int) -> str:
        """A text under a key that says that all of it is a value; JSON is read, because its keys say more."""
        data = text.encode("utf-8", "surrogatepass")
        if looks_like_json(text) and is_valid(data):
            return self._document(text, data, "", depth)
        if not self._scanner.whole(data, rule):
            return self._search(text, key)
        prefix = key_prefix(key)
        known = self._scanner.only_hit(prefix + data, len(prefix))
        kind, found_by = (known.kind, known.rule) if known is not None else (rule.kind, rule.id)
        stands = self.tally.replace(kind, text)
        if self.tally.findings is not None:
            self.tally.findings.append(Finding(found_by, kind, 0, len(text), key, stands))
        if stands == text:
            return text
        self.tally.kinds[kind] += 1
        return DROPPED if stands is None else stands

    def _unsplit(self, values: Sequence[AttributeValue], key: str) -> Sequence[AttributeValue]:
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) < 2 or len(texts) != len(values) or not is_carrier(key):
            return values
        return self.joined(texts) or values

    def _lines_of_base64(self, text: str, data: bytes, key: str) -> str:
        """A text of nothing but lines of base64: as one run where that is text; elsewhere numbers in it are chance."""
        joined = data.translate(None, b"\r\n \t")
        run = run_at(joined, 0)
        if run is None or run.text is None:
            return self._search(text, encoded=True)
        clean = self._search(joined.decode("ascii"), key)
        return text if clean.encode() == joined else clean

    def _document(self, text: str, data: bytes, key: str, depth: int) -> str:
        if depth >= _JSON_DEPTH:
            return self._drop("JSON nested too deep")

        def read(inner: str, inner_key: str) -> str:
            return self.string(inner, inner_key or key, depth + 1)

        valid = is_valid(data)
        clean = redact_document(data, read, self.joined, valid=valid)
        clean = self._across(clean) if valid else clean
        result = text if clean == data else clean.decode("utf-8", "surrogatepass")
        # What no parser accepts may be no JSON at all: it is read as plain text as well.
        return result if valid else self._search(result, key)

    def _across(self, data: bytes) -> bytes:
        """The document `data` without what only its structure shows to be a value."""
        try:
            hits = self._scanner.across(data, self._budget)
            clean = replaced(data, hits, self.tally) if hits else data
        except Exhausted as reason:
            self._drop(str(reason))
            clean = None
        return clean if clean is not None and (clean is data or is_valid(clean)) else b'"' + DROPPED.encode() + b'"'

    def _search(self, text: str, key: str = "", *, encoded: bool = False) -> str:
        try:
            clean = redact_text(
                self._scanner, text, self.tally, self._budget, key, without=self._without, encoded=encoded
            )
            return clean if self._names is None or encoded else self._nameless(clean, self._names)
        except Exhausted as reason:
            return self._drop(str(reason))
        except Dropped:
            return DROPPED

    def _nameless(self, text: str, names: NameFinder) -> str:
        """`text` without names of people and places, where it has several words."""
        if len(text.split(maxsplit=_FEW_WORDS)) <= _FEW_WORDS - 1:
            return text
        pieces: list[str] = []
        last = 0
        for start, end, kind in names(text):
            if kind == UNREAD:
                return "".join((*pieces, text[last:start], self._drop("more text than names are looked for in")))
            stands = self.tally.replace(kind, text[start:end])
            if stands is None:
                raise Dropped
            if stands != text[start:end]:
                self.tally.kinds[kind] += 1
                pieces += (text[last:start], stands)
                last = end
        return "".join((*pieces, text[last:]))

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
