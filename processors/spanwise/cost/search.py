"""Looking for the price of one kind of call: the order in which prices go before each other.

An amount that the provider sent goes before everything (the step keeps it; a discount may be agreed on it). Then: an
override, a private model, the price book with the uplift of a region and a discount. The first that applies is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from spanwise.cost.assumption import PROVIDER_GUESSED, assumption, checked_for_cache, with_uncached
from spanwise.cost.book import Entry, PriceBook
from spanwise.cost.money import is_tokens, times
from spanwise.cost.own import E, OwnPrices, first
from spanwise.cost.own_entry import STANDARD, Discount, OwnPrice, Subject
from spanwise.cost.quote import UNKNOWN_MODEL, UNKNOWN_PROVIDER, unpriced
from spanwise.cost.reading import CACHE_READS, Call, missing_totals
from spanwise.cost.region import EDGES, region_of, uplift
from spanwise.cost.resolution import Considered, Resolution
from spanwise.cost.rule import RawPrice, Rule
from spanwise.cost.tariff import ALWAYS, Prices, Window
from spanwise.cost.unit import WALL
from spanwise.semconv import values


PROVIDERS: Final[Mapping[str, str]] = {
    values.GEN_AI_PROVIDER_NAME_OPENAI: "openai",
    values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI: "azure",
    values.GEN_AI_PROVIDER_NAME_AZURE_AI_INFERENCE: "azure",
    values.GEN_AI_PROVIDER_NAME_ANTHROPIC: "anthropic",
    values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK: "aws",
    values.GEN_AI_PROVIDER_NAME_GCP_GEMINI: "google",
    values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI: "google",
    values.GEN_AI_PROVIDER_NAME_GCP_GEN_AI: "google",
    values.GEN_AI_PROVIDER_NAME_X_AI: "x-ai",
    values.GEN_AI_PROVIDER_NAME_MISTRAL_AI: "mistral",
    values.GEN_AI_PROVIDER_NAME_MOONSHOT_AI: "moonshotai",
    values.GEN_AI_PROVIDER_NAME_DEEPSEEK: "deepseek",
    values.GEN_AI_PROVIDER_NAME_GROQ: "groq",
    values.GEN_AI_PROVIDER_NAME_COHERE: "cohere",
    values.GEN_AI_PROVIDER_NAME_PERPLEXITY: "perplexity",
}
"""Names of the convention in the words of the price book; other names are looked up as they are."""

OVERRIDE: Final = "override"
MODEL: Final = "private model"
DISCOUNT: Final = "discount"
SENT: Final = "discount on sent amounts"
REGION: Final = "region"
BOOK: Final = "price book"
APPLIES: Final = "applies"

_UNMETERED: Final = frozenset({"second", "requests_kcount"})
"""Prices that need no counts."""
_STANDARD_TIERS: Final = frozenset({"default", "auto", "on_demand"})
_TIERLESS: Final = frozenset({"input_mtok", "output_mtok"})
"""An override with both of these says what the call costs, whatever the book says of its tier."""


class _Base(NamedTuple):
    """What the book says of the model."""

    entry: Entry
    prices: Prices
    model: str


class _Price(NamedTuple):
    """The price that is taken."""

    prices: Prices
    own: OwnPrice | None = None
    is_listed: bool = False
    reason: str = ""
    """Why the region is an assumption."""


class Search:
    """One look for the price of `call` with counts of `keys` at `at_s`, in seconds since the epoch."""

    def __init__(self, book: PriceBook, own: OwnPrices, call: Call, keys: tuple[str, ...], at_s: int) -> None:
        self._book, self._own, self._call, self._at_s = book, own, call, at_s
        self._counted = keys
        self._filled = missing_totals(keys)
        self._keys = (*keys, *(total for total, _ in self._filled))
        self._name = call.text("provider")
        at_url = book.provider_at(call.url) if call.url else None
        self._provider = at_url or PROVIDERS.get(self._name or "", self._name)
        self._models = _models(call, self._name)
        self._considered: list[Considered] = []
        self._unknown = UNKNOWN_MODEL

    def resolution(self) -> Resolution:
        """The price, or the reason why there is none, and everything that was looked at."""
        subject = Subject(
            tuple(dict.fromkeys(name for name in (self._name, self._provider) if name)) or ("",),
            tuple(self._models),
            self._call.text("tenant"),
            _tier(self._call),
        )
        sent = self._first(SENT, tuple(entry for entry in self._own.discounts if entry.of_sent), subject)
        base = self._base()
        price = self._overridden(base, subject) or self._private(subject) or self._listed(base, subject)
        if price is None:
            answer = unpriced(self._unknown)
            unknown = (self._provider or "", self._models[-1])
            return Resolution(
                *self._window(base), lambda _: answer, tuple(self._considered), sent_discount=sent, unknown=unknown
            )
        return self._resolved(price, base, sent)

    def _resolved(self, price: _Price, base: _Base | None, sent: Discount | None) -> Resolution:
        timed = "second" in price.prices.table
        keys = (*self._keys, *((WALL,) if timed else ()))
        rule = self._book.rule(price.prices)
        reason = price.prices.reason or assumption(self._call, rule, keys) or price.reason
        if price.is_listed and not reason and self._provider is None:
            reason = PROVIDER_GUESSED
        quoting = with_uncached(rule, keys, reason)
        if not reason and price.is_listed:
            quoting = checked_for_cache(quoting, rule, self._call, keys, self._provider)
        return Resolution(
            *self._window(base),
            quoting,
            tuple(self._considered),
            rule=rule,
            currency=price.own.currency if price.own else None,
            sent_discount=sent,
            unmetered=price.own is not None and not _UNMETERED.isdisjoint(price.own.table),
            filled=self._filled,
            timed=timed,
            as_counted=keys == self._counted,
            cached=_cached(rule, self._counted),
        )

    def _base(self) -> _Base | None:
        """The model in the book, by the first of its names that the book knows."""
        for model in self._models:
            entry = self._book.entry(self._provider, model)
            if not isinstance(entry, str):
                return _Base(entry, entry.tariff.at(self._at_s, self._call.context, own=entry.own), model)
            self._unknown = entry
            if entry == UNKNOWN_PROVIDER:
                break
        return None

    def _overridden(self, base: _Base | None, subject: Subject) -> _Price | None:
        """An override lies over the prices of the book: what it does not name stays as it is there."""
        entry = self._first(OVERRIDE, self._own.overrides, subject)
        if entry is None:
            return None
        table = _in_usd(entry)
        under = base.prices if base else Prices("", {}, "", 0)
        reason = "" if _TIERLESS.issubset(table) else under.reason
        name = f"own/{entry.name}" + (f" over {under.name}" if base else "")
        return _Price(Prices(name, {**under.table, **table}, reason, under.least_audio_s), entry)

    def _private(self, subject: Subject) -> _Price | None:
        """A private model takes nothing from the book, whatever its name is."""
        entry = self._first(MODEL, self._own.models, subject)
        return None if entry is None else _Price(Prices(f"own/{entry.name}", _in_usd(entry), "", 0), entry)

    def _listed(self, base: _Base | None, subject: Subject) -> _Price | None:
        if base is None:
            for model in self._models:
                self._note(BOOK, model, self._unknown)
            return None
        self._note(BOOK, base.prices.name, base.prices.reason or APPLIES)
        prices, reason = self._regional(base.entry, base.prices)
        discount = self._first(DISCOUNT, tuple(entry for entry in self._own.discounts if entry.of_list), subject)
        if discount is not None:
            prices = _multiplied(prices, discount.factor, discount.name)
        return _Price(prices, is_listed=True, reason=reason)

    def _regional(self, entry: Entry, prices: Prices) -> tuple[Prices, str]:
        provider, _, model = entry.tariff.name.partition("/")
        sold_by = self._provider or provider
        region = region_of(
            sold_by, name=self._name, host=self._call.text("host"), said=self._call.text("region")
        )  # fmt: skip
        found, reason = uplift(sold_by, model, region, self._at_s)
        if found is not None:
            self._note(REGION, f"{region} x {found.factor}", APPLIES, found.source)
            return _multiplied(prices, found.factor, str(region), tokens_only=True), reason
        if reason:
            self._note(REGION, region or "", reason)
        return prices, reason

    def _window(self, base: _Base | None) -> Window:
        """The time in which nothing that was looked at begins or ends."""
        since_s, until_s = base.entry.tariff.window(self._at_s) if base else ALWAYS
        for edge in (*self._own.edges(), *EDGES):
            if edge <= self._at_s:
                since_s = max(since_s, edge)
            else:
                until_s = min(until_s, edge)
        return Window(since_s, until_s)

    def _first(self, kind: str, entries: tuple[E, ...], subject: Subject) -> E | None:
        """The first entry that concerns the call; everything that was looked at is noted."""
        found, refused = first(entries, subject, self._at_s)
        for entry, why in refused:
            self._note(kind, entry.name, why, self._own.place(entry.path))
        if found is not None:
            self._note(kind, found.name, APPLIES, self._own.place(found.path))
        return found

    def _note(self, kind: str, name: str, outcome: str, where: str = "") -> None:
        self._considered.append(Considered(kind, name, outcome, where))


def _cached(rule: Rule, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The counts among `keys` of input from a cache; none where one of the two prices is unknown."""
    cached = tuple(key for key in keys if key in CACHE_READS)
    known = rule.prices("input_tokens") and any(rule.prices(key) for key in cached)
    return cached if known else ()


def _models(call: Call, provider: str | None) -> list[str]:
    """Names to look a price up for: the model that answered, the one asked for, and that without a gateway's prefix.

    LiteLLM and what builds on it write `openai/gpt-4.1-mini` for a model of the provider `openai`.
    """
    asked = call.text("asked")
    found = [model for model in dict.fromkeys((call.text("answered"), asked)) if model]
    if asked and provider and asked.startswith(f"{provider}/"):
        found.append(asked.removeprefix(f"{provider}/"))
    return found or [""]


def _tier(call: Call) -> str:
    tier = call.tier or call.wanted_tier or STANDARD
    return STANDARD if tier in _STANDARD_TIERS else tier


def _in_usd(entry: OwnPrice) -> dict[str, RawPrice]:
    rate = entry.currency.usd if entry.currency else Decimal(1)
    return {key: times(price, rate) for key, price in entry.table.items()}


def _multiplied(prices: Prices, factor: Decimal, name: str, *, tokens_only: bool = False) -> Prices:
    table = {
        key: times(price, factor) if not tokens_only or is_tokens(key) else price for key, price in prices.table.items()
    }
    return prices._replace(name=f"{prices.name}+{name}*{factor}", table=table)
