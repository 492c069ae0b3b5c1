"""A chart as SVG, drawn by hand: no library, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Final

from spanwise.report.chart import Bar, Chart


_WIDTH: Final = 960
_ROW: Final = 26
_NAMES: Final = 280
_FIGURES: Final = 130
_HEIGHT: Final = 260
_FLOOR: Final = 30
_LABELS: Final = 12
"""Days that are named under a chart over time, at most."""


def svg(chart: Chart) -> str:
    """`chart` as an SVG element, with a title for those who cannot see it. Colours come from the page's style."""
    height = _HEIGHT if chart.over_time else _ROW * len(chart.bars) + 8
    body = _columns(chart) if chart.over_time else _rows(chart)
    return (
        f'<svg class="chart" role="img" aria-label="{escape(chart.title)}" viewBox="0 0 {_WIDTH} {height}" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )


def _rows(chart: Chart) -> str:
    """Bars from top to bottom. Those of values below zero go to the left of a line in the middle."""
    room = _WIDTH - _NAMES - _FIGURES
    most = max(abs(bar.value) for bar in chart.bars)
    signed = any(bar.value < 0 for bar in chart.bars)
    zero = _NAMES + room / 2 if signed else _NAMES
    scale = (room / 2 if signed else room) / most
    drawn = []
    for place, bar in enumerate(chart.bars):
        top, length = place * _ROW + 4, abs(bar.value) * scale
        left = zero - length if bar.value < 0 else zero
        at = _NAMES + room + 8 if signed else zero + length + 8
        drawn.append(
            f'<g><title>{_said(bar)}</title><text class="name" x="{_NAMES - 10}" y="{top + 14}">{escape(bar.label)}'
            f'</text><rect class="{"bar less" if bar.value < 0 else "bar"}" x="{left:.1f}" y="{top}" '
            f'width="{max(length, 1 if bar.value else 0):.1f}" height="{_ROW - 8}" rx="2"/>'
            f'<text class="figure" x="{at:.1f}" y="{top + 14}">{escape(bar.text)}</text></g>'
        )
    return "".join(drawn)


def _columns(chart: Chart) -> str:
    """Bars from left to right, with the highest named and a few of the days."""
    most = max(bar.value for bar in chart.bars)
    step = min(_WIDTH / len(chart.bars), 80.0)
    room = _HEIGHT - _FLOOR - 24
    every = -(-len(chart.bars) // _LABELS)
    drawn = [f'<line class="axis" x1="0" y1="{_HEIGHT - _FLOOR}" x2="{_WIDTH}" y2="{_HEIGHT - _FLOOR}"/>']
    for place, bar in enumerate(chart.bars):
        length = bar.value / most * room if most > 0 else 0
        top, left = _HEIGHT - _FLOOR - length, place * step
        drawn.append(
            f'<g><title>{_said(bar)}</title><rect class="bar" x="{left + step * 0.1:.1f}" y="{top:.1f}" '
            f'width="{step * 0.8:.1f}" height="{max(length, 1 if bar.value else 0):.1f}" rx="2"/></g>'
        )
        if place % every == 0:
            drawn.append(f'<text class="day" x="{left:.1f}" y="{_HEIGHT - 10}">{escape(bar.label)}</text>')
        if bar.value == most:
            drawn.append(f'<text class="day" x="{left:.1f}" y="{top - 6:.1f}">{escape(bar.text)}</text>')
    return "".join(drawn)


def _said(bar: Bar) -> str:
    return escape(f"{bar.label}: {bar.text}")
