"""What an item of an invoice is for, from the words that it is written in."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from spanwise.reconcile.invoice import Kind
from spanwise.reconcile.model_name import canonical, looks_like_model


TIERS: Final = ("batch", "flex", "priority")


class LineItem(NamedTuple):
    """An item of an invoice: of a model, or of a service that has none."""

    model: str | None
    item: str | None
    kind: Kind | None
    tier: str | None


@lru_cache(maxsize=4096)
def line_item(written: str) -> LineItem:
    """What an OpenAI line item says: `gpt-4o-2024-08-06, cached input`, `evals | gpt-4o, output`, `web search`.

    An item whose second half is no kind of token and whose first is no model is a service.
    """
    head, _, tail = written.rpartition(",")
    kind = kind_of(tail) if head else None
    name = (head or tail).rpartition("|")[2].strip()
    if name and (kind not in {None, Kind.OTHER} or looks_like_model(name)):
        return LineItem(canonical(name), None, kind, tier_of(written))
    return LineItem(None, written.strip(), Kind.OTHER, tier_of(written))


def kind_of(words: str) -> Kind | None:
    """The kind of token that `words` name, `other` where they name something else, `None` where there are none."""
    lowered = words.strip().lower().replace("_", " ").replace("-", " ")
    if not lowered:
        return None
    if "cache" in lowered and "no cache" not in lowered and "uncached" not in lowered:
        return Kind.CACHE_WRITE if "write" in lowered or "creation" in lowered else Kind.CACHE_READ
    if "output" in lowered or "completion" in lowered:
        return Kind.OUTPUT
    if "input" in lowered or "prompt" in lowered:
        return Kind.INPUT
    return Kind.OTHER


def tier_of(words: str | None) -> str | None:
    """The processing with a price of its own that `words` name, or `None` for the standard one."""
    lowered = (words or "").lower()
    return next((tier for tier in TIERS if tier in lowered), None)
