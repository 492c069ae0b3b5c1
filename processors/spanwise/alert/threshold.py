"""`Threshold`: one number of an alert that a policy may set."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number with a name, a default and limits.

    Attributes:
        key: Its name under `alerts.thresholds`; no two alerts use one name for different things.
        default: What holds when the policy says nothing.
        unit: What it counts: `s`, `USD`, `ratio`, `calls`, `times` and the like.
        about: One sentence for the person who changes it.
        least: The smallest value that is accepted.
        most: The largest one.
        accepted: The only values that are accepted, where an engine can count at these alone; empty for any.
    """

    key: str
    default: Decimal
    unit: str
    about: str
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(1_000_000_000)
    accepted: tuple[Decimal, ...] = ()
