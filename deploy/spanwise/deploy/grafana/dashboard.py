"""A dashboard: rows of panels, and the JSON file of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from spanwise.deploy.grafana.panel import Json, Panel
from spanwise.deploy.grafana.source import Source
from spanwise.deploy.grafana.variable import Variable, source_variable
from spanwise.deploy.header import KEEP, MARK


COLUMNS: Final = 24
SCHEMA_VERSION: Final = 42
TAG: Final = "spanwise"


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under a heading. They stand from left to right, and below when there is no more room."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One page.

    Attributes:
        uid: By which other pages, alerts and bookmarks find it; never changes.
        title: What the reader sees.
        about: What it answers.
        rows: What it shows.
        variables: What its reader may choose.
        sources: Data sources that it asks.
        since: The time range at the beginning.
        refresh: How often it asks again.
        tags: Words by which it is found, and linked from its like.
    """

    uid: str
    title: str
    about: str
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...]
    sources: tuple[Source, ...] = (Source.PROMETHEUS,)
    since: str = "now-6h"
    refresh: str = "1m"
    tags: tuple[str, ...] = ()

    def document(self) -> Json:
        """What Grafana reads. The mark of rendered files stands in the description: JSON has no comments."""
        choices = [*(source_variable(source) for source in self.sources), *(one.document() for one in self.variables)]
        return {
            "description": f"{self.about} ({MARK}. {KEEP})",
            "uid": self.uid,
            "title": self.title,
            "tags": [TAG, *self.tags],
            "schemaVersion": SCHEMA_VERSION,
            "version": 1,
            "editable": True,
            "graphTooltip": 1,
            "timezone": "browser",
            "time": {"from": self.since, "to": "now"},
            "refresh": self.refresh,
            "links": [_others(*self.tags)],
            "annotations": {"list": [_alerts()]},
            "templating": {"list": choices},
            "panels": self._placed(),
        }

    def text(self) -> str:
        """The file: the same one for the same dashboard."""
        return json.dumps(self.document(), indent=2, ensure_ascii=False) + "\n"

    def _placed(self) -> list[Json]:
        found: list[Json] = []
        y = 0
        for row in self.rows:
            place = {"x": 0, "y": y, "w": COLUMNS, "h": 1}
            number = len(found) + 1
            found.append(
                {"id": number, "type": "row", "title": row.title, "collapsed": False, "gridPos": place, "panels": []}
            )
            x, y, tallest = 0, y + 1, 0
            for panel in row.panels:
                if x + panel.width > COLUMNS:
                    x, y, tallest = 0, y + tallest, 0
                found.append(panel.document(len(found) + 1, x=x, y=y))
                x, tallest = x + panel.width, max(tallest, panel.height)
            y += tallest
        return found


def _others(*tags: str) -> Json:
    """The menu of the other dashboards, which open with the same choices and time."""
    return {
        "type": "dashboards",
        "title": "Spanwise",
        "tags": [TAG, *tags],
        "asDropdown": True,
        "includeVars": True,
        "keepTime": True,
        "targetBlank": False,
        "icon": "external link",
        "tooltip": "The other dashboards, with the same choices",
        "url": "",
    }


def _alerts() -> Json:
    """Alerts that fired, as marks over the time of all panels."""
    return {
        "name": "Alerts",
        "datasource": Source.PROMETHEUS.document(),
        "enable": True,
        "hide": False,
        "iconColor": "red",
        "expr": 'ALERTS{alertname=~"Spanwise.+", alertstate="firing"}',
        "step": "60s",
        "titleFormat": "{{alertname}}",
        "textFormat": "{{service_name}} {{gen_ai_request_model}}",
        "tagKeys": "severity",
    }
