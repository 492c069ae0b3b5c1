"""What the price book answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, NamedTuple, TypeAlias

from spanwise.semconv import values


Usage: TypeAlias = Mapping[str, int]
"""Counts by the usage keys of the book: `input_tokens` (all of them, cached and audio included), `output_tokens` (all,
reasoning included), `cache_read_tokens`, `cache_write_tokens`, `cache_write_5m_tokens`, `cache_write_1h_tokens`,
`input_audio_tokens`, `cache_audio_read_tokens`, `web_searches`, `audio_seconds` and so on. A key that is missing was
not reported, which is not the same as 0. Keys the book does not know are ignored."""

UNKNOWN_PROVIDER: Final = "unknown provider"
UNKNOWN_MODEL: Final = "unknown model"
INCONSISTENT: Final = "inconsistent usage"
"""A part is larger than its whole, or a count is negative or beyond reason."""
INCOMPLETE: Final = "incomplete usage"
"""A part was reported and its whole, or the overlap of two parts, was not: no sum can be right."""
NO_TIER_PRICE: Final = "no price for the service tier"
NO_BATCH_PRICE: Final = "no batch price"
NO_SPEED_PRICE: Final = "no price for the speed"
NO_CONTEXT_PRICE: Final = "no price for the context"
NO_LIFETIME: Final = "cache lifetime unknown"
"""Cache writes are billed by lifetime and the split was not reported: the default lifetime was assumed."""

EXACT: Final = Context(prec=100)
"""Wide enough that no sum or product of counts and prices is rounded, whatever context the application has set."""

_MICRO_DIGITS: Final = 6
_MICROS: Final = 10**_MICRO_DIGITS


class Terms(NamedTuple):
    """What all quotes of one rule share: the sums of a quote are counted in units of 10**-scale US dollars."""

    status: str
    reason: str
    rule: str = ""
    scale: int = 0
    unit: int = 1
    """Such units to a dollar: 10**scale."""
    buckets: tuple[str, ...] = ()


class Quote:
    """The price of one call in US dollars.

    `amount` is exact, or `None` when `status` is `unpriced`; `reason` says why unless the status is `exact`; `rule`
    names the price that was used; `buckets` sum to `amount` exactly and hold no zeros. Inside stand whole numbers;
    they become `Decimal` when they are asked for.
    """

    __slots__ = ("sums", "terms")

    def __init__(self, terms: Terms, sums: tuple[int, ...] = ()) -> None:
        """A quote of `sums`: the total and one sum for each bucket of `terms`; none when there is no amount."""
        self.terms = terms
        self.sums = sums

    @property
    def status(self) -> str:
        """`exact`, `estimated` or `unpriced`."""
        return self.terms.status

    @property
    def reason(self) -> str:
        """Why the amount is an estimate or missing; empty when it is exact."""
        return self.terms.reason

    @property
    def rule(self) -> str:
        """The price that was used: owner, model, and what was special about it."""
        return self.terms.rule

    @property
    def amount(self) -> Decimal | None:
        """The exact price; `None` when there is none."""
        return self._decimal(self.sums[0]) if self.sums else None

    @property
    def buckets(self) -> dict[str, Decimal]:
        """The amount by `input`, `cache_read`, `cache_write`, `output` and `other`, without zeros."""
        return {name: self._decimal(sum_) for name, sum_ in self._parts() if sum_}

    @property
    def usd(self) -> float:
        """The amount as the nearest float; 0 when there is none, which only `status` can tell from free."""
        return self.sums[0] / self.terms.unit if self.sums else 0.0

    @property
    def micro_usd(self) -> int:
        """The amount in millionths of a dollar, rounded half up."""
        if not self.sums:
            return 0
        return (2 * _MICROS * self.sums[0] + self.terms.unit) // (2 * self.terms.unit)

    def estimated(self, reason: str) -> Quote:
        """The same amount as an estimate for `reason`."""
        return Quote(self.terms._replace(status=values.SPANWISE_COST_STATUS_ESTIMATED, reason=reason), self.sums)

    def _parts(self) -> Iterable[tuple[str, int]]:
        return zip(self.terms.buckets, self.sums[1:], strict=True) if self.sums else ()

    def _decimal(self, sum_: int) -> Decimal:
        return EXACT.scaleb(Decimal(sum_), -self.terms.scale)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quote):
            return NotImplemented
        mine = (self.amount, self.status, self.reason, self.rule, self.buckets)
        return mine == (other.amount, other.status, other.reason, other.rule, other.buckets)

    def __hash__(self) -> int:
        return hash((self.amount, self.status, self.reason, self.rule))

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}={getattr(self, name)!r}" for name in ("amount", "status", "reason", "rule", "buckets")
        )
        return f"Quote({shown})"


def unpriced(reason: str) -> Quote:
    """A quote without an amount."""
    return Quote(Terms(values.SPANWISE_COST_STATUS_UNPRICED, reason))


def micro_usd(amount_usd: Decimal) -> int:
    """`amount_usd` in millionths of a dollar, rounded half up."""
    return int(EXACT.scaleb(amount_usd, _MICRO_DIGITS).to_integral_value(ROUND_HALF_UP))
