"""All prices of one model: which of them hold at a time and in a context."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple, TypeAlias

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


class Window(NamedTuple):
    """The seconds from `since_s` to before `until_s`, in which no price of a tariff begins or ends."""

    since_s: int
    until_s: int


ALWAYS: Final = Window(-(10**18), 10**18)


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

    def edges(self, at_s: int) -> Iterator[int]:
        """The moments around `at_s` at which the price begins or ends."""
        if self._from_s is not None:
            yield self._from_s
        elif self._start_s is not None:
            midnight = at_s - at_s % _DAY_S
            for second in (self._start_s, self._end_s):
                yield from (midnight + second + day * _DAY_S for day in (-1, 0, 1))


class Prices(NamedTuple):
    """The prices of a model at one time in one context, before they are a rule."""

    name: str
    table: dict[str, RawPrice]
    reason: str
    least_audio_s: int


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
        self._rules: dict[str, Rule] = {}

    def at(self, at_s: int, context: Context | None, *, own: bool = True) -> Prices:
        """The prices that hold at `at_s` (seconds since the epoch) in `context`, and why they are assumed if they are.

        A tariff that is borrowed from another provider (`own` is false) has no prices for contexts.
        """
        standard = self._standard(at_s)
        if not context:
            return self._merged((standard,), "")
        applied = self._applied(at_s, context) if own and not self._contexts.isdisjoint(context.items()) else []
        reason = ""
        for entry in context.items():
            if entry not in _STANDARD and not any(entry in self._variants[index][0].items() for index in applied):
                reason = _MISSING.get(entry[0], quote.NO_CONTEXT_PRICE)
                break
        return self._merged((standard, *applied), reason)

    def rule(self, prices: Prices) -> Rule:
        """`prices` as a rule; made once for the prices of one name."""
        rule = self._rules.get(prices.name)
        if rule is None:
            rule = self._rules[prices.name] = Rule(prices.name, prices.table, self._units, prices.least_audio_s)
        return rule

    def window(self, at_s: int) -> Window:
        """The time around `at_s` in which the same prices hold."""
        since_s, until_s = ALWAYS
        for constraint in self._constraints():
            for edge in constraint.edges(at_s):
                if edge <= at_s:
                    since_s = max(since_s, edge)
                else:
                    until_s = min(until_s, edge)
        return Window(since_s, until_s)

    def listed(self) -> Iterator[tuple[Mapping[str, str], Constraint, Mapping[str, RawPrice]]]:
        """Every price of the model: the context it is for, when it holds, and the table."""
        for constraint, table in self._prices:
            yield {}, constraint, table
        yield from self._variants

    def _constraints(self) -> Iterator[Constraint]:
        yield from (constraint for constraint, _ in self._prices)
        yield from (constraint for _, constraint, _ in self._variants)

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

    def _merged(self, chosen: tuple[int, ...], reason: str) -> Prices:
        constraint, standard = self._prices[chosen[0]]
        name = self.name + constraint.label
        overrides: dict[str, RawPrice] = {}
        for index in chosen[1:]:
            when, constraint, prices = self._variants[index]
            if prices:
                name += "".join(f"+{value}" for value in when.values()) + constraint.label
            overrides = {**prices, **overrides}
        return Prices(name, {**standard, **overrides}, reason, self._least_audio_s)


def find(raw: list[RawModel], model: str) -> RawModel | None:
    """The first model whose clause `model` (lookable, lower case) satisfies."""
    for entry in raw:
        clause: Clause = entry[1]
        if matches(clause, model):
            return entry
    return None


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}"
