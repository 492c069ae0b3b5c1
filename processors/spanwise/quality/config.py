"""Settings of the quality step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Reader
from spanwise.quality.check import CHECKS


FINDINGS: Final = "findings"
ALL: Final = "all"
EVENTS: Final = (FINDINGS, ALL)

LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh", "ko", "ru", "ar", "hi", "tr")
"""Languages in which refusals are known."""


@dataclass(frozen=True, slots=True)
class QualityConfig:
    """What is checked of answers.

    Attributes:
        enabled: whether anything is.
        checks: the checks that are made.
        events: whether an event is written for what was found only, or for every check.
        refusal_languages: languages in which the words of an answer are searched for a refusal.
    """

    enabled: bool = True
    checks: tuple[str, ...] = CHECKS
    events: str = FINDINGS
    refusal_languages: tuple[str, ...] = LANGUAGES

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        default = cls()
        settings = cls(
            enabled=reader.boolean("enabled", default.enabled, about="Whether answers are checked."),
            checks=reader.texts(
                "checks",
                default.checks,
                accepted=CHECKS,
                called="a check",
                about="Checks that are made; the others cost nothing.",
            ),
            events=reader.choice(
                "events",
                EVENTS,
                default.events,
                about="Whether spans get an event for what was found only, or for every check that was made.",
            ),
            refusal_languages=reader.texts(
                "refusal_languages",
                default.refusal_languages,
                accepted=LANGUAGES,
                called="a language that is known",
                about="Languages in which the words of an answer are searched for a refusal.",
            ),
        )
        reader.finish()
        return settings
