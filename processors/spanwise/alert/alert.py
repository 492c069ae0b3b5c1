"""`Alert`: one thing worth telling somebody, in no engine's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from spanwise.alert.threshold import Threshold


_DAY_S: Final = Decimal(86_400)


@dataclass(frozen=True, slots=True)
class Query:
    """What an evaluator without PromQL asks its store. Windows are in seconds, thresholds are named by their key.

    Attributes:
        kind: `ratio` (bad to all), `rate` (an amount per time), `sum`, `quantile`, `mean`, `jump` (now against the
            past), `anomaly` (distance from the past in standard deviations), `age`, `silence` or `level`.
        of: What is counted: the name of an instrument of the convention, of ours, or of the engine that is watched.
        window_s: Seconds looked at.
        where: Attributes and the value each must have; `*` stands for any value, `a|b` for one of several.
        above: Key of the threshold above which the alert holds; empty when there is none.
        below: Key of the threshold below which it holds; empty when there is none.
        least: Key of the threshold that says how much traffic there must be; empty when any will do.
        past_s: Seconds of the past that a jump or an anomaly compares with; 0 for the others.
    """

    kind: str
    of: str
    window_s: int
    where: Mapping[str, str]
    above: str = ""
    below: str = ""
    least: str = ""
    past_s: int = 0


@dataclass(frozen=True, slots=True)
class Alert:
    """One definition, from which every engine's rule is made.

    Texts hold placeholders in braces: `{value}` with a form (`{value:percent}`), the name of an attribute
    (`{service.name}`) or the key of a threshold (`{refusal_ratio:percent}`). Forms: `count`, `number`,
    `percent`, `usd`, `seconds`.

    Attributes:
        id: Its name, in small letters with `_`.
        severity: `page` or `ticket`.
        means: What it says about the application, in one or two sentences.
        by: Attributes that tell one alert from another.
        hold_s: Seconds that it must hold before it rings; a policy sets it as `<id>_hold_s`.
        thresholds: Its numbers.
        summary: One line with values.
        description: What is known when it rings, and what to do first.
        query: The same question to the embedded store.
        runbook: The page that helps, without `.md`; several alerts may share one.
    """

    id: str
    severity: str
    means: str
    by: tuple[str, ...]
    hold_s: int
    thresholds: tuple[Threshold, ...]
    summary: str
    description: str
    query: Query
    runbook: str

    @property
    def title(self) -> str:
        """The name that engines show: `refusal_rate` is `SpanwiseRefusalRate`."""
        return "Spanwise" + "".join(part.capitalize() for part in self.id.split("_"))

    @property
    def hold(self) -> Threshold:
        """How long it must hold, as a number that a policy may set."""
        about = f"How long {self.id} must hold before it rings."
        return Threshold(f"{self.id}_hold_s", Decimal(self.hold_s), "s", about, most=_DAY_S)
