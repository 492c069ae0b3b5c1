"""One entry of a user's own prices: what it concerns, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from spanwise.cost import glob
from spanwise.cost.rule import RawPrice


Path: TypeAlias = tuple[str | int, ...]
"""Where an entry stands in the policy."""

ANY: Final = ("*",)
STANDARD: Final = "standard"
"""The tier of calls that name none; an entry that names none is for these."""

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY_S: Final = 86_400


class Subject(NamedTuple):
    """A call as entries see it: every name its provider and its model go by, who it was for and how it was made."""

    providers: tuple[str, ...]
    models: tuple[str, ...]
    tenant: str | None
    tier: str


class Currency(NamedTuple):
    """A currency with its fixed rate: one unit costs `usd` US dollars, as agreed or seen on `day`."""

    code: str
    usd: Decimal
    day: date


class Scope(NamedTuple):
    """What an entry concerns. Patterns may have `*` in them; case does not matter. Days are UTC, both included."""

    provider: tuple[str, ...] = ANY
    model: tuple[str, ...] = ANY
    tenant: tuple[str, ...] = ANY
    service_tier: tuple[str, ...] = (STANDARD,)
    since: date | None = None
    until: date | None = None

    def refusal(self, subject: Subject, at_s: int) -> str:
        """Why a call at `at_s` is none of this; empty when it is one."""
        if not glob.any_matches(self.model, subject.models):
            return "another model"
        if not glob.any_matches(self.provider, subject.providers):
            return "another provider"
        if self.tenant != ANY and not glob.any_matches(self.tenant, (subject.tenant or "",)):
            return "another tenant"
        if not glob.any_matches(self.service_tier, (subject.tier,)):
            return f"not for service tier {subject.tier}"
        start_s, end_s = self.seconds
        if at_s < start_s:
            return f"from {self.since} on"
        return f"until {self.until}" if at_s >= end_s else ""

    @property
    def seconds(self) -> tuple[int, int]:
        """The first second it holds and the first it does not, since the epoch."""
        start_s = -(10**18) if self.since is None else _second(self.since)
        return start_s, 10**18 if self.until is None else _second(self.until + timedelta(days=1))

    def covers(self, other: Scope) -> bool:
        """Whether every call that `other` concerns is one of these."""
        pairs = (
            (self.provider, other.provider), (self.model, other.model), (self.tenant, other.tenant),
            (self.service_tier, other.service_tier),
        )  # fmt: skip
        patterns = all(all(any(glob.covers(wide, narrow) for wide in mine) for narrow in theirs)
                       for mine, theirs in pairs)  # fmt: skip
        mine_s, theirs_s = self.seconds, other.seconds
        return patterns and mine_s[0] <= theirs_s[0] and theirs_s[1] <= mine_s[1]


class OwnPrice(NamedTuple):
    """Prices of one's own: an override of what the book says, or all that is known of a private model."""

    scope: Scope
    table: Mapping[str, RawPrice]
    """By the price keys of the book, in `currency`."""
    name: str
    path: Path
    currency: Currency | None = None


class Discount(NamedTuple):
    """What is paid of the list price, or of the amount that the provider sent."""

    scope: Scope
    factor: Decimal
    name: str
    path: Path
    of_list: bool = True
    of_sent: bool = False


def _second(day: date) -> int:
    return (day.toordinal() - _EPOCH) * _DAY_S
