"""`NamesConfig`: how names of people and places are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from spanwise.policy import Reader


@dataclass(frozen=True, slots=True)
class NamesConfig:
    """Settings of the extra that finds names with a language model.

    Attributes:
        language: The language of the texts, two letters.
        model: The spaCy package or folder to use; empty to take the largest one of the language that is installed.
        least_score: Results below it are left out, 0 to 1.
    """

    language: str = "en"
    model: str = ""
    least_score: float = 0.6

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """The settings of a policy's section; `None`, with a complaint, when the extra is not installed here."""
        config = cls(
            language=reader.text("language", "en", longest=8, about="The language of the texts, two letters."),
            model=reader.text(
                "model", "", longest=1024, about="The spaCy package or folder; without it, the largest installed one."
            ),
            least_score=reader.number("least_score", 0.6, least=0.0, most=1.0, about="Results below it are left out."),
        )
        reader.finish()
        if not reader.is_sound:
            return None
        if not reader.here:
            return config
        from spanwise.redact.names import MissingExtra, NameFinder

        try:
            NameFinder(language=config.language, model=config.model or None)
        except MissingExtra as missing:
            reader.complain(None, str(missing))
            return None
        return config
