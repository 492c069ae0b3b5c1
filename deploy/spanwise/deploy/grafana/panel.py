"""Panels of a dashboard, and the JSON that Grafana reads them from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Final, TypeAlias

from spanwise.deploy.grafana.source import Source


Json: TypeAlias = dict[str, object]
"""A part of Grafana's JSON; its keys are Grafana's."""

GREEN: Final = "green"
YELLOW: Final = "yellow"
RED: Final = "red"
BLUE: Final = "blue"

TIME_SERIES: Final = "timeseries"
STAT: Final = "stat"
BARS: Final = "bargauge"
TABLE: Final = "table"
HEATMAP: Final = "heatmap"
TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class Query:
    """One question to a data source.

    Attributes:
        expression: In the language of the source.
        legend: What each answer is called; `{{label}}` stands for the value of a label. In a table: the column.
        instant: Whether only the end of the time range is asked for.
        exemplars: Whether single calls are shown as dots that lead to their traces.
        unit: Of its column in a table; others take the panel's.
        more: What other sources than Prometheus need besides.
    """

    expression: str
    legend: str = ""
    instant: bool = False
    exemplars: bool = False
    unit: str = ""
    more: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A way from a panel or one of its values to somewhere else."""

    title: str
    url: str

    def document(self) -> Json:
        """What Grafana reads."""
        return {"title": self.title, "url": self.url, "targetBlank": True}


@dataclass(frozen=True, slots=True)
class Step:
    """A colour from a value on; the first of them has no value."""

    color: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel.

    Attributes:
        kind: A panel type of Grafana.
        title: A few words.
        about: What its numbers mean, and what to do about them.
        queries: What it shows.
        unit: A unit of Grafana.
        width: Of 24 columns.
        height: In rows of 30 pixels.
        steps: Colours by value.
        lines: Whether the values of `steps` are drawn as lines.
        stacked: Whether values are drawn on top of each other: `normal`, `percent` or nothing.
        decimals: Shown digits; `None` leaves it to Grafana.
        least: The lower end of the axis.
        most: The upper end of the axis.
        source: Where the queries go.
        links: Where a value leads.
        labels: Columns of a table that are labels, and what they are called.
        sorted_by: The column that a table is sorted by, the largest first.
        text: Of a text panel, in Markdown.
        interval: The least time between two points, where each point is dear to compute.
    """

    kind: str
    title: str
    about: str
    queries: tuple[Query, ...] = ()
    unit: str = "short"
    width: int = 8
    height: int = 8
    steps: tuple[Step, ...] = ()
    lines: bool = False
    stacked: str = ""
    decimals: int | None = None
    least: float | None = 0
    most: float | None = None
    source: Source = Source.PROMETHEUS
    links: tuple[Link, ...] = ()
    labels: Mapping[str, str] | None = None
    sorted_by: str = ""
    text: str = ""
    interval: str = ""

    def document(self, number: int, *, x: int, y: int) -> Json:
        """What Grafana reads, at its place."""
        place = {"x": x, "y": y, "w": self.width, "h": self.height}
        head: Json = {"id": number, "type": self.kind, "title": self.title, "description": self.about, "gridPos": place}
        if self.kind == TEXT:
            return {**head, "options": {"mode": "markdown", "content": self.text}}
        return {
            **head,
            "datasource": self.source.document(),
            "targets": [self._target(at, query) for at, query in enumerate(self.queries)],
            "fieldConfig": {"defaults": self._defaults(), "overrides": self._overrides()},
            "options": self._options(),
            **({"interval": self.interval} if self.interval else {}),
            **({"transformations": self._transformations()} if self.kind == TABLE and self.labels else {}),
        }

    def _target(self, at: int, query: Query) -> Json:
        head: Json = {"refId": ascii_uppercase[at], "datasource": self.source.document()}
        if self.source is not Source.PROMETHEUS:
            return {**head, **self.source.target(query.expression), **(query.more or {})}
        return {
            **head,
            "expr": query.expression,
            "legendFormat": query.legend,
            "editorMode": "code",
            "format": {TABLE: "table", HEATMAP: "heatmap"}.get(self.kind, "time_series"),
            "instant": query.instant,
            "range": not query.instant,
            "exemplar": query.exemplars,
        }

    def _defaults(self) -> Json:
        steps = self.steps or (Step(GREEN),)
        found: Json = {"unit": self.unit, "color": {"mode": "thresholds"}}
        if self.kind in {TIME_SERIES, HEATMAP}:
            found["color"] = {"mode": "palette-classic"}
            found["custom"] = self._drawing()
        if self.kind == TABLE:
            found["custom"] = {"align": "auto", "filterable": True, "cellOptions": {"type": "auto"}}
        found["thresholds"] = {
            "mode": "absolute",
            "steps": [{"color": step.color, "value": step.value} for step in steps],
        }
        bounds = {"decimals": self.decimals, "min": self.least, "max": self.most}
        found |= {key: value for key, value in bounds.items() if value is not None}
        if self.links:
            found["links"] = [link.document() for link in self.links]
        return found

    def _drawing(self) -> Json:
        return {
            "drawStyle": "line",
            "lineInterpolation": "linear",
            "lineWidth": 1,
            "fillOpacity": 30 if self.stacked else 8,
            "showPoints": "never",
            "spanNulls": False,
            "stacking": {"mode": self.stacked or "none", "group": "A"},
            "thresholdsStyle": {"mode": "dashed" if self.lines else "off"},
        }

    def _overrides(self) -> list[Json]:
        if self.kind != TABLE:
            return []
        return [
            {
                "matcher": {"id": "byName", "options": query.legend},
                "properties": [{"id": "unit", "value": query.unit or self.unit}],
            }
            for query in self.queries
            if query.legend
        ]

    def _options(self) -> Json:
        reduce: Json = {"calcs": ["lastNotNull"], "fields": "", "values": False}
        tooltip: Json = {"mode": "multi", "sort": "desc"}
        options: dict[str, Json] = {
            TIME_SERIES: {
                "legend": {
                    "displayMode": "table",
                    "placement": "bottom",
                    "showLegend": True,
                    "calcs": ["lastNotNull", "max"],
                    "sortBy": "Last *",
                    "sortDesc": True,
                },
                "tooltip": tooltip,
            },
            STAT: {
                "colorMode": "value",
                "graphMode": "none" if all(query.instant for query in self.queries) else "area",
                "justifyMode": "auto",
                "orientation": "auto",
                "reduceOptions": reduce,
                "textMode": "auto",
                "wideLayout": True,
            },
            BARS: {
                "displayMode": "basic",
                "orientation": "horizontal",
                "reduceOptions": reduce,
                "showUnfilled": True,
                "valueMode": "color",
                "namePlacement": "auto",
                "sizing": "auto",
                "minVizHeight": 16,
                "minVizWidth": 8,
                "maxVizHeight": 40,
            },
            TABLE: {
                "cellHeight": "sm",
                "showHeader": True,
                "sortBy": [{"displayName": self.sorted_by, "desc": True}] if self.sorted_by else [],
            },
            HEATMAP: {
                "calculate": False,
                "cellGap": 1,
                "color": {"mode": "scheme", "scheme": "Oranges", "scale": "exponential", "exponent": 0.5, "steps": 64},
                "yAxis": {"axisPlacement": "left", "unit": self.unit},
                "rowsFrame": {"layout": "auto"},
                "legend": {"show": True},
                "tooltip": {"mode": "single", "yHistogram": True},
            },
        }
        return options[self.kind]

    def _transformations(self) -> list[Json]:
        """Answers of several queries side by side, under names for people."""
        columns = dict(self.labels or {})
        single = len(self.queries) == 1
        values = {"Value" if single else f"Value #{ascii_uppercase[at]}": q.legend for at, q in enumerate(self.queries)}
        order = {name: at for at, name in enumerate((*columns, *values))}
        return [
            {"id": "merge", "options": {}},
            {
                "id": "organize",
                "options": {
                    "excludeByName": {"Time": True},
                    "indexByName": order,
                    "renameByName": {**columns, **values},
                },
            },
        ]


def legend(*labels: str) -> str:
    """What a series is called: the values of these labels."""
    return " / ".join(f"{{{{{label}}}}}" for label in labels)


def stat(  # noqa: PLR0913 - one definition, said once
    title: str,
    about: str,
    expression: str,
    unit: str = "short",
    *,
    steps: tuple[Step, ...] = (),
    decimals: int | None = None,
    instant: bool = False,
    width: int = 4,
    height: int = 4,
) -> Panel:
    """One large number; `instant` when it is a sum over the time shown and has no course."""
    query = Query(expression, title, instant=instant)
    return Panel(STAT, title, about, (query,), unit, width, height, steps=steps, decimals=decimals)
