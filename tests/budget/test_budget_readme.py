"""The README of the room: its policy can be used, its program does what it says."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import spanwise.budget
from spanwise import BudgetExceeded
from spanwise.plan import Plan
from spanwise.policy.policy import policy_of


README = Path(spanwise.budget.__file__).with_name("README.md")


def block(language: str) -> str:
    """The one code block in `language`."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


def test_the_policy_of_the_readme() -> None:
    """It has no mistakes, and says what the page says it does."""
    plan = Plan.from_policy(policy_of(block("yaml").encode(), source="README.md", directory=Path()))
    assert [(budget.name, budget.action, budget.at) for budget in plan.budgets] == [
        ("all-month", "alert", (80, 100)),
        ("each-user", "block", (80, 100)),
        ("free-plan", "warn", (50, 90, 100)),
    ]
    assert plan.pipeline.loop_guard is not None and plan.pipeline.loop_guard.cost_usd == Decimal(2)


def test_the_program_of_the_readme() -> None:
    """A call that is refused is answered; one that is not is handed on."""
    from datetime import UTC, datetime

    scope: dict[str, Any] = {}
    exec(block("python"), scope)

    class Client:
        """An SDK whose one call is refused."""

        chat = completions = property(lambda self: self)

        def create(self, **_: object) -> None:
            """Refuse."""
            noon = datetime(2026, 11, 26, 12, tzinfo=UTC)
            raise BudgetExceeded("each-user", key={}, limit=Decimal(1), spent=Decimal(1), resets_at=noon)

    assert scope["answer"](Client(), "u-1", []) == "Your budget is used up until 12:00 UTC."
