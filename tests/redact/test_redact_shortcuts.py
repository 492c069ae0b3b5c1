"""What is decided without a pattern is decided as the pattern would."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from spanwise.redact.bank import card
from spanwise.redact.catalogue import catalogue
from spanwise.redact.matcher import Matcher
from spanwise.redact.scanner import entropy_bits, is_varied
from spanwise.redact.tail import Row, tail_of


ROWS = sorted({b"(?:" + pattern + b")" for rule in catalogue() for _, pattern in rule.places})
ROWS = [pattern for pattern in ROWS if isinstance(tail_of(pattern), Row)]
GROUPED = st.lists(st.sampled_from(["4", "1", " ", "-", ".", "11", "1111", "1111 "]), max_size=24).map("".join)
PRINTED = Matcher(
    rb"\d+|\d{4}[ .\-]\d{4}[ .\-]\d{4}[ .\-]\d{1,4}(?:[ .\-]\d{1,3})?|\d{4}[ .\-]\d{6}[ .\-]\d{4,5}",
)


@given(st.sampled_from(ROWS), st.text("aZ09_-+/=. é", max_size=40), st.integers(0, 3))
@example(ROWS[0], "", 0)
def test_a_row_follows_where_its_pattern_matches(pattern: bytes, text: str, start: int) -> None:
    """So many bytes of a class are told from others as RE2 tells them, at the end of a text too."""
    data = text.encode()
    place = min(start, len(data))
    assert tail_of(pattern).follows(data, place) == (Matcher(pattern).match(data, place, len(data)) is not None)


def test_most_prefixes_of_keys_are_followed_by_a_row() -> None:
    """The short way is taken by the tails it was made for."""
    assert len(ROWS) > 20
    assert not isinstance(tail_of(rb"(?i:[a-z]{4})"), Row)


@given(st.binary(min_size=1, max_size=300) | st.text("ab", min_size=1, max_size=300).map(str.encode), st.floats(0, 8))
def test_varied_is_what_has_so_much_entropy(value: bytes, bits: float) -> None:
    """The bound by the number of different bytes never says yes where the entropy says no."""
    assert is_varied(value, bits) == (entropy_bits(value) >= bits)


@given(GROUPED)
@example("4111 1111 1111 1111")
@example("4111111111111111")
@example("4111 111111 11111")
@example("4111.1111-1111 1111")
@example("41111111 1111 1111")
def test_a_card_is_found_in_printed_groups_only(text: str) -> None:
    """What is taken for a card has digits in the groups in which cards are printed."""
    found = card(text.encode(), 0)
    assert found is None or PRINTED.is_all(text.encode()[slice(*found)])
