"""Settings of the measure step."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeasureConfig:
    """What is measured.

    Attributes:
        enabled: whether metrics are recorded at all.
    """

    enabled: bool = True

    def validate(self) -> list[str]:
        """Sentences naming each setting that cannot be used."""
        if not isinstance(self.enabled, bool):
            return [f"enabled: found {self.enabled!r}; accepted: true, false"]
        return []
