"""The price of a model call: a price book compiled from genai-prices, and the step that applies it to spans.

Names are resolved at first use: the book and its arithmetic are imported when the first call is priced.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.cost.book import PriceBook
    from spanwise.cost.config import CostConfig
    from spanwise.cost.own import OwnPrices
    from spanwise.cost.quote import Quote, Usage
    from spanwise.cost.step import Cost

__all__ = ["Cost", "CostConfig", "OwnPrices", "PriceBook", "Quote", "Usage"]

_HOMES = {
    "Cost": "step",
    "CostConfig": "config",
    "OwnPrices": "own",
    "PriceBook": "book",
    "Quote": "quote",
    "Usage": "quote",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
