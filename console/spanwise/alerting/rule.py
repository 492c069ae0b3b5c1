"""`StoreRule`: an alert with its question to the store and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from spanwise.alert import Alert
from spanwise.alerting.asker import Asker
from spanwise.alerting.finding import Finding


Question: TypeAlias = Callable[[Asker], list[Finding]]
"""Asks the store and says what it found, one finding for each group."""


@dataclass(frozen=True, slots=True)
class StoreRule:
    """One rule. An alert has several when it watches several objectives or budgets, as in Prometheus.

    Attributes:
        alert: The definition.
        question: What finds its groups and their values.
        hold_s: Seconds that it must hold before it rings.
        limit: The threshold, as it is shown.
        form: How its value is written: `count`, `number`, `percent`, `usd` or `seconds`.
        severity: `page` or `ticket`; that of the alert unless a budget says otherwise.
        variant: Labels that tell this rule from others of its alert: `{"slo": "errors"}`.
        fixed: What placeholders of the texts stand for in this rule, where it is known now.
        remark: What a reader must know besides, because the store sees other things than metrics do.
        every_s: Seconds between two evaluations; 0 for each.
    """

    alert: Alert
    question: Question
    hold_s: int
    limit: Decimal
    form: str
    severity: str
    variant: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str | Decimal] = field(default_factory=dict)
    remark: str = ""
    every_s: int = 0

    @property
    def key(self) -> str:
        """The alert's id and the variant: `budget_burn/tenant-day`. Unique among the rules."""
        return "/".join((self.alert.id, *self.variant.values()))
