"""Stored text on a terminal, and JSON for programs."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.report import json_document, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("chat gpt-4.1", "chat gpt-4.1"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("two\nlines\tand\r", "two lines and "),
        ("abc\u202ecba", "abccba"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\x9b2J", "2J"),
        ("Grüße 東京", "Grüße 東京"),
        (None, ""),
    ],
)
def test_plain(text: str | None, shown: str) -> None:
    """Nothing in stored text can act on a terminal; letters of every script stay."""
    assert plain(text) == shown


@given(st.text(max_size=400), st.integers(0, 50))
def test_plain_is_harmless(text: str, limit: int) -> None:
    """No control or format character survives, and the limit holds."""
    shown = plain(text, limit)
    assert not [character for character in shown if unicodedata.category(character) in {"Cc", "Cf", "Cs"}]
    assert len(shown) <= max(limit, 3)


@dataclass(frozen=True)
class Row:
    """What a query returns."""

    name: str
    cost: Decimal | None
    start: datetime
    kinds: tuple[str, ...]


def test_json_document() -> None:
    """Money is a number, unknown is null, times have a zone, text is ASCII."""
    text = json_document([Row("caf\xe9\x1b\x7f", Decimal("0.10"), datetime(2026, 1, 2, 3, tzinfo=UTC), ("email",))])
    assert text.isascii()
    assert not set(text) & {"\x1b", "\x7f"}
    assert json.loads(text) == [
        {"name": "caf\xe9\x1b\x7f", "cost": 0.1, "start": "2026-01-02T03:00:00+00:00", "kinds": ["email"]}
    ]
    assert json.loads(json_document({"cost": None})) == {"cost": None}


def test_json_refuses_what_it_cannot_say() -> None:
    """A value without a JSON form is an error of ours, not a wrong document."""
    with pytest.raises(TypeError, match="set has no JSON form"):
        json_document({1, 2})
