"""Budgets: what model calls may cost in an hour, a day or a month, altogether or by tenant, model and the like."""

from spanwise.budget.config import ACTIONS, ALERT, DIMENSIONS, PERIODS, RECORD, Budget, read_budgets


__all__ = ["ACTIONS", "ALERT", "DIMENSIONS", "PERIODS", "RECORD", "Budget", "read_budgets"]
