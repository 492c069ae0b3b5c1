"""A page of pixels, with the origin at the upper left as in a dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import matplotlib as mpl


mpl.use("Agg")

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from tests.deploy.grafana.picture.theme import DPI, EDGE, GROUND, PANEL, TEXT


_COLORS: Final = 192


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the page, in pixels from its upper left."""

    x: float
    y: float
    w: float
    h: float

    def inner(self, *, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> Box:
        """The same with margins."""
        return Box(self.x + left, self.y + top, self.w - left - right, self.h - top - bottom)


class Canvas:
    """One page that is drawn on and then saved."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=GROUND)
        self._ground = self._figure.add_axes((0, 0, 1, 1))
        self._ground.set_xlim(0, width)
        self._ground.set_ylim(height, 0)
        self._ground.axis("off")

    def text(self, x: float, y: float, text: str, *, size: float = 8.5, color: str = TEXT, align: str = "left",
             bold: bool = False, mono: bool = False) -> None:  # fmt: skip
        """Write one line; `y` is its middle. Dollars are dollars."""
        self._ground.text(
            x, y, text, fontsize=size, color=color, ha=align, va="center_baseline", parse_math=False,
            fontweight="bold" if bold else "normal", family="DejaVu Sans Mono" if mono else "DejaVu Sans",
        )  # fmt: skip

    def rectangle(self, box: Box, *, fill: str = PANEL, edge: str | None = None, alpha: float = 1.0) -> None:
        """Fill a box."""
        self._ground.add_patch(
            Rectangle((box.x, box.y), box.w, box.h, facecolor=fill, edgecolor=edge or fill, linewidth=0.8, alpha=alpha)
        )

    def line(self, x: float, y: float, right: float, *, color: str = EDGE) -> None:
        """A level line."""
        self._ground.plot([x, right], [y, y], color=color, linewidth=0.6)

    def axes(self, box: Box) -> Axes:
        """Axes of their own in a box."""
        axes = self._figure.add_axes(
            (box.x / self.width, 1 - (box.y + box.h) / self.height, box.w / self.width, box.h / self.height)
        )
        axes.set_facecolor("none")
        return axes

    def save(self, path: Path) -> None:
        """Write it as PNG, with few colours: a dashboard has no more."""
        buffer = BytesIO()
        self._figure.savefig(buffer, dpi=DPI, facecolor=GROUND)
        image = Image.open(buffer).convert("RGB").quantize(_COLORS, dither=Image.Dither.NONE)
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path, optimize=True)
