"""`Notice`: one thing that somebody is told, in no channel's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias


State: TypeAlias = Literal["firing", "resolved"]
Severity: TypeAlias = Literal["page", "ticket"]

FIRING: Final = "firing"
RESOLVED: Final = "resolved"

_OFFSET: Final = 14_695_981_039_346_656_037
_PRIME: Final = 1_099_511_628_211
_SEPARATOR: Final = b"\xff"
_64_BITS: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. Two with the same `id`, severity and labels are about the same thing: one may resolve the other.

    Attributes:
        id: What rings, as `SpanwiseSpendRate`.
        state: `firing` or `resolved`.
        severity: `page` wakes somebody, `ticket` waits for the next working day.
        summary: One line with its values.
        description: What is known, and what to do first.
        labels: What it is about: service, model, budget. Not secret, and sent as they are.
        value: The value as people read it.
        started_unix_s: When it began.
        runbook: Address or path of the page that helps.
        ended_unix_s: When it ended; `None` while it fires.
    """

    id: str
    state: State
    severity: Severity
    summary: str
    description: str
    labels: Mapping[str, str]
    value: str
    started_unix_s: int
    runbook: str = ""
    ended_unix_s: int | None = None

    @property
    def all_labels(self) -> dict[str, str]:
        """The labels with `alertname` and `severity`, as Alertmanager knows an alert."""
        return {**self.labels, "alertname": self.id, "severity": self.severity}

    @property
    def fingerprint(self) -> str:
        """16 hex digits that are the same for every notice about the same thing, and Alertmanager's for its labels.

        FNV-1a over sorted names and values, each ended by a byte 255, as Prometheus documents `LabelSet.Fingerprint`.
        """
        hashed = _OFFSET
        for name, value in sorted(self.all_labels.items()):
            for byte in name.encode() + _SEPARATOR + value.encode() + _SEPARATOR:
                hashed = ((hashed ^ byte) * _PRIME) & _64_BITS
        return f"{hashed:016x}"


def rfc3339(unix_s: int) -> str:
    """A moment as channels write it: `2026-11-26T07:00:00Z`."""
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
