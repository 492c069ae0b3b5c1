"""Reading again only what changed finds what reading all of a text again finds."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.redact import ALL
from spanwise.redact.budget import Budget
from spanwise.redact.scanner import Hit, Scanner, scanner
from spanwise.redact.tally import Tally
from spanwise.redact.text import Change, moved, redact_text, rewritten, stretches
from tests.redact.test_redact_properties import PIECES, TEXTS


SCANNER = scanner(frozenset(ALL))
FILLERS = st.sampled_from(
    ["", " ", "x" * 300, "some words of no meaning " * 20, "A9f/" * 60, "abcdefghijKLmnopqrst", "7" * 40]
)
LONG = st.lists(TEXTS | FILLERS | PIECES, max_size=12).map("".join)


class Whole(Scanner):
    """Reads all of a text each time."""

    def __init__(self, inner: Scanner) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def hits(
        self,
        data: bytes,
        budget: Budget,
        *,
        without: frozenset[str] = frozenset(),
        depth: int = 0,
        refused: list[int] | None = None,
    ) -> list[Hit]:
        return self._inner.hits(data, budget, without=without, depth=depth, refused=refused)

    def hits_again(
        self,
        data: bytes,
        budget: Budget,
        changed: Sequence[tuple[int, int]],
        refused: list[int],
        *,
        without: frozenset[str] = frozenset(),
    ) -> list[Hit]:
        refused.clear()
        return self._inner.hits(data, budget, without=without, refused=refused)

    def numberless(self, data: bytes, budget: Budget) -> list[Hit]:
        return self._inner.numberless(data, budget)


WHOLE = Whole(SCANNER)


def both(text: str) -> tuple[str, str]:
    """`text` redacted by reading again what changed, and by reading all of it again."""
    near = redact_text(SCANNER, text, Tally(), Budget(1_000_000))
    return near, redact_text(WHOLE, text, Tally(), Budget(1_000_000))


@settings(max_examples=500, deadline=None)
@given(LONG)
def test_reading_changes_again_is_reading_all_again(text: str) -> None:
    """Whatever a text is made of, the result is the same."""
    near, whole = both(text)
    assert near == whole


def test_reading_changes_again_in_a_document() -> None:
    """A document with every kind of piece at many distances has the same result."""
    pieces = [
        "joe@example.com",
        "4111 1111 1111 1111",
        "password: hunter22x",
        "sk-" + "a1B2" * 12,
        "1980-01-02",
        "x" * 190,
    ]
    for gap in (0, 1, 5, 60, 180, 255, 256, 257, 300):
        text = (" " * gap).join(pieces) + "\n" + ("-" * gap).join(pieces) + "\n" + ("w " * gap).join(pieces)
        near, whole = both(text)
        assert near == whole, gap


@given(
    st.binary(max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.binary(max_size=6)), max_size=6),
)
def test_places_move_with_changes(data: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    """What is beside the changes is where `moved` says, and a change is where `stretches` says."""
    made: list[tuple[Change, bytes]] = []
    last = 0
    for start, length, replacement in sorted(cuts):
        begin, end = max(start, last), min(len(data), max(start, last) + length)
        if begin < end:
            made.append((Change(begin, end, len(replacement)), replacement))
            last = end
    after = rewritten(data, made)
    changes = [change for change, _ in made]
    kept = [place for place in range(len(data)) if not any(c.start <= place < c.end for c in changes)]
    assert [after[place] for place in moved(list(range(len(data))), changes)] == [data[place] for place in kept]
    assert [after[start:end] for start, end in stretches(changes)] == [replacement for _, replacement in made]
