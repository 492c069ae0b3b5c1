"""`Book`: a budget with what each of its keys has spent."""

from __future__ import annotations

from dataclasses import dataclass, field

from spanwise.budget.account import Account
from spanwise.budget.scope import Key, Scope


@dataclass(slots=True, eq=False)
class Book:
    """The accounts of one budget.

    Attributes:
        scope: The budget, with which calls it is about.
        accounts: What was spent, by key.
        refused: Keys whose calls are refused.
        swept_s: When accounts were last looked through for empty ones.
    """

    scope: Scope
    accounts: dict[Key, Account] = field(default_factory=dict)
    refused: set[Key] = field(default_factory=set)
    swept_s: float = 0
