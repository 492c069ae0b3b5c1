"""`RetentionConfig`: for how long telemetry stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from spanwise.policy import Reader


@dataclass(frozen=True, slots=True)
class RetentionConfig:
    """Whole days after which the stores delete what they hold.

    Attributes:
        content_days: Prompts and answers, where they have a store of their own.
        traces_days: Traces.
        metrics_days: Metrics.
    """

    content_days: int = 7
    traces_days: int = 30
    metrics_days: int = 90

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        default = cls()
        config = cls(
            content_days=reader.days(
                "content", default.content_days, about="Prompts and answers, where they have a store of their own."
            ),
            traces_days=reader.days("traces", default.traces_days, about="Traces, with the content that is on them."),
            metrics_days=reader.days("metrics", default.metrics_days, about="Metrics. A budget per month needs 31d."),
        )
        reader.finish()
        return config
