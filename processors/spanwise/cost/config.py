"""What can be set about pricing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from spanwise.policy import Reader


if TYPE_CHECKING:
    from spanwise.cost.book import PriceBook


@dataclass(frozen=True, slots=True)
class CostConfig:
    """Settings of the `Cost` step."""

    book: PriceBook | None = None
    """Prices to use; `None` takes the bundled book and reads it when the first call is priced."""
    warn_unknown: bool = True
    """Whether each unknown model is named once in the log of `spanwise.cost`."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        settings = cls(warn_unknown=reader.boolean("warn_unknown", cls().warn_unknown))
        reader.finish()
        return settings

    def validate(self) -> list[str]:
        """Sentences naming each setting that cannot be used."""
        from spanwise.cost.book import PriceBook

        problems: list[str] = []
        if self.book is not None and not isinstance(self.book, PriceBook):
            problems.append("book: found something that is not a PriceBook; leave it out in a configuration file")
        if not isinstance(self.warn_unknown, bool):
            problems.append(f"warn_unknown: found {self.warn_unknown!r}; accepted: true, false")
        return problems
