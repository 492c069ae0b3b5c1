"""What can be set about pricing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from spanwise.policy import Reader
from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.cost.book import PriceBook
    from spanwise.cost.own import OwnPrices
    from spanwise.cost.own_entry import Path


@dataclass(frozen=True, slots=True)
class CostConfig:
    """Settings of the `Cost` step."""

    book: PriceBook | None = None
    """Prices to use; `None` takes the active book and reads it when the first call is priced."""
    prices: OwnPrices | None = None
    """The user's own prices: the section `prices` of a policy, which goes before the book."""
    warn_unknown: bool = True
    """Whether each unknown model is named once in the log of `spanwise.cost`."""
    estimate_tokens: bool | None = None
    """Whether calls that end without token counts get a marked estimate; `None` leaves it to the environment."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        settings = cls(
            warn_unknown=reader.boolean(
                "warn_unknown",
                cls().warn_unknown,
                about="Whether each model without a known price is named once in the log of spanwise.cost.",
            ),
            estimate_tokens=reader.boolean(
                "estimate_tokens",
                False,  # noqa: FBT003 - the default, as in every getter
                about="Whether calls that end without token counts get an estimate, marked as one.",
                variable=environment.SPANWISE_ESTIMATE_TOKENS,
            )
            if reader.has("estimate_tokens")
            else None,
        )
        reader.finish()
        return settings

    def placed(self, place: Callable[[Path], str]) -> Self:
        """The same settings, whose own prices name their places in the policy by `place`."""
        return self if self.prices is None else replace(self, prices=replace(self.prices, place=place))

    def validate(self) -> list[str]:
        """Sentences naming each setting that cannot be used."""
        from spanwise.cost.book import PriceBook

        problems: list[str] = []
        if self.book is not None and not isinstance(self.book, PriceBook):
            problems.append("book: found something that is not a PriceBook; leave it out in a configuration file")
        if not isinstance(self.warn_unknown, bool):
            problems.append(f"warn_unknown: found {self.warn_unknown!r}; accepted: true, false")
        return problems
