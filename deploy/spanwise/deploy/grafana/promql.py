"""PromQL for panels: selections, sums and histograms, as texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


RATE: Final = "$__rate_interval"
"""Window of a rate: Grafana makes it long enough for four samples."""

RANGE: Final = "$__range"
"""All of the time that the dashboard shows."""

PER_HOUR: Final = "3600 *"
PER_MINUTE: Final = "60 *"


def select(name: str, matchers: Iterable[str] = (), *, window: str = "") -> str:
    """Series by name and matchers: `name{a="b"}[5m]`."""
    chosen = ", ".join(matchers)
    braces = f"{{{chosen}}}" if chosen else ""
    return f"{name}{braces}{f'[{window}]' if window else ''}"


def by(labels: Iterable[str]) -> str:
    """The grouping of a sum: ` by (a, b) `, or nothing for one sum of all."""
    names = ", ".join(labels)
    return f" by ({names}) " if names else ""


def rate(name: str, matchers: Iterable[str], *, of: Iterable[str] = (), window: str = RATE) -> str:
    """What a counter grows in a second, summed by the labels `of`."""
    return f"sum{by(of)}(rate({select(name, matchers, window=window)}))"


def increase(name: str, matchers: Iterable[str], *, of: Iterable[str] = (), window: str = RANGE) -> str:
    """What a counter grew within `window`, summed by the labels `of`."""
    return f"sum{by(of)}(increase({select(name, matchers, window=window)}))"


def share(part: str, whole: str) -> str:
    """`part` of `whole`, 0 where there is a whole and no part: a failure that never happened has no series.

    Where nothing happened at all there is no share, and no point.
    """
    return f"({part} or 0 * {whole}) / ({whole} > 0)"


def or_zero(expression: str) -> str:
    """`expression`, and 0 where it gives nothing."""
    return f"{expression} or vector(0)"


def named(expression: str, label: str, instead: str) -> str:
    """`expression`, with `instead` as the value of `label` in series that lack it."""
    return f'label_replace({expression}, "{label}", "{instead}", "{label}", "")'


def or_none(expression: str, label: str) -> str:
    """`expression`, and a 0 whose `label` is `none` where it gives nothing: what never happened has no series."""
    return f'{expression} or label_replace(vector(0) unless on () ({expression}), "{label}", "none", "", "")'


@dataclass(frozen=True, slots=True)
class Histogram:
    """A histogram that Prometheus may hold as classic series or as one native series; queries answer from either.

    Attributes:
        name: Without `_bucket`, `_sum` and `_count`.
        matchers: What is chosen of it.
    """

    name: str
    matchers: tuple[str, ...] = ()

    def where(self, *matchers: str) -> Histogram:
        """The same with further matchers."""
        return Histogram(self.name, (*self.matchers, *matchers))

    def count(self, *, of: Iterable[str] = (), window: str = RATE, function: str = "rate") -> str:
        """Observations in a second (or with `increase`, within the window), by the labels `of`."""
        grouping = by(of)
        classic = f"sum{grouping}({function}({select(f'{self.name}_count', self.matchers, window=window)}))"
        native = f"sum{grouping}(histogram_count({function}({select(self.name, self.matchers, window=window)})))"
        return f"({classic} or {native})"

    def total(self, *, of: Iterable[str] = (), window: str = RATE, function: str = "rate") -> str:
        """The sum of what was observed, in a second or within the window."""
        grouping = by(of)
        classic = f"sum{grouping}({function}({select(f'{self.name}_sum', self.matchers, window=window)}))"
        native = f"sum{grouping}(histogram_sum({function}({select(self.name, self.matchers, window=window)})))"
        return f"({classic} or {native})"

    def mean(self, *, of: Iterable[str] = (), window: str = RATE) -> str:
        """The mean of what was observed."""
        labels = tuple(of)
        return f"{self.total(of=labels, window=window)} / ({self.count(of=labels, window=window)} > 0)"

    def quantile(self, part: float, *, of: Iterable[str] = (), window: str = RATE) -> str:
        """The value that the share `part` of the observations stays below, by interpolation in its bucket."""
        labels = tuple(of)
        buckets = rate(f"{self.name}_bucket", self.matchers, of=("le", *labels), window=window)
        native = rate(self.name, self.matchers, of=labels, window=window)
        return f"histogram_quantile({part}, {buckets}) or histogram_quantile({part}, {native})"

    def buckets(self, *, window: str = RATE) -> str:
        """Observations in a second by bucket, for a heatmap."""
        classic = rate(f"{self.name}_bucket", self.matchers, of=("le",), window=window)
        return f"{classic} or {rate(self.name, self.matchers, window=window)}"

    def above(self, bound: str, *, of: Iterable[str] = (), window: str = RANGE) -> str:
        """How many observations within `window` were above `bound`, which is a boundary of its buckets."""
        labels = tuple(of)
        # Prometheus writes whole boundaries with a decimal, the text format of other versions does not.
        bounds = f"{bound}|{bound}[.]0" if "." not in bound else bound.replace(".", "[.]")
        within = increase(f"{self.name}_bucket", (*self.matchers, f'le=~"{bounds}"'), of=labels, window=window)
        classic = f"{increase(f'{self.name}_count', self.matchers, of=labels, window=window)} - {within}"
        grown = f"increase({select(self.name, self.matchers, window=window)})"
        native = f"sum{by(labels)}(histogram_count({grown}) * histogram_fraction({bound}, Inf, {grown}))"
        return f"{classic} or {native}"
