"""All prices of one model: which of them hold at a time and in a context."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

from spanwise.cost import quote
from spanwise.cost.match import Clause, matches
from spanwise.cost.rule import RawPrice, Rule
from spanwise.cost.unit import Units


RawModel: TypeAlias = list[Any]
"""`[id, clause, [[constraint, prices], ...], [[when, constraint, prices], ...], least seconds]` of `book.json`."""
RawConstraint: TypeAlias = list[Any] | None
"""`["from", day]`, `["daily", start, end]` in seconds of the UTC day, or nothing."""
Context: TypeAlias = Mapping[str, str]
"""How a call was made: `service_tier`, `processing` (`batch`), `speed` (`fast`)."""

_DAY_S = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_STANDARD = frozenset(
    {
        ("service_tier", "default"),
        ("service_tier", "standard"),
        ("service_tier", "auto"),
        ("service_tier", "on_demand"),
        ("speed", "standard"),
        ("speed", "normal"),
    }
)
"""Contexts that the standard price is meant for."""
_MISSING = {
    "service_tier": quote.NO_TIER_PRICE,
    "processing": quote.NO_BATCH_PRICE,
    "speed": quote.NO_SPEED_PRICE,
}


class Constraint:
    """When a price holds. Times are seconds since the epoch."""

    __slots__ = ("_end_s", "_from_s", "_start_s", "label")

    def __init__(self, raw: RawConstraint) -> None:
        self._from_s: int | None = None
        self._start_s: int | None = None
        self._end_s = 0
        self.label = ""
        if raw is None:
            return
        kind, start, *end = raw
        if kind == "from":
            self._from_s = (date.fromisoformat(start).toordinal() - _EPOCH) * _DAY_S
            self.label = f"@{start}"
        else:
            self._start_s, self._end_s = start, end[0]
            self.label = f"@{_clock(start)}-{_clock(end[0])}"

    def holds(self, at_s: int) -> bool:
        """Whether the price holds at `at_s`. A daily interval may reach over midnight; its end is not part of it."""
        if self._from_s is not None:
            return at_s >= self._from_s
        if self._start_s is None:
            return True
        second = at_s % _DAY_S
        if self._end_s < self._start_s:
            return second >= self._start_s or second < self._end_s
        return self._start_s <= second < self._end_s


class Tariff:
    """One model of the book. Rules are resolved on first use and kept; their number is bounded by the book."""

    def __init__(self, owner: str, raw: RawModel, units: Units) -> None:
        self.name = f"{owner}/{raw[0]}"
        self._units = units
        self._prices: list[tuple[Constraint, dict[str, RawPrice]]] = [
            (Constraint(constraint), prices) for constraint, prices in raw[2]
        ]
        self._variants: list[tuple[dict[str, str], Constraint, dict[str, RawPrice]]] = [
            (when, Constraint(constraint), prices)
            for when, constraint, prices in raw[3]
            if prices or not _STANDARD.issuperset(when.items())
        ]
        self._contexts = frozenset(entry for when, _, _ in self._variants for entry in when.items())
        self._least_audio_s: int = raw[4]
        self._rules: dict[tuple[int, ...], Rule] = {}

    def rule(self, at_s: int, context: Context | None, *, own: bool = True) -> tuple[Rule, str]:
        """The rule that holds at `at_s` (seconds since the epoch) in `context`, and why it is an assumption if it is.

        A tariff that is borrowed from another provider (`own` is false) has no prices for contexts.
        """
        standard = self._standard(at_s)
        if not context:
            return self._resolved((standard,)), ""
        applied = self._applied(at_s, context) if own and not self._contexts.isdisjoint(context.items()) else []
        reason = ""
        for entry in context.items():
            if entry not in _STANDARD and not any(entry in self._variants[index][0].items() for index in applied):
                reason = _MISSING.get(entry[0], quote.NO_CONTEXT_PRICE)
                break
        return self._resolved((standard, *applied)), reason

    def _resolved(self, chosen: tuple[int, ...]) -> Rule:
        rule = self._rules.get(chosen)
        if rule is None:
            rule = self._rules[chosen] = self._resolve(chosen)
        return rule

    def _standard(self, at_s: int) -> int:
        """The last price whose constraint holds; the first one when none does."""
        for index in range(len(self._prices) - 1, 0, -1):
            if self._prices[index][0].holds(at_s):
                return index
        return 0

    def _applied(self, at_s: int, context: Context) -> list[int]:
        return [
            index
            for index, (when, constraint, _) in enumerate(self._variants)
            if constraint.holds(at_s) and all(context.get(key) == value for key, value in when.items())
        ]

    def _resolve(self, chosen: tuple[int, ...]) -> Rule:
        constraint, standard = self._prices[chosen[0]]
        name = self.name + constraint.label
        overrides: dict[str, RawPrice] = {}
        for index in chosen[1:]:
            when, constraint, prices = self._variants[index]
            if prices:
                name += "".join(f"+{value}" for value in when.values()) + constraint.label
            overrides = {**prices, **overrides}
        return Rule(name, {**standard, **overrides}, self._units, self._least_audio_s)


def find(raw: list[RawModel], model: str) -> RawModel | None:
    """The first model whose clause `model` (lookable, lower case) satisfies."""
    for entry in raw:
        clause: Clause = entry[1]
        if matches(clause, model):
            return entry
    return None


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}"
