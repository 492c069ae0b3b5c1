"""A sheet as wide as a terminal: numbers are shown whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from spanwise.report.report import Sheet
from spanwise.store import Kind


_BETWEEN: Final = 3
"""Blanks and a line between two columns."""

_EDGES: Final = 2 - _BETWEEN
"""Blanks at both ends, less what stands between a last column and none."""

_LEAST_TEXT: Final = 18
"""Characters to which texts may be cut, with an ellipsis."""


def fitted(sheet: Sheet, width: int) -> tuple[Sheet, tuple[str, ...]]:
    """As many of the first columns of `sheet` as fit into `width` characters, and the headings of the others."""
    count, used = 0, _EDGES
    for place in range(len(sheet.columns)):
        used += min(_widest(sheet, place), _least(sheet, place)) + _BETWEEN
        if used > width and count > 1:
            break
        count += 1
    if count == len(sheet.columns):
        return sheet, ()
    shown = replace(
        sheet,
        columns=sheet.columns[:count],
        headings=sheet.headings[:count],
        rows=[row[:count] for row in sheet.rows],
        footer=None if sheet.footer is None else sheet.footer[:count],
    )
    return shown, sheet.headings[count:]


def widths(sheet: Sheet, width: int) -> list[int]:
    """How wide each column of a sheet that fits is: numbers as wide as they are, the rest shared out among texts."""
    found = [min(_widest(sheet, place), _least(sheet, place)) for place in range(len(sheet.columns))]
    left = width - _EDGES - sum(found) - _BETWEEN * len(found)
    for place in range(len(found)):
        more = max(0, min(left, _widest(sheet, place) - found[place]))
        found[place] += more
        left -= more
    return found


def _least(sheet: Sheet, place: int) -> int:
    """What a column may be cut to."""
    heading = len(sheet.headings[place])
    return max(_LEAST_TEXT, heading) if sheet.columns[place].kind is Kind.TEXT else _widest(sheet, place)


def _widest(sheet: Sheet, place: int) -> int:
    cells = [row[place] for row in sheet.rows] + ([] if sheet.footer is None else [sheet.footer[place]])
    return max([len(sheet.headings[place]), *map(len, cells)])
