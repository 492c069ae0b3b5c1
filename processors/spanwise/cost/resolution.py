"""How one kind of call is priced, and what was considered on the way there."""

from __future__ import annotations

from typing import NamedTuple

from spanwise.cost.arithmetic import Quoting
from spanwise.cost.own_entry import Currency, Discount
from spanwise.cost.quote import Usage
from spanwise.cost.reading import Filled
from spanwise.cost.rule import Rule
from spanwise.cost.unit import WALL


class Considered(NamedTuple):
    """One price that was looked at, in the order of precedence: what became of it, and where it stands."""

    kind: str
    name: str
    outcome: str
    where: str = ""


class Resolution(NamedTuple):
    """How one kind of call is priced, from `since_s` to before `until_s`. Such calls differ in counts only."""

    since_s: int
    until_s: int
    quoting: Quoting
    considered: tuple[Considered, ...] = ()
    rule: Rule | None = None
    """The prices; `None` when there are none."""
    currency: Currency | None = None
    """The currency they were agreed in, where it is not US dollars."""
    sent_discount: Discount | None = None
    """What is agreed on amounts that the provider sends."""
    unknown: tuple[str, str] | None = None
    """Provider and model that no price is known for."""
    unmetered: bool = False
    """Whether a call without any counts has a price."""
    filled: Filled = ()
    timed: bool = False
    as_counted: bool = True
    """Whether `quoting` takes the counts as they were read."""
    cached: tuple[str, ...] = ()
    """The counts of cached input, where that and plain input have prices of their own."""

    def usage(self, counted: dict[str, int], wall_us: int) -> Usage:
        """`counted` with missing totals and the wall time, as `quoting` wants it."""
        if self.as_counted:
            return counted
        whole = dict(counted)
        for total, parts in self.filled:
            whole[total] = sum(counted[part] for part in parts)
        if self.timed:
            whole[WALL] = wall_us
        return whole
