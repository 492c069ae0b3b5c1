"""A chart as a PNG, drawn by matplotlib, which is an extra: `pip install 'spanwise[plots]'`."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Final

from spanwise.report.chart import Chart


if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOUR: Final = "#2f6fb0"
_INCHES: Final = 9.6
_DPI: Final = 144
_DAYS: Final = 12


class PlotError(Exception):
    """A chart cannot be drawn; the message says why and what to do."""


def png(chart: Chart) -> bytes:
    """`chart` as the bytes of a PNG, about 1,400 pixels wide. Takes about a second, most of it matplotlib's import.

    Raises:
        PlotError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise PlotError("--png needs matplotlib: pip install 'spanwise[plots]'; --html needs nothing") from None
    height = 4.5 if chart.over_time else 1.2 + 0.3 * len(chart.bars)
    figure = Figure(figsize=(_INCHES, height), dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(chart.title, loc="left", parse_math=False)
    (_columns if chart.over_time else _rows)(axes, chart)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    stream = io.BytesIO()
    with warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box; a warning about it helps nobody who reads a chart.
        warnings.simplefilter("ignore", UserWarning)
        figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def _rows(axes: Axes, chart: Chart) -> None:
    places = range(len(chart.bars))
    drawn = axes.barh(places, [bar.value for bar in chart.bars], color=_COLOUR)
    for label in axes.bar_label(drawn, [bar.text for bar in chart.bars], padding=4):
        label.set_parse_math(False)
    axes.set_yticks(places, [bar.label for bar in chart.bars])
    for tick in axes.get_yticklabels():
        tick.set_parse_math(False)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_xlabel(chart.unit)


def _columns(axes: Axes, chart: Chart) -> None:
    places = list(range(len(chart.bars)))
    axes.bar(places, [bar.value for bar in chart.bars], color=_COLOUR)
    named = places[:: -(-len(places) // _DAYS)]
    axes.set_xticks(named, [chart.bars[place].label for place in named], rotation=30, ha="right")
    axes.set_ylabel(chart.unit)
