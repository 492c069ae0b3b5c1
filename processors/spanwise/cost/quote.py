"""What the price book answers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias


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


class Quote(NamedTuple):
    """The price of one call in US dollars.

    `amount` is exact, or `None` when `status` is `unpriced`; `reason` says why unless the status is `exact`; `rule`
    names the price that was used; `buckets` sum to `amount` exactly and hold no zeros.
    """

    amount: Decimal | None
    status: str
    reason: str
    rule: str
    buckets: Mapping[str, Decimal]
