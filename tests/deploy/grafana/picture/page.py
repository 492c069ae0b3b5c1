"""A whole dashboard as one picture."""

from __future__ import annotations

from pathlib import Path

from tests.deploy.grafana.lint import Page
from tests.deploy.grafana.picture import panel as panels
from tests.deploy.grafana.picture.answer import Asker
from tests.deploy.grafana.picture.canvas import Box, Canvas
from tests.deploy.grafana.picture.theme import CELL_PX, EDGE, GAP_PX, HEAD_PX, MUTED, PANEL, WIDTH_PX
from tests.deploy.grafana.store import Store


def draw(page: Page, store: Store, until_s: float, path: Path) -> tuple[int, list[str]]:
    """Draw `page` with what `store` answers; how many queries there were, and the panels with one without an answer."""
    bottom = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in page["panels"])
    canvas = Canvas(WIDTH_PX, HEAD_PX + bottom * CELL_PX + GAP_PX)
    _head(canvas, page)
    asker = Asker.of(store, page, until_s)
    asked, silent = 0, []
    for panel in page["panels"]:
        box = _box(panel["gridPos"])
        if panel["type"] == "row":
            canvas.text(box.x + 6, box.y + box.h / 2, f"▾  {panel['title']}", size=10, bold=True)
            continue
        queries = sum(target["datasource"]["type"] == "prometheus" for target in panel.get("targets", ()))
        asked += queries
        if panels.draw(canvas, panel, box, asker) < queries:
            silent.append(panel["title"])
    canvas.save(path)
    return asked, silent


def _box(place: Page) -> Box:
    column = (WIDTH_PX - GAP_PX) / 24
    return Box(
        GAP_PX + place["x"] * column,
        HEAD_PX + place["y"] * CELL_PX,
        place["w"] * column - GAP_PX,
        place["h"] * CELL_PX - GAP_PX,
    )


def _head(canvas: Canvas, page: Page) -> None:
    canvas.text(GAP_PX + 6, 18, page["title"], size=12, bold=True)
    canvas.text(WIDTH_PX - 14, 18, f"Last {page['time']['from'].removeprefix('now-')}   |   UTC", size=9, color=MUTED,
                align="right")  # fmt: skip
    x = GAP_PX + 6.0
    for variable in page["templating"]["list"]:
        chosen = "All" if variable["type"] == "query" else variable["current"]["text"]
        label = variable["label"]
        width = 20 + 6.6 * (len(label) + len(chosen) + 2)
        canvas.rectangle(Box(x, 32, width, 22), fill=PANEL, edge=EDGE)
        canvas.text(x + 8, 43, label, size=8, color="#6e9fff")
        canvas.text(x + width - 8, 43, chosen, size=8, align="right")
        x += width + 8
