"""`Record`: a recording rule. What several alerts or dashboards ask is computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Record:
    """One recorded series.

    Attributes:
        name: `spanwise:what:how`.
        expression: PromQL.
        about: What it is, for the comment above it.
        labels: Labels that it gets beside those of the expression.
    """

    name: str
    expression: str
    about: str
    labels: Mapping[str, str] = field(default_factory=dict)
