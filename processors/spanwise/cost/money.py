"""Prices as they are written, and what becomes of them: per million, per thousand, per hour, times a factor."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from spanwise.cost.quote import EXACT
from spanwise.cost.rule import RawPrice


class Written(NamedTuple):
    """How a price may be written in a policy: the price key of the book it becomes, and what it is multiplied by."""

    key: str
    times: int = 1


WRITTEN: Final[Mapping[str, Written]] = {
    "input_mtok": Written("input_mtok"),
    "output_mtok": Written("output_mtok"),
    "cache_read_mtok": Written("cache_read_mtok"),
    "cache_write_mtok": Written("cache_write_mtok"),
    "cache_write_5m_mtok": Written("cache_write_5m_mtok"),
    "cache_write_1h_mtok": Written("cache_write_1h_mtok"),
    "reasoning_mtok": Written("output_reasoning_mtok"),
    "input_audio_mtok": Written("input_audio_mtok"),
    "output_audio_mtok": Written("output_audio_mtok"),
    "cache_audio_read_mtok": Written("cache_audio_read_mtok"),
    "input_image_mtok": Written("input_image_mtok"),
    "output_image_mtok": Written("output_image_mtok"),
    "cache_image_read_mtok": Written("cache_image_read_mtok"),
    "character": Written("input_mchars", 10**6),
    "page": Written("input_document_kpages", 1000),
    "audio_second": Written("audio_hours", 3600),
    "web_search": Written("web_searches_kcount", 1000),
    "file_search": Written("storage_searches_kcount", 1000),
    "code_execution": Written("code_executions_kcount", 1000),
    "request": Written("requests_kcount", 1000),
    "image": Written("image"),
    "second": Written("second"),
}
"""Prices a policy may name: per million tokens, or per one of what the name says. `second` is wall time of the call."""


def times(price: RawPrice, factor: Decimal) -> RawPrice:
    """`price` and its tiers multiplied by `factor`, exactly."""
    if isinstance(price, str):
        return f"{EXACT.multiply(Decimal(price), factor):f}"
    base, *tiers = price
    return [times(str(base), factor), *([start, times(str(above), factor)] for start, above in tiers)]


def is_tokens(price_key: str) -> bool:
    """Whether `price_key` is a price of tokens."""
    return price_key.endswith("_mtok")
