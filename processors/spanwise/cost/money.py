"""Prices as they are written, and what becomes of them: per million, per thousand, per hour, times a factor."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from spanwise.cost.quote import EXACT
from spanwise.cost.rule import RawPrice


class Written(NamedTuple):
    """How a price may be written in a policy: what it is for, the price key of the book, and the factor to that."""

    what: str
    key: str
    times: int = 1

    @property
    def about(self) -> str:
        """A sentence for the person who writes it."""
        return f"Price of {self.what}."


WRITTEN: Final[Mapping[str, Written]] = {
    "input_mtok": Written("a million input tokens", "input_mtok"),
    "output_mtok": Written("a million output tokens", "output_mtok"),
    "cache_read_mtok": Written("a million input tokens that were read from the cache", "cache_read_mtok"),
    "cache_write_mtok": Written("a million input tokens that were written to the cache", "cache_write_mtok"),
    "cache_write_5m_mtok": Written("a million tokens in a cache that is kept for five minutes", "cache_write_5m_mtok"),
    "cache_write_1h_mtok": Written("a million tokens in a cache that is kept for an hour", "cache_write_1h_mtok"),
    "reasoning_mtok": Written("a million tokens of reasoning", "output_reasoning_mtok"),
    "input_audio_mtok": Written("a million input tokens of audio", "input_audio_mtok"),
    "output_audio_mtok": Written("a million output tokens of audio", "output_audio_mtok"),
    "cache_audio_read_mtok": Written("a million cached input tokens of audio", "cache_audio_read_mtok"),
    "input_image_mtok": Written("a million input tokens of images", "input_image_mtok"),
    "output_image_mtok": Written("a million output tokens of images", "output_image_mtok"),
    "cache_image_read_mtok": Written("a million cached input tokens of images", "cache_image_read_mtok"),
    "character": Written("one input character", "input_mchars", 10**6),
    "page": Written("one input page", "input_document_kpages", 1000),
    "audio_second": Written("one second of audio", "audio_hours", 3600),
    "web_search": Written("one search of the web", "web_searches_kcount", 1000),
    "file_search": Written("one search of files", "storage_searches_kcount", 1000),
    "rerank_search": Written("one search that ranks", "rerank_searches_kcount", 1000),
    "code_execution": Written("one execution of code", "code_executions_kcount", 1000),
    "request": Written("one request", "requests_kcount", 1000),
    "image": Written("one image", "image"),
    "second": Written("one second of the call's wall time", "second"),
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
