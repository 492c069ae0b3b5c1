"""Colours and sizes of a dashboard on a dark ground."""

from __future__ import annotations

from typing import Final


GROUND: Final = "#111217"
PANEL: Final = "#181b1f"
EDGE: Final = "#2c3235"
TEXT: Final = "#d8d9da"
MUTED: Final = "#8e9196"
GRID: Final = "#2a2d33"
LINK: Final = "#6e9fff"

PALETTE: Final = (
    "#73bf69", "#f2cc0c", "#8ab8ff", "#ff9830", "#f2495c", "#5794f2", "#b877d9", "#705da0",
    "#37872d", "#fade2a", "#447ebc", "#c15c17", "#890f02", "#0a437c", "#6d1f62", "#584477",
)  # fmt: skip
NAMED: Final = {"green": "#73bf69", "yellow": "#f2cc0c", "red": "#f2495c", "blue": "#5794f2"}

WIDTH_PX: Final = 1440
CELL_PX: Final = 30
GAP_PX: Final = 8
HEAD_PX: Final = 64
DPI: Final = 100


def color_at(value: float, steps: list[dict[str, object]]) -> str:
    """The colour that a value has by its thresholds."""
    chosen = NAMED["green"]
    for step in steps:
        least = step["value"]
        if not isinstance(least, int | float) or value >= least:
            chosen = NAMED[str(step["color"])]
    return chosen
