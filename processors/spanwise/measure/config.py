"""Settings of the measure step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


CURRENT: Final = "current"
FLAVOURS: Final = (CURRENT, "released", "legacy")


@dataclass(frozen=True, slots=True)
class MeasureConfig:
    """What is measured.

    Attributes:
        enabled: whether metrics are recorded at all.
        flavours: states of the convention whose metrics are recorded. The metrics of `spanwise.*` are in all of them.
    """

    enabled: bool = True
    flavours: tuple[str, ...] = (CURRENT,)

    def validate(self) -> list[str]:
        """Sentences naming each setting that cannot be used."""
        problems = []
        if not isinstance(self.enabled, bool):
            problems.append(f"enabled: found {self.enabled!r}; accepted: true, false")
        given: object = self.flavours  # a configuration file may hold anything
        if not isinstance(given, tuple) or not given or not set(given) <= set(FLAVOURS):
            problems.append(f"flavours: found {given!r}; accepted: a list of {', '.join(FLAVOURS)}")
        return problems
