"""How much work a call is, counted."""

from tests.steps.steps import TooMany, steps


__all__ = ["TooMany", "steps"]
