"""Money in JSON has exactly the digits that it has."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.report import json_document


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=18))
def test_every_digit_is_there(amount: Decimal) -> None:
    """A reader that keeps decimals has the same amount again; others have a number."""
    written = json_document({"cost_usd": amount})
    assert json.loads(written, parse_float=Decimal) == {"cost_usd": amount}
    assert isinstance(json.loads(written)["cost_usd"], float) and "E" not in written.replace("cost_usd", "").upper()


@pytest.mark.parametrize(
    ("amount", "written"), [("1E-7", "0.0000001"), ("0.1000", "0.1"), ("3", "3.0"), ("-1E+3", "-1000.0"), ("0", "0.0")]
)
def test_how_amounts_are_written(amount: str, written: str) -> None:
    """No exponent, no zeros at the end, and a whole number keeps one."""
    assert json.loads(json_document([Decimal(amount)]), parse_float=str) == [written]


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_what_is_no_number_is_an_error(amount: str) -> None:
    """JSON has no form for it."""
    with pytest.raises(ValueError, match=r"finite|JSON compliant"):
        json_document(Decimal(amount))
