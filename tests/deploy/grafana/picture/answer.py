"""What a panel's queries answer, ready to be drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tests.deploy.grafana.lint import Page, filled
from tests.deploy.grafana.store import Store


Point: TypeAlias = "tuple[float, float]"

_LEGEND: Final = re.compile(r"\{\{(\w+)\}\}")
_RANGES: Final = {"m": 60, "h": 3_600, "d": 86_400}
_SCRAPE_S: Final = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One series: what it is called, and its points."""

    name: str
    labels: Mapping[str, str]
    points: tuple[Point, ...]

    @property
    def last(self) -> float:
        """Its last value that is a number."""
        return next((value for _, value in reversed(self.points) if not math.isnan(value)), math.nan)


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks a store what Grafana would, for one time range that ends at `until_s`."""

    store: Store
    since_s: float
    until_s: float

    @classmethod
    def of(cls, store: Store, page: Page, until_s: float) -> Asker:
        """For the time range that a dashboard opens with."""
        amount, unit = re.fullmatch(r"now-(\d+)([mhd])", page["time"]["from"]).groups()  # type: ignore[union-attr]
        return cls(store, until_s - int(amount) * _RANGES[unit], until_s)

    def lines(self, panel: Page, target: Page) -> list[Line]:
        """The series that one query of a panel answers, each with its name."""
        step_s = self._step(panel)
        expression = self._filled(target["expr"], step_s)
        if target["instant"]:
            found = self.store.query(expression, at_s=self.until_s)
            series = [(one["metric"], [one["value"]]) for one in found]
        else:
            since_s = self.since_s // step_s * step_s
            ranged = self.store.range(expression, since_s=since_s, until_s=self.until_s, step_s=step_s)
            series = [(one["metric"], one["values"]) for one in ranged]
        return [
            Line(_name(target["legendFormat"], labels), labels, tuple(_points(values))) for labels, values in series
        ]

    def exemplars(self, panel: Page, target: Page) -> list[Point]:
        """Single calls, at their time with their value."""
        expression = self._filled(target["expr"], self._step(panel))
        found = self.store.exemplars(expression, since_s=self.since_s, until_s=self.until_s)
        return [(float(one["timestamp"]), float(one["value"])) for series in found for one in series["exemplars"]]

    def _step(self, panel: Page) -> float:
        least = panel.get("interval", "")
        at_least: float = int(least[:-1]) * _RANGES[least[-1]] if least else _SCRAPE_S
        by_width = (self.until_s - self.since_s) / (panel["gridPos"]["w"] * 45)
        return max(at_least, float(by_width // _SCRAPE_S * _SCRAPE_S))

    def _filled(self, expression: str, step_s: float) -> str:
        times = {
            "$__rate_interval": f"{max(step_s + _SCRAPE_S, 4 * _SCRAPE_S):.0f}s",
            "$__range": f"{self.until_s - self.since_s:.0f}s",
        }
        return filled(expression, times)


def _points(values: list[Any]) -> Iterator[Point]:
    yield from ((float(at), float(value)) for at, value in values)


def _name(legend: str, labels: Mapping[str, str]) -> str:
    return _LEGEND.sub(lambda match: labels.get(match[1], ""), legend).strip(" /")
