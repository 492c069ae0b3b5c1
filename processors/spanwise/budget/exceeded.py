"""`BudgetExceeded`: the one exception of this distribution that an application can get to see."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

LOOP_GUARD = "loop_guard"
"""The name under which the guard of one trace refuses."""


class BudgetExceeded(RuntimeError):  # noqa: N818 - the name that is documented
    """A model call was refused, because the policy says `action: block` and a limit is used up.

    Raised in place of the call, before anything is sent; never while an answer is being read. Nothing else of this
    distribution raises into an application.

    Attributes:
        budget: Name of the budget; `loop_guard` for the guard of one trace.
        key: The values that the limit is for, by dimension, as `{"user": "u-7"}`; empty for one limit altogether.
            With the guard, `{"trace": "<id>"}`.
        limit: What may be spent, in `unit`.
        spent: What is spent, in `unit`.
        unit: `cost_usd`; with the guard also `calls`, `tokens` or `depth`.
        resets_at: When the next call is let through at the earliest, in UTC; `None` where that is never, as in a trace.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing that is told
        self,
        budget: str,
        *,
        key: dict[str, str],
        limit: Decimal | int,
        spent: Decimal | int,
        unit: str = "cost_usd",
        resets_at: datetime | None = None,
    ) -> None:
        self.budget = budget
        self.key = key
        self.limit = limit
        self.spent = spent
        self.unit = unit
        self.resets_at = resets_at
        # The values of the key are not in the text: it is logged, and they may name a person.
        whose = f" of one {' and '.join(key)}" if key else ""
        until = f"; calls are let through again from {resets_at:%Y-%m-%d %H:%M:%S} UTC" if resets_at else ""
        super().__init__(f"budget {budget}{whose}: {spent} of {limit} {unit} are used up{until}")

    def __reduce__(self) -> tuple[object, ...]:
        arguments = {
            "key": self.key, "limit": self.limit, "spent": self.spent, "unit": self.unit, "resets_at": self.resets_at
        }  # fmt: skip
        return _again, (self.budget, arguments)


def _again(budget: str, arguments: dict[str, object]) -> BudgetExceeded:
    return BudgetExceeded(budget, **arguments)  # type: ignore[arg-type] # what __reduce__ wrote
