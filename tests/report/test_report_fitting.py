"""What does not fit into a terminal is left out whole, and named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spanwise.report.fitting import fitted
from spanwise.report.report import Sheet
from spanwise.report.sheet_table import sheet_table
from spanwise.store import Column, Kind
from tests.report.rows import drawn


SHEET = Sheet(
    tuple(Column(name, kind, "") for name, kind in (("who", Kind.TEXT), ("calls", Kind.COUNT), ("usd", Kind.COST))),
    ("who", "calls", "cost"),
    [("a-user-with-a-long-name@1", "12,345", "$0.000123"), ("b", "1", "$1,000.000000")],
    ("total", "12,346", "$1,000.000123"),
)


@given(st.integers(32, 100))
def test_numbers_are_never_cut(width: int) -> None:
    """At every width each number that is shown is whole; texts may end in an ellipsis; nothing is lost unsaid."""
    shown, others = fitted(SHEET, width)
    assert [*shown.headings, *others] == list(SHEET.headings)
    text = "\n".join(drawn(sheet_table(shown, width), width))
    assert not [cell for row in shown.rows for cell in row[1:] if cell not in text]


def test_what_fits_is_shown() -> None:
    """With room for everything nothing is left out."""
    assert fitted(SHEET, 60) == (SHEET, ())
    assert fitted(SHEET, 36)[1] == ("cost",)
