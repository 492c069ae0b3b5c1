"""`Rule`: an alert with its expression and its numbers, ready for any engine that takes PromQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from spanwise.alert import Alert


@dataclass(frozen=True, slots=True)
class Rule:
    """One alerting rule. An alert has several when it watches several objectives, budgets or signals.

    Attributes:
        alert: The definition.
        expression: PromQL; whatever it returns, with any value, rings.
        hold_s: Seconds that it must hold.
        severity: `page` or `ticket`; that of the alert unless a budget says otherwise.
        variant: What tells this rule from others of its alert, as labels: `{"slo": "errors"}`.
        fixed: What placeholders of the texts stand for in this rule, where it is known now.
        slow: Whether it looks at days and is evaluated less often.
    """

    alert: Alert
    expression: str
    hold_s: Decimal
    severity: str
    variant: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str | Decimal] = field(default_factory=dict)
    slow: bool = False

    @property
    def labels(self) -> dict[str, str]:
        """The labels that the rule sets, beside those of the expression."""
        return {"severity": self.severity, **self.variant}

    @property
    def key(self) -> str:
        """The alert's id and the variant: `errors_burn_fast`, `budget_burn/tenant-day`. Unique among the rules."""
        return "/".join((self.alert.id, *self.variant.values()))
