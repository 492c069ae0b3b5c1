"""`Scanner`: where the values stand in a text."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import re2

from spanwise.redact.base64_run import Base64Run, run_at
from spanwise.redact.budget import Budget
from spanwise.redact.catalogue import catalogue
from spanwise.redact.dialect import options
from spanwise.redact.document import HIDING, without_escapes
from spanwise.redact.edge import DIGITS, LETTERS, left_free, right_free
from spanwise.redact.fold import needs_folding
from spanwise.redact.heads import Heads
from spanwise.redact.label import is_label, without_labels
from spanwise.redact.matcher import Matcher
from spanwise.redact.pattern import compiled
from spanwise.redact.rule import Rule
from spanwise.redact.sibling import SPLIT


class Hit(NamedTuple):
    """Bytes `start` to `end` are a value of `kind`, found by `rule`. Inside base64, `inner` is what was found there."""

    start: int
    end: int
    kind: str
    rule: str
    inner: tuple[bytes, tuple[Hit, ...]] | None = None


_ALPHANUMERIC: Final = frozenset(DIGITS + LETTERS)
_BASE64: Final = frozenset(_ALPHANUMERIC | set(b"+/="))
_JOINED: Final = frozenset(_BASE64 | set(b"-"))
_FREE: Final = rb"(?:^|[^A-Za-z0-9]|\\[nrt])"
_WINDOW: Final = 1024
"""Bytes in which a value is decided; an accepted one is read to its end."""

_GATE_WINDOW: Final = 256
"""Bytes that any gate can read."""

NO_SHAPE: Final = 0x22
"""No value that begins with no word begins with a byte up to this one: a control character, a space, `!` or `"`."""

_BEHIND: Final = 3
"""Bytes behind a change at which a search can come to another place than before: it looks two bytes to the left."""

_REACH: Final = _BEHIND + _GATE_WINDOW
"""Bytes behind a change that can be read from such a place."""

PASSED: Final = -1
"""Among the places that were refused: a stretch was passed, whose places are to be asked when it has become shorter."""

_LONGEST: Final = 16 * 1024
_NOTHING: Final = rb"[^\x00-\xff]"
_SECRET: Final = "secret"  # noqa: S105 - the name of a family
_BASE64_GATE: Final = rb"[a-z0-9+/]{0,11}[A-Z][A-Za-z0-9+/]{17}|[a-z0-9_\-]{0,11}[A-Z][A-Za-z0-9_\-]{27}"
"""Text in base64 has a capital letter among its first twelve characters but for one in some hundred thousand; hashes in
hexadecimal, paths and names in lower case have none."""

_LONG_RUN: Final = 192
"""Letters and digits in a run of base64 that long mean nothing by themselves."""

_MAX_DEPTH: Final = 3
"""Base64 in base64 that is followed."""

_WEIGHTS: Final = tuple(count * math.log2(count) if count else 0.0 for count in range(256))
"""What a byte that occurs so often takes off the entropy, times the length of the text."""

_ROUNDING: Final = 1e-9

_UUID: Final = compiled(rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_UUID_LENGTH: Final = 36
_UUID_LETTERS: Final = frozenset(b"0123456789abcdefABCDEF-")
_RUN: Final = compiled(rb"[A-Za-z0-9_\-+/=.~%]*")
_LOCAL_TO_AT: Final = compiled(rb"[A-Za-z0-9._%+'\-]{0,64}(@|%40)[A-Za-z0-9]")
_LOCAL: Final = 68  # bytes of the longest local part of an e-mail address, and the sign behind it
_EMAIL: Final = "email"
_ANCHORS: Final = re.compile(r"(\[\^?\]?[^\]]*\]|\\.|[\^$])")
"""Takes our own patterns apart: character classes, escapes, and the anchors outside of them."""

_BACKSLASH: Final = 0x5C
_FEW: Final = 2 * _WINDOW


class Scanner:
    """Finds the values of the given rules in UTF-8 bytes.

    Two searches find places: one for words and first letters, one, an RE2 alternation, for shapes. There an RE2 set
    tells which rules are worth asking, and only those decide. Work is linear in the text: no search looks back, and
    each rule reads a bounded stretch.

    Args:
        rules: What to find, the surest first.
        base64: Whether runs of base64 are decoded and read too.
    """

    def __init__(self, rules: Sequence[Rule], *, base64: bool = False) -> None:
        self._rules = tuple(rules)
        self._shapes = Matcher(_shapes(rules, base64=base64) or _NOTHING)
        self._heads = Heads(rule for rule in rules if rule.places[0][0])
        self._email = next((rule for rule in rules if rule.kind == _EMAIL and rule.find is not None), None)
        self._keyed = [(rule, Matcher(rule.keys.encode())) for rule in rules if rule.keys]
        self._keys = Matcher("|".join(f"(?:{rule.keys})" for rule, _ in self._keyed).encode() or _NOTHING)
        names = [in_json(rule.keys).encode() for rule, _ in self._keyed]
        self._closely = Matcher(b"|".join((HIDING, SPLIT, *names)))
        self._base64 = base64
        self.keyed = functools.lru_cache(maxsize=1024)(self._rule_of_key)

    @functools.cached_property
    def _looks(self) -> Callable[[bytes], list[int] | None]:
        """Tells which rules are worth asking at a place; made at the first place, because it takes a while."""
        looks = re2.Set.MatchSet(options())
        for rule in self._rules:
            looks.Add(rule.gate)
        looks.Add(_NOTHING)  # a set must not be empty
        looks.Compile()
        ask: Callable[[bytes], list[int] | None] = getattr(looks, "_set", looks).Match
        return ask

    @functools.cached_property
    def _of_secrets(self) -> Scanner:
        """Finds the secrets alone: what can be told from chance where letters and digits mean nothing."""
        return Scanner([rule for rule in self._rules if rule.family == _SECRET])

    @functools.cached_property
    def _of_documents(self) -> Scanner | None:
        rules = [rule for rule in self._rules if rule.across]
        return Scanner(rules) if rules else None

    def suspects(self, data: bytes) -> bool:
        """Whether `data` is worth a closer look; false means that nothing in it would be taken out."""
        return self._shapes.search(data) >= 0 or self._heads.any(data) or needs_folding(data)

    def suspects_document(self, data: bytes) -> bool:
        """Whether the JSON text `data`, or one in it, must be read token by token.

        Escapes can hide a value, a key can say that its value is one, and siblings can be pieces of one text.
        """
        plain = without_escapes(data) if b"\\" in data else data
        return self.suspects(plain) or self._closely.search(data) >= 0

    def hits(
        self,
        data: bytes,
        budget: Budget,
        *,
        without: frozenset[str] = frozenset(),
        depth: int = 0,
        refused: list[int] | None = None,
    ) -> list[Hit]:
        """All values but those of the kinds `without`, in order and without overlap.

        A rejected candidate hides nothing: the search goes on one byte behind its start. Where it was, `refused` says.

        Raises:
            Exhausted: when there are more candidates than `budget` has left, or its time is over.
        """
        search = _Search(data, budget, without, depth, [] if refused is None else refused)
        heads = self._heads.places(data, budget)
        never = len(data) + 1
        heads.append(never)
        head = heads[0]
        index = position = 0
        shape = -1
        next_shape, look, base64 = self._shapes.search, self._look, self._base64
        while True:
            if shape < position and (shape := next_shape(data, position)) < 0:
                shape = never
            while head < position:
                index += 1
                head = heads[index]
            start = head if head < shape else shape
            if start == never:
                return search.found
            budget.spend()
            position = look(search, start, is_head=head == start, base64=base64 and shape == start)

    def hits_again(
        self,
        data: bytes,
        budget: Budget,
        changed: Sequence[tuple[int, int]],
        refused: list[int],
        *,
        without: frozenset[str] = frozenset(),
    ) -> list[Hit]:
        """What `hits` finds in `data`, which was read before, was without values, and is different at `changed` only.

        Places are asked again that were refused, and those from which a change can be seen. What was looked for there
        is read in one go, so this costs no more than reading a KB for every change.

        Args:
            data: the text as it is now.
            budget: as in `hits`.
            changed: where it is different, in order.
            refused: where a candidate was refused when it was read before, without `PASSED`; on return, where one is.
            without: as in `hits`.

        Raises:
            Exhausted: as `hits`.
        """
        places = sorted({*refused, *self._places_near(data, changed, budget)})
        refused.clear()
        search = _Search(data, budget, without, 0, refused)
        position = 0
        for start in places:
            if start >= position:
                budget.spend()
                position = self._look(search, start, is_head=True, base64=self._base64)
        return search.found

    def _places_near(self, data: bytes, changed: Sequence[tuple[int, int]], budget: Budget) -> Iterator[int]:
        """The places of `data` to which a search comes because of what is `changed` now, and others near them."""
        near: list[tuple[int, int]] = []
        low = high = 0
        for start, end in changed:
            first = start - _GATE_WINDOW
            if first > high:
                if high:
                    near.append((low, high))
                low = first
            high = end + _REACH
        near.append((low, high))
        digest = b"\n".join([data[low:high] for low, high in near])
        found = self._heads.places(digest, budget)
        place = self._shapes.search(digest)
        while place >= 0:
            found.append(place)
            place = self._shapes.search(digest, place + 1)
        found.sort()
        index = offset = 0
        for place in found:
            while place > offset + near[index][1] - near[index][0]:
                offset += near[index][1] - near[index][0] + 1
                index += 1
            yield min(near[index][0] + place - offset, len(data) - 1)

    def numberless(self, data: bytes, budget: Budget) -> list[Hit]:
        """The secrets in `data`, which is encoded: numbers in it are chance."""
        return self._of_secrets.hits(data, budget)

    def across(self, data: bytes, budget: Budget) -> list[Hit]:
        """Values that only the structure of the JSON document `data` shows: those of rules that say so."""
        return self._of_documents.hits(data, budget) if self._of_documents is not None else []

    def whole(self, value: bytes, rule: Rule) -> bool:
        """Whether `value`, which stands under a key that `rule` names, is one as a whole."""
        return len(value) > 2 and not is_label(value) and (rule.unless is None or rule.unless.search(value) < 0)

    def kind_of(self, text: str) -> str:
        """The kind of which all of `text` is one value; empty when it is none."""
        hit = self.only_hit(text.encode("utf-8", "surrogatepass"))
        return hit.kind if hit is not None else ""

    def only_hit(self, data: bytes, start: int = 0) -> Hit | None:
        """The value that is all of `data` from `start` on, or `None`; what stands before it can name it."""
        hits = self.hits(data, Budget(_FEW)) if len(data) <= _WINDOW else []
        return hits[-1] if hits and (hits[-1].start, hits[-1].end) == (start, len(data)) else None

    def _rule_of_key(self, key: str) -> Rule | None:
        data = without_labels(key)[-256:].encode("utf-8", "surrogatepass")
        if self._keys.search(data) < 0:
            return None
        return next((rule for rule, pattern in self._keyed if pattern.search(data) >= 0), None)

    def _look(self, search: _Search, start: int, *, is_head: bool, base64: bool) -> int:
        """Look for a value where the search stopped, and perhaps in base64; the place at which it goes on."""
        data = search.data
        about = (start,) if data[start] in _ALPHANUMERIC else _about(data, start, is_head=is_head)
        asked = False
        for place in about:
            looks = self._looks(data[place : place + _GATE_WINDOW])
            if not looks:
                continue
            asked = True
            hit = self._at(data, place, search.floor, looks, search.without)
            if hit is not None:
                search.take(self._widened(data, hit, search.floor))
                return search.next_to(start)
        if base64 and search.depth < _MAX_DEPTH:
            asked = self._look_into_base64(search, about) or asked
        if asked:
            search.refused.append(start)
        return search.next_to(start)

    def _look_into_base64(self, search: _Search, about: Sequence[int]) -> bool:
        """Look for values in the text that a run of base64 at one of the places `about` stands for; whether one is."""
        for place in about:
            if place < max(search.read_to, search.floor) or not left_free(search.data, place):
                continue
            run = run_at(search.data, place)
            if run is not None:
                search.read_to = run.end
                for hit in self._inside(search, run):
                    search.take(hit)
                return True
        return False

    def _inside(self, search: _Search, run: Base64Run) -> list[Hit]:
        """What `run` holds: values in the text it stands for, the whole run as one; or secrets in a long one."""
        if run.start < search.floor:
            return []
        if run.text is not None:
            inner = self.hits(run.text, search.budget, without=search.without, depth=search.depth + 1)
            first = inner[0] if inner else None
            return [Hit(run.start, run.end, first.kind, first.rule, (run.text, tuple(inner)))] if first else []
        if run.end - run.start < _LONG_RUN:
            return []
        hits = self.numberless(search.data[run.start : run.end], search.budget)
        search.passed = run.end
        search.refused.append(PASSED)
        return [hit._replace(start=hit.start + run.start, end=hit.end + run.start) for hit in hits]

    def _at(self, data: bytes, place: int, floor: int, looks: list[int], without: frozenset[str]) -> Hit | None:
        """The first value at `place` in the order of the rules that `looks` names."""
        free = left_free(data, place)
        for index in sorted(looks) if len(looks) > 1 else looks:
            rule = self._rules[index]
            if (rule.free_before and not free) or rule.kind in without:
                continue
            span = self._exact(rule, data, place)
            if span is None or span[0] < floor or _means_nothing(data, *span, rule):
                continue
            return self._named(data, span, rule) if span[0] > place else Hit(span[0], span[1], rule.kind, rule.id)
        return None

    def _named(self, data: bytes, span: tuple[int, int], context: Rule) -> Hit:
        """A value behind words that name it: a rule that knows its form says better what it is."""
        start, end = span
        for index in sorted(self._looks(data[start : start + _GATE_WINDOW]) or ()):
            rule = self._rules[index]
            own = self._exact(rule, data, start) if not rule.value_group else None
            if own is not None and own[0] == start:
                return Hit(start, max(end, own[1]), rule.kind, rule.id)
        return Hit(start, end, context.kind, context.id)

    def _exact(self, rule: Rule, data: bytes, place: int) -> tuple[int, int] | None:
        """The bytes that `rule` takes out at `place`."""
        if rule.find is not None:
            span = rule.find(data, place)
            return span if span is not None and _accepts(rule, data[span[0] : span[1]]) else None
        assert rule.pattern is not None
        spans = rule.pattern.match(data, place, place + _WINDOW)
        if spans is None:
            return None
        start, end = spans[rule.value_group]
        last = spans[0][1]
        if last == place + _WINDOW:  # the window was too short: on to the end of the token
            rest = _RUN.match(data, last, last + _LONGEST)
            end = last = last if rest is None else rest.end()
        if (rule.free_behind and not right_free(data, last)) or not _accepts(rule, data[start:end]):
            return None
        return start, end

    def _widened(self, data: bytes, hit: Hit, floor: int) -> Hit:
        """The e-mail address that `hit` is only the beginning of (`4111111111111111@example.com`), or `hit`."""
        behind = data[hit.end : hit.end + _LOCAL]
        if b"@" not in behind and b"%40" not in behind:
            return hit
        if self._email is None or self._email.find is None or hit.kind == _EMAIL or _in_url(data, hit.start):
            return hit
        sign = _LOCAL_TO_AT.match(data, hit.end)
        span = self._email.find(data, sign.start(1)) if sign else None
        return Hit(*span, _EMAIL, self._email.id) if span is not None and floor <= span[0] <= hit.start else hit


class _Search:
    """The state of one search through one text."""

    __slots__ = ("budget", "data", "depth", "floor", "found", "passed", "read_to", "refused", "without")

    def __init__(self, data: bytes, budget: Budget, without: frozenset[str], depth: int, refused: list[int]) -> None:
        self.data = data
        self.budget = budget
        self.without = without
        self.depth = depth
        self.refused = refused
        self.found: list[Hit] = []
        self.floor = 0
        self.read_to = 0
        self.passed = 0

    def take(self, hit: Hit) -> None:
        """Take `hit`; nothing before its end can be a value any more."""
        self.found.append(hit)
        self.floor = hit.end

    def next_to(self, start: int) -> int:
        """Where the search goes on after a stop at `start`: the last byte of a value may be on the left of another."""
        last = self.floor if self.floor > self.passed else self.passed
        return last - 1 if last > start + 2 else start + 1


def _shapes(rules: Sequence[Rule], *, base64: bool) -> bytes:
    """The pattern of one search for the values that begin with no word."""
    shapes: dict[tuple[bool, bool], list[bytes]] = {}
    for rule in rules:
        for head, shape in rule.places:
            if not head:
                shapes.setdefault((rule.free_before, rule.ignore_case), []).append(shape)
    free = [_BASE64_GATE] if base64 else []
    bare: list[bytes] = []
    for (is_free, ignore_case), alternatives in shapes.items():
        case = b"(?i:" if ignore_case else b"(?:"
        (free if is_free else bare).append(case + b"|".join(alternatives) + b")")
    return b"|".join(bare + ([_FREE + b"(?:" + b"|".join(free) + b")"] if free else []))


def _about(data: bytes, start: int, *, is_head: bool) -> tuple[int, ...]:
    """Where a match of a search at `start`, at no letter or digit, may be about: at what stands left of a value."""
    first = data[start]
    if start + 1 == len(data):
        return (start,)
    if first <= NO_SHAPE and not is_head:
        return (start + 1,)
    return (start, start + 1, start + 2) if first == _BACKSLASH and start + 2 < len(data) else (start, start + 1)


def _in_url(data: bytes, place: int) -> bool:
    """Whether `place` is between the scheme and the host of a URL, where an at sign makes no address."""
    before = data[max(0, place - _LOCAL) : place]
    return b"/" not in before[before.rfind(b"://") + 3 :] and b"://" in before and not before[-1:].isspace()


def _accepts(rule: Rule, value: bytes) -> bool:
    if not value or (b"[" in value and is_label(value)):
        return False
    if rule.unless is not None and rule.unless.search(value) >= 0:
        return False
    if rule.entropy_bits and not is_varied(value, rule.entropy_bits):
        return False
    return rule.validate is None or rule.validate(value)


def is_varied(value: bytes, bits: float) -> bool:
    """Whether the entropy of `value` is at least `bits`; that of random text is, by how many different bytes it has.

    So many have the least entropy when all but one of them stand there once.
    """
    length = len(value)
    if length < len(_WEIGHTS):
        least = math.log2(length) - _WEIGHTS[length - len(set(value)) + 1] / length
        if least > bits + _ROUNDING:
            return True
    return entropy_bits(value) >= bits


def entropy_bits(value: bytes) -> float:
    """Shannon entropy of `value` in bits per byte."""
    length = len(value)
    counts = map(value.count, set(value))
    return math.log2(length) - sum([count * math.log2(count) for count in counts if count > 1]) / length


def _means_nothing(data: bytes, start: int, end: int, rule: Rule) -> bool:
    """Whether a number stands inside a UUID or a long run of base64, where digits mean nothing."""
    if rule.family == _SECRET:
        return False
    if (not start or data[start - 1] not in _JOINED) and (end == len(data) or data[end] not in _JOINED):
        return end - start >= _LONG_RUN
    if _in_uuid(data, start, end):
        return True
    low, high = max(0, start - _LONG_RUN), min(len(data), end + _LONG_RUN)
    left, right = start, end
    while left > low and data[left - 1] in _BASE64:
        left -= 1
    while right < high and data[right] in _BASE64:
        right += 1
    return right - left >= _LONG_RUN


def in_json(keys: str) -> str:
    """The pattern `keys` of a name, as it finds the name as a key in the text of a JSON document."""
    pieces = _ANCHORS.split(keys)
    return "(?:" + "".join({"^": '"', "$": r'\\*"\s*:'}.get(piece, piece) for piece in pieces) + ")"


def _in_uuid(data: bytes, start: int, end: int) -> bool:
    """Whether a value is a part of a UUID, not all of it."""
    if end - start >= _UUID_LENGTH:
        return False
    low = max(0, end - _UUID_LENGTH)
    left = start
    while left > low and data[left - 1] in _UUID_LETTERS:
        left -= 1
    match = _UUID.match(data, left)
    return match is not None and match.end() >= end


@functools.lru_cache(maxsize=32)
def scanner(kinds: frozenset[str]) -> Scanner:
    """The scanner of `kinds`, built once: compiling what it needs takes a tenth of a second of its first searches."""
    return Scanner([rule for rule in catalogue() if rule.kind in kinds], base64=True)
