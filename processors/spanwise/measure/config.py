"""Settings of the measure step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Reader


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

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        default = cls()
        flavours = reader.texts("flavours", default.flavours)
        if not flavours or not set(flavours) <= set(FLAVOURS):
            reader.complain(
                "flavours", f"found {', '.join(flavours)[:80] or 'none'}; accepted: a list of {', '.join(FLAVOURS)}."
            )
            flavours = default.flavours
        settings = cls(enabled=reader.boolean("enabled", default.enabled), flavours=flavours)
        reader.finish()
        return settings

    def validate(self) -> list[str]:
        """Sentences naming each setting that cannot be used."""
        problems = []
        if not isinstance(self.enabled, bool):
            problems.append(f"enabled: found {self.enabled!r}; accepted: true, false")
        given: object = self.flavours  # a configuration file may hold anything
        if not isinstance(given, tuple) or not given or not set(given) <= set(FLAVOURS):
            problems.append(f"flavours: found {given!r}; accepted: a list of {', '.join(FLAVOURS)}")
        return problems
