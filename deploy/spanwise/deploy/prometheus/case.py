"""`Case`: one unit test of an alert, told as series and what is to ring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fired:
    """One alert that rings.

    Attributes:
        labels: The labels that the series give it; those of the rule are added.
        said: How the value reads in each form that the alert's texts use: `{"percent": "33.33%"}`.
    """

    labels: Mapping[str, str]
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """What Prometheus is given and what it makes of it.

    Attributes:
        rule: The key of the rule.
        name: What the test shows, in words.
        series: Values by series, in promtool's notation.
        at: When the rules are looked at, from the beginning: `90m`.
        fires: What rings then; empty for a quiet case.
        step: Time between two samples.
    """

    rule: str
    name: str
    series: Mapping[str, str]
    at: str
    fires: tuple[Fired, ...] = field(default=())
    step: str = "1m"
