"""`ContentConfig`: where the texts of prompts and answers are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Reader
from spanwise.semconv import environment


NONE: Final = "none"
SPAN: Final = "span"
EVENT: Final = "event"
BOTH: Final = "both"

MODES: Final[Mapping[str, str]] = {
    NONE: "NO_CONTENT",
    SPAN: "SPAN_ONLY",
    EVENT: "EVENT_ONLY",
    BOTH: "SPAN_AND_EVENT",
}
"""What the convention's environment variable calls each mode."""


@dataclass(frozen=True, slots=True)
class ContentConfig:
    """Settings of content.

    Attributes:
        mode: `none`, `span`, `event` or `both`.
    """

    mode: str = NONE

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        mode = reader.choice(
            "mode",
            tuple(MODES),
            cls().mode,
            about="Where texts of prompts and answers are written: nowhere, on the span, on a log event, or on both.",
            variable=environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT,
        )
        reader.finish()
        return cls(mode)

    @property
    def variable(self) -> str:
        """The value of the convention's environment variable that means this mode."""
        return MODES[self.mode]

    @property
    def is_captured(self) -> bool:
        """Whether any content leaves the application."""
        return self.mode != NONE
