"""Pricing stored calls again, after a price was corrected, and telling what that changed."""

from spanwise.reprice.difference import Difference, DifferenceRow, StatusChange
from spanwise.reprice.repricing import Repricing, RepricingOptions, reprice
from spanwise.reprice.table import difference_notes, difference_table


__all__ = [
    "Difference",
    "DifferenceRow",
    "Repricing",
    "RepricingOptions",
    "StatusChange",
    "difference_notes",
    "difference_table",
    "reprice",
]
