"""`LoopGuard`: what one trace may take, so that an agent in a circle ends."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from spanwise.budget.config import BLOCK, WARN
from spanwise.policy import Reader


_MOST: Final = 1_000_000_000
_LEAST_USD: Final = Decimal("0.000001")
_MOST_USD: Final = Decimal(1_000_000)
_MOST_DEPTH: Final = 1000
LIMITS: Final = ("calls", "tokens", "cost_usd", "depth")


@dataclass(frozen=True, slots=True)
class LoopGuard:
    """Limits of one trace in one process. A limit that is `None` limits nothing.

    Attributes:
        calls: Model calls.
        tokens: Tokens of them, in and out together.
        cost_usd: US dollars of them.
        depth: Steps inside each other in which a call may stand: agents, tools, workflows.
        action: What happens past one: `warn` or `block`.
    """

    calls: int | None = None
    tokens: int | None = None
    cost_usd: Decimal | None = None
    depth: int | None = None
    action: str = WARN

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        guard = cls(
            calls=reader.integer("calls", None, least=1, most=_MOST, about="Model calls that one trace may make."),
            tokens=reader.integer(
                "tokens", None, least=1, most=_MOST, about="Tokens, in and out together, of the calls of one trace."
            ),
            cost_usd=reader.decimal(
                "cost_usd", None, least=_LEAST_USD, most=_MOST_USD, about="US dollars that one trace may spend."
            ),
            depth=reader.integer(
                "depth",
                None,
                least=1,
                most=_MOST_DEPTH,
                about="Agents, tools and workflows inside each other, in which a call may stand.",
            ),
            action=reader.choice(
                "action", (WARN, BLOCK), WARN, about="What happens past a limit: a warning, or the call is refused."
            ),
        )
        message = f"found no limit; accepted: {', '.join(LIMITS)}."
        reader.count_of(LIMITS, least=1, most=len(LIMITS), message=message)
        reader.finish()
        return guard
