"""The prices of a model as rows of fixed width: a price for each column, and when the next row holds.

What most models have stands in one row, what few have in another, which many models share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, NamedTuple

from spanwise.cost.quote import EXACT
from spanwise.cost.reading import COUNTS
from spanwise.cost.rule import RawPrice


DIGITS: Final = 15
"""Amounts are counted in units of 10**-15 US dollars: a call of 9,223 dollars fits into 64 bits."""

UNITS_PER_MICRO: Final = 10 ** (DIGITS - 6)
UNITS_PER_USD: Final = 10**DIGITS
MOST_UNITS: Final = 9 * 10**18
NEVER: Final = 10**13 - 1
"""A threshold that no prompt reaches."""

_TOKENS: Final = 10**6
_THOUSAND: Final = 1000
THRESHOLD: Final = 13


class Column(NamedTuple):
    """One price that a row holds: `price` in units for one of what `usage` counts, in `width` digits."""

    price: str
    usage: str
    per: int
    width: int


COMMON: Final = (
    Column("input_mtok", "input_tokens", _TOKENS, 12),
    Column("output_mtok", "output_tokens", _TOKENS, 12),
    Column("cache_read_mtok", "cache_read_tokens", _TOKENS, 12),
    Column("cache_write_mtok", "cache_write_tokens", _TOKENS, 12),
)
"""What stands in the row of a model."""

RARE: Final = (
    Column("cache_write_1h_mtok", "cache_write_1h_tokens", _TOKENS, 12),
    Column("output_reasoning_mtok", "output_reasoning_tokens", _TOKENS, 12),
    Column("web_searches_kcount", "web_searches", _THOUSAND, 15),
    Column("storage_searches_kcount", "storage_searches", _THOUSAND, 15),
    Column("requests_kcount", "requests", _THOUSAND, 15),
)
"""What stands in the row that models share."""

COLUMNS: Final = (*COMMON, *RARE)
"""The prices that are carried."""

_PRICED: Final = frozenset(column.price for column in COLUMNS)

OTHERS: Final[Mapping[str, tuple[str, ...]]] = {
    "input_audio_mtok": ("input_audio_tokens",),
    "output_audio_mtok": ("output_audio_tokens",),
    "cache_audio_read_mtok": ("cache_audio_read_tokens",),
    "input_image_mtok": ("input_image_tokens",),
    "output_image_mtok": ("output_image_tokens",),
    "cache_image_read_mtok": ("cache_image_read_tokens",),
    "input_video_mtok": ("input_video_tokens",),
    "output_video_mtok": ("output_video_tokens",),
    "output_citation_mtok": ("output_citation_tokens",),
    "cache_write_5m_mtok": ("cache_write_5m_tokens",),
    "audio_hours": ("input_audio_seconds", "output_audio_seconds"),
    "input_audio_hours": ("input_audio_seconds",),
    "input_document_kpages": ("input_document_pages", "input_annotated_document_pages"),
    "input_annotated_document_kpages": ("input_annotated_document_pages",),
    "input_mchars": ("input_characters",),
    "code_executions_kcount": ("code_executions",),
    "image": ("output_images",),
    "other": (),
}
"""Prices that are not carried, with the counts that cost them: a call with such a count has no price here."""

SHARED: Final = 3
THRESHOLD_AT: Final = sum(column.width for column in COMMON)
SHARED_AT: Final = THRESHOLD_AT + THRESHOLD
WIDTH: Final = SHARED_AT + SHARED
FLAGS_AT: Final = sum(column.width for column in RARE)
SHARED_WIDTH: Final = FLAGS_AT + len(OTHERS)
BLANK: Final = "-"

ATTRIBUTES: Final[Mapping[str, str]] = {usage: name for name, usage in COUNTS.items()}
"""The attribute of each count."""


class Row(NamedTuple):
    """What a model costs for prompts up to one threshold: the beginning of its row, and the row that it shares."""

    own: str
    shared: str


def place(price: str) -> tuple[int, int]:
    """Where the column of `price` begins in its row, and its width."""
    columns = COMMON if any(column.price == price for column in COMMON) else RARE
    at = 0
    for column in columns:
        if column.price == price:
            break
        at += column.width
    return at, column.width


def rows(table: Mapping[str, RawPrice]) -> tuple[Row, ...]:
    """The rows of one model, from the price of short prompts to that of the longest."""
    starts = sorted({int(start) for price in table.values() if isinstance(price, list) for start, _ in price[1:]})
    following = [*starts, NEVER]
    return tuple(_row(table, start, after) for start, after in zip((-1, *starts), following, strict=True))


def rounded(table: Mapping[str, RawPrice]) -> list[str]:
    """The prices with more digits than a row holds."""
    return [
        key
        for key, price in table.items()
        if key in _PRICED and any(units(value, _per(key)) != exact_units(value, _per(key)) for value in _all(price))
    ]


def uncarried(table: Mapping[str, RawPrice]) -> list[str]:
    """The prices that no column holds."""
    return [key for key in table if key not in _PRICED]


def units(price: Decimal, per: int) -> int:
    """What one of `per` costs, in units."""
    return int(exact_units(price, per).to_integral_value(ROUND_HALF_EVEN))


def exact_units(price: Decimal, per: int) -> Decimal:
    """What one of `per` costs, in units and fractions of them."""
    return EXACT.divide(EXACT.scaleb(price, DIGITS), Decimal(per))


def at(price: RawPrice, start: int) -> Decimal:
    """The price of prompts longer than `start`."""
    if isinstance(price, str):
        return Decimal(price)
    found = Decimal(str(price[0]))
    for threshold, above in sorted(price[1:], key=lambda tier: int(tier[0])):
        if int(threshold) <= start:
            found = Decimal(str(above))
    return found


def _row(table: Mapping[str, RawPrice], start: int, after: int) -> Row:
    flags = "".join("1" if key in table else "0" for key in OTHERS if key != "other")
    other = "1" if any(key not in _PRICED and key not in OTHERS for key in table) else "0"
    return Row(_cells(COMMON, table, start) + f"{after:0{THRESHOLD}d}", _cells(RARE, table, start) + flags + other)


def _cells(columns: Sequence[Column], table: Mapping[str, RawPrice], start: int) -> str:
    cells = []
    for column in columns:
        price = table.get(column.price)
        cell = BLANK * column.width if price is None else f"{units(at(price, start), column.per):0{column.width}d}"
        if len(cell) != column.width:
            raise ValueError(f"the price {price!r} of {column.price} does not fit into {column.width} digits")
        cells.append(cell)
    return "".join(cells)


def _all(price: RawPrice) -> Sequence[Decimal]:
    if isinstance(price, str):
        return [Decimal(price)]
    return [Decimal(str(price[0])), *(Decimal(str(above)) for _, above in price[1:])]


def _per(key: str) -> int:
    return next(column.per for column in COLUMNS if column.price == key)
