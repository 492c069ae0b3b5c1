"""What an application writes by hand: `from spanwise import context, observe, prompts, score`.

Everything else is a package of its own: `spanwise.cost`, `spanwise.redact`, `spanwise.semconv` and others. Importing it
loads nothing.
"""

from __future__ import annotations

import os
import sys


TYPE_CHECKING = False
if TYPE_CHECKING:
    from spanwise import prompts
    from spanwise.application.association import context
    from spanwise.application.observe import observe
    from spanwise.budget.exceeded import BudgetExceeded
    from spanwise.scoring.score import score
    from spanwise.scoring.token import feedback_token

__all__ = ["BudgetExceeded", "context", "feedback_token", "observe", "prompts", "score"]

# The source tree holds a slice of this package in each of its rooms; a wheel holds one folder.
_SLICES = [os.path.join(folder, "spanwise") for folder in sys.path]
__path__ = [folder for folder in dict.fromkeys([*__path__, *_SLICES]) if os.path.isdir(folder)]

_HOMES = {
    "BudgetExceeded": "budget.exceeded",
    "context": "application.association",
    "feedback_token": "scoring.token",
    "observe": "application.observe",
    "score": "scoring.score",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "prompts":
        return import_module(f"{__name__}.prompts")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
