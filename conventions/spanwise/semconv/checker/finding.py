"""One finding of the checker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from spanwise.semconv.checker.rule import Severity


Signal: TypeAlias = Literal["span", "metric", "event", "resource"]
"""What kind of telemetry a finding is about."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference from the conventions. Holds names, types and schema paths, and no content of a message.

    `id` is one of `SEVERITIES`; `subject` is the name of the span, metric or event; `attribute` is `None` when the
    finding is about the whole; `where` is `trace id/span id` in hex, or empty where there is none.
    """

    id: str
    severity: Severity
    signal: Signal
    subject: str
    attribute: str | None
    message: str
    where: str
