"""Settings of the normalise step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from spanwise.policy import Reader


@dataclass(frozen=True, slots=True)
class NormaliseConfig:
    """Whether spans of other suites are translated, and what becomes of the names they came with.

    With `keep_originals` a span holds its old names beside the new ones, so that dashboards built on them go on
    working. Without it those that have a translation go; what has none stays either way.
    """

    enabled: bool = True
    keep_originals: bool = True

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        default = cls()
        settings = cls(
            enabled=reader.boolean(
                "enabled", default.enabled, about="Whether spans of other suites are translated to the convention."
            ),
            keep_originals=reader.boolean(
                "keep_originals",
                default.keep_originals,
                about="Whether a translated span keeps its old names too, for dashboards that were built on them.",
            ),
        )
        reader.finish()
        return settings

    def validate(self) -> list[str]:
        """Complaints about these settings."""
        return [
            f"{name}: found {getattr(self, name)!r}; accepted is true or false"
            for name in ("enabled", "keep_originals")
            if not isinstance(getattr(self, name), bool)
        ]
