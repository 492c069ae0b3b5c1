"""What the checker found."""

from __future__ import annotations

from dataclasses import dataclass

from spanwise.semconv.checker.finding import Finding, Signal
from spanwise.semconv.checker.problem import Problem
from spanwise.semconv.checker.rule import Severity


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule about one attribute of one signal: how many, and the first of them."""

    id: str
    severity: Severity
    signal: Signal
    attribute: str | None
    count: int
    example: Finding


@dataclass(frozen=True, slots=True)
class Report:
    """The findings, worst first, and what was looked at.

    `left_out` counts findings beyond the limit; `severities` counts all of them, those too. `spans`, `metrics` and
    `events` count what was read, `judged` the part that is about GenAI or MCP. `problems` are the first pieces of
    input that could not be read, `unread` counts all of them.
    """

    findings: tuple[Finding, ...]
    left_out: int
    severities: dict[Severity, int]
    spans: int
    metrics: int
    events: int
    judged: int
    problems: tuple[Problem, ...] = ()
    unread: int = 0

    def reaches(self, severity: Severity) -> bool:
        """Whether there is a finding at least as serious as `severity`."""
        order = list(Severity)
        return any(self.severities[worse] for worse in order[: order.index(severity) + 1])

    def groups(self) -> list[Group]:
        """The findings grouped by rule, attribute and signal: worst first, then the most frequent."""
        first: dict[tuple[str, str | None, Signal], Finding] = {}
        counts: dict[tuple[str, str | None, Signal], int] = {}
        for finding in self.findings:
            key = (finding.id, finding.attribute, finding.signal)
            first.setdefault(key, finding)
            counts[key] = counts.get(key, 0) + 1
        order = list(Severity)
        groups = [
            Group(one.id, one.severity, one.signal, one.attribute, counts[key], one) for key, one in first.items()
        ]
        return sorted(groups, key=lambda group: (order.index(group.severity), -group.count, group.id))
