"""`Budget`: an amount per period, for all calls or for some of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, Self, TypeAlias, cast, get_args

from spanwise.budget.condition import FORM, Condition
from spanwise.policy import Form, Reader
from spanwise.policy.problem import Path
from spanwise.semconv import attributes as attr


Period: TypeAlias = Literal["hour", "day", "month"]

PERIODS: Final[tuple[str, ...]] = get_args(Period)

DIMENSIONS: Final[Mapping[str, str]] = {
    "tenant": attr.SPANWISE_TENANT,
    "model": attr.GEN_AI_REQUEST_MODEL,
    "user": attr.USER_ID,
    "session": attr.SESSION_ID,
    "prompt": attr.GEN_AI_PROMPT_NAME,
    "feature": attr.SPANWISE_FEATURE,
    "provider": attr.GEN_AI_PROVIDER_NAME,
    "service": attr.SERVICE_NAME,
}
"""What calls can be told apart by, and the attribute that says it."""

PERSONAL: Final = frozenset({"user", "session"})
"""Dimensions that no metric may tell calls apart by: only processes and their collector keep count of them."""

RECORD: Final = "record"
"""A budget that nothing rings for."""

WARN: Final = "warn"
"""A budget that a line in the log tells of."""

ALERT: Final = "alert"
"""A budget that somebody hears of."""

BLOCK: Final = "block"
"""A budget past which calls are refused before they are made."""

ACTIONS: Final = (RECORD, WARN, ALERT, BLOCK)

AT: Final = ("80%", "100%")
"""Shares of the limit at which the action happens, unless a policy says others."""

MOST_BUDGETS: Final = 100

_NAME: Final = Form("[a-z][a-z0-9-]{0,39}", "small letters, digits and '-', a letter first, at most 40")
_SHARE: Final = Form("[1-9][0-9]{0,2}%", "whole percent as in 80%")
_MOST_SHARES: Final = 8
_MOST_CONDITIONS: Final = 8
_LEAST_USD: Final = Decimal("0.000001")
_MOST_USD: Final = Decimal(1_000_000_000)
_MOST_DIMENSIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Budget:
    """One budget.

    Attributes:
        name: What alerts and dashboards call it.
        limit_usd: US dollars that may be spent in a period.
        per: The period: `hour`, `day` or `month`. Days and months are those of UTC.
        by: Dimensions that each value has a budget of its own for; empty for one budget altogether.
        where: Values, exact or with `*`, that a call must have to count, by dimension.
        action: What an overspent budget does: `record`, `warn`, `alert` or `block`.
        when: Conditions that a call must meet to count, all of them.
        at: Shares of the limit, in percent and ascending, at which a process tells of it, once in a period each.
        path: Where it stands in the policy.
    """

    name: str
    limit_usd: Decimal
    per: Period
    by: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    action: str = ALERT
    when: tuple[Condition, ...] = ()
    at: tuple[int, ...] = (80, 100)
    path: Path = field(default=(), compare=False)

    @property
    def is_in_processes(self) -> bool:
        """Whether only processes and their collector can count it: no metric knows persons, or every attribute."""
        return bool(self.when) or not PERSONAL.isdisjoint((*self.by, *self.where))

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """The budget of one item of `budgets`; `None`, with complaints to `reader`, when it cannot be used."""
        name = reader.text(
            "name", "", form=_NAME, required="a short name", about="What alerts and dashboards call this budget."
        )
        limit_usd = reader.decimal(
            "limit_usd",
            None,
            least=_LEAST_USD,
            most=_MOST_USD,
            required="an amount in US dollars, as 2000",
            about="US dollars that may be spent in one period.",
        )
        per = reader.choice(
            "per",
            PERIODS,
            None,
            required=f"one of {', '.join(PERIODS)}",
            about="The period, in UTC. An hour slides; a day begins at midnight, a month on its first day.",
        )
        by = reader.texts(
            "by",
            accepted=tuple(DIMENSIONS),
            called="a dimension",
            most=_MOST_DIMENSIONS,
            about="Each value of these has the whole limit for itself; without it there is one budget for all calls.",
        )
        where = _where(
            reader.section("where", about="Only calls with these values count; * stands for any characters.")
        )
        action = reader.choice(
            "action",
            ACTIONS,
            ALERT,
            about="What happens past the limit: a record and no more, a warning, an alert, or calls are refused.",
        )
        when = reader.texts(
            "when",
            form=FORM,
            most=_MOST_CONDITIONS,
            about="Only calls count that meet all of these comparisons with attributes. Such a budget is kept by "
            "processes alone, without a rule of Prometheus.",
        )
        at = reader.texts(
            "at",
            AT,
            form=_SHARE,
            least=1,
            most=_MOST_SHARES,
            about="Shares of the limit at which a process warns or alerts, once in a period each. Calls are refused "
            "at 100% alone; rules of Prometheus have alerts.thresholds.budget_near_share.",
        )
        _complain_of_repeats(reader, by)
        reader.finish()
        if not name or limit_usd is None or per is None or not reader.is_sound:
            return None
        return cls(
            name,
            limit_usd,
            cast("Period", per),
            by,
            where,
            action,
            tuple(map(Condition.parse, when)),
            _percents(at),
            reader.path,
        )


def read_budgets(reader: Reader, key: str = "budgets") -> tuple[Budget, ...]:
    """The budgets listed under `key`; none when it is absent. Two of one name are a complaint."""
    budgets: dict[str, Budget] = {}
    about = "What model calls may cost. Without any, no budget alert can ring."
    for item in reader.sections(key, most=MOST_BUDGETS, about=about):
        budget = Budget.read(item)
        if budget is None:
            continue
        if budget.name in budgets:
            item.complain("name", f"found '{budget.name}' a second time; accepted is a name that no other budget has.")
            continue
        budgets[budget.name] = budget
    return tuple(budgets.values())


def _where(reader: Reader) -> dict[str, str]:
    found: dict[str, str] = {}
    for dimension, attribute in DIMENSIONS.items():
        value = reader.text(dimension, "", longest=256, about=f"Calls whose {attribute} is this.")
        if value:
            found[dimension] = value
    reader.finish()
    return found


def _percents(at: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(sorted({int(share[:-1]) for share in at}))


def _complain_of_repeats(reader: Reader, by: tuple[str, ...]) -> None:
    for index, dimension in enumerate(by):
        if dimension in by[:index]:
            reader.complain("by", f"found {dimension!r} twice. Take one out.", item=index)
