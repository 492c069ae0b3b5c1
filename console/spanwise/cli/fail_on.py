"""When `spanwise check` fails."""

from __future__ import annotations

from enum import StrEnum


class FailOn(StrEnum):
    """The mildest finding that makes the exit code 1."""

    VIOLATION = "violation"
    IMPROVEMENT = "improvement"
    INFORMATION = "information"
    NEVER = "never"
