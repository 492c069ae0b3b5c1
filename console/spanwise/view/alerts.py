"""Alerts and budgets, and how they stand."""

from __future__ import annotations

from spanwise.view.source import Source


def alerts(source: Source) -> dict[str, object]:
    """The alerts that are defined and the budgets of the policy, with what is known of each."""
    return {"alerts": [], "budgets": []}
