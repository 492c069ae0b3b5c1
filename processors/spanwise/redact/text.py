"""One text: what is taken out of it, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from spanwise.redact import base64_run
from spanwise.redact.budget import Budget, Exhausted
from spanwise.redact.fold import Folded, disguises, needs_folding
from spanwise.redact.label import without_labels
from spanwise.redact.scanner import PASSED, Hit, Scanner
from spanwise.redact.tally import Finding, Tally


_ROUNDS: Final = 64
SHORTEST: Final = 5
"""Characters of the shortest value that stands alone. Under a key that names it, a value can be shorter."""

LONGEST_KEY: Final = 64
"""Characters of a key that are read with its value."""


class Dropped(Exception):  # noqa: N818 - not an error of the program
    """A text holds a value whose text is to be dropped whole."""


class Found(NamedTuple):
    """A text without its values, and how many of each kind were taken out."""

    text: str
    kinds: dict[str, int]


def redact_text(  # noqa: PLR0913 - what a search depends on
    scanner: Scanner,
    text: str,
    tally: Tally,
    budget: Budget,
    key: str = "",
    *,
    without: frozenset[str] = frozenset(),
    encoded: bool = False,
) -> str:
    """`text` with something else in place of its values, counted in `tally`; the same object when there are none.

    `key` is the name the text stands under: it can make nine digits a social security number. Kinds `without` are left
    alone; in an `encoded` text only secrets are looked for. What stands in can bring two neighbours into a new light,
    so the search is repeated until it finds nothing: after the first time, where the text is another now.

    Raises:
        Exhausted: when there are more candidates than `budget` has left, or its time is over.
        Dropped: when a value was found whose text may not stay.
    """
    prefix = key_prefix(key)
    before = data = prefix + text.encode("utf-8", "surrogatepass")
    changes: list[Change] | None = None
    refused: list[int] = []
    for round_ in range(_ROUNDS + 1):
        # As it stands first: some values have escapes in them. When that finds nothing more, without its disguises.
        if encoded:
            hits = scanner.numberless(data, budget)
        elif changes is None:
            refused.clear()
            hits = scanner.hits(data, budget, without=without, refused=refused)
        else:
            refused = moved(refused, changes)
            hits = scanner.hits_again(data, budget, stretches(changes), refused, without=without)
        seen: list[Seen] = [(hit.start, hit.end, data, hit) for hit in hits]
        made = _replacements(seen, data, len(prefix), tally, None if round_ else key) if hits else []
        changes = [change for change, _ in made] if made and not encoded and PASSED not in refused else None
        if not made and not encoded and needs_folding(data):
            seen = [
                (*sight.span(), sight.data, sight.hit) for sight in behind_disguises(scanner, data, budget, without)
            ]
            made = _replacements(seen, data, len(prefix), tally, key) if seen else []
        if not made:
            break
        data = rewritten(data, made)
    else:
        raise Exhausted("values in each other's way")
    return text if data == before else decoded(data[len(prefix) :])


class Sight(NamedTuple):
    """A value that was seen in `data`, a stretch of a text that begins at `offset`, perhaps without its disguises."""

    data: bytes
    offset: int
    hit: Hit
    folded: Folded | None = None

    def span(self) -> tuple[int, int]:
        """Where the value stands in the text."""
        start, end = self.hit.start, self.hit.end
        if self.folded is not None:
            start, end = self.folded.original(start), self.folded.original(end)
        return self.offset + start, self.offset + end


Seen: TypeAlias = tuple[int, int, bytes, Hit]
"""Where a value stands in a text, and the `Hit` in the bytes it was seen in."""


def behind_disguises(
    scanner: Scanner, data: bytes, budget: Budget, without: frozenset[str] = frozenset()
) -> Iterator[Sight]:
    """The values near characters and escapes that could hide them: the rest of the text was read as it stands."""
    for start, end in disguises(data):
        folded = Folded(data[start:end])
        for hit in scanner.hits(folded.data, budget, without=without):
            yield Sight(folded.data, start, hit, folded)


def decoded(data: bytes) -> str:
    """The text that `data` is; an escape can stand for a byte that is none, which is shown as such."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def key_prefix(key: str) -> bytes:
    """`key` as it stands before a value when both are read together."""
    return without_labels(key)[-LONGEST_KEY:].encode("utf-8", "surrogatepass") + b": " if key else b""


class Change(NamedTuple):
    """Bytes `start` to `end` of a text became `length` bytes."""

    start: int
    end: int
    length: int


def stretches(changes: Sequence[Change]) -> list[tuple[int, int]]:
    """Where in the text that they made `changes` stand; they are in order and do not overlap."""
    found: list[tuple[int, int]] = []
    shift = 0
    for start, end, length in changes:
        begin = start + shift
        found.append((begin, begin + length))
        shift += length - (end - start)
    return found


def moved(places: Sequence[int], changes: Sequence[Change]) -> list[int]:
    """Where `places`, in order, are in the text that `changes` made; without those that are in a change."""
    found: list[int] = []
    index = shift = 0
    for place in places:
        while index < len(changes) and changes[index].end <= place:
            shift += changes[index].length - (changes[index].end - changes[index].start)
            index += 1
        if index == len(changes) or place < changes[index].start:
            found.append(place + shift)
    return found


def rewritten(data: bytes, made: Sequence[tuple[Change, bytes]]) -> bytes:
    """`data` with every change carried out."""
    pieces: list[bytes] = []
    last = 0
    for (start, end, _), replacement in made:
        pieces += (data[last:start], replacement)
        last = end
    pieces.append(data[last:])
    return b"".join(pieces)


def _replacements(
    seen: Sequence[Seen], data: bytes, floor: int, tally: Tally, key: str | None
) -> list[tuple[Change, bytes]]:
    """What becomes of those values `seen` that end behind `floor`, as far as it is another text."""
    made: list[tuple[Change, bytes]] = []
    last = floor
    for start, end, near, hit in seen:
        if end <= floor:
            continue
        value = near[hit.start : hit.end]
        replacement = _replacement(value, hit, tally)
        if tally.findings is not None and key is not None:
            tally.findings.append(_finding(data, floor, max(start, floor), end, hit, key, replacement))
        if replacement is None:
            raise Dropped
        if replacement != value:
            made.append((Change(start if start > last else last, end, len(replacement)), replacement))
            last = end
    return made


def _replacement(value: bytes, hit: Hit, tally: Tally) -> bytes | None:
    """What stands in for `value`, which is the `hit`; the same bytes to keep it, `None` to drop the whole text."""
    if hit.inner is not None:
        inner = replaced(hit.inner[0], hit.inner[1], tally)
        return inner if inner is None else value if inner == hit.inner[0] else base64_run.encoded(inner, value)
    kind = hit.kind
    text = value.decode("ascii") if value.isascii() else decoded(value)
    stands = tally.replace(kind, text)
    if stands == text:
        return value
    tally.kinds[kind] += 1
    return None if stands is None else stands.encode("utf-8", "surrogatepass")


def replaced(data: bytes, hits: Sequence[Hit], tally: Tally) -> bytes | None:
    """`data` with something else in place of `hits`; `None` when the whole is to be dropped."""
    pieces: list[bytes] = []
    last = 0
    for hit in hits:
        replacement = _replacement(data[hit.start : hit.end], hit, tally)
        if replacement is None:
            return None
        pieces += (data[last : hit.start], replacement)
        last = hit.end
    return b"".join((*pieces, data[last:]))


def _finding(  # noqa: PLR0913, PLR0917 - what a finding is made of
    data: bytes, floor: int, start: int, end: int, hit: Hit, key: str, replacement: bytes | None
) -> Finding:
    first = len(data[floor:start].decode("utf-8", "replace"))
    length = len(data[start:end].decode("utf-8", "replace"))
    shown = None if replacement is None else replacement.decode("utf-8", "replace")
    return Finding(hit.rule, hit.kind, first, first + length, key, shown)
