"""`Report`: what was found in one file, and who looked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spanwise.deploy.check.kind import Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake. `line` counts from 1; `None` when whoever found it named none."""

    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One file after its check.

    Attributes:
        file: Which.
        kind: What it was taken for.
        tool: Who looked: an engine's own program with its version where it tells one, a schema, or a parser.
        findings: Mistakes; empty when there are none.
        missing: How to get the engine's program when there is none; `tool` is then what looked instead.
    """

    file: Path
    kind: Kind
    tool: str
    findings: tuple[Finding, ...] = ()
    missing: str = ""
