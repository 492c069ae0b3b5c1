"""`OwnPrices`: the section `prices` of a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Self, TypeVar

from spanwise.cost.money import WRITTEN, times
from spanwise.cost.own_entry import ANY, STANDARD, Currency, Discount, OwnPrice, Path, Scope, Subject
from spanwise.cost.rule import RawPrice
from spanwise.policy import dotted


if TYPE_CHECKING:
    from spanwise.policy import Reader

E = TypeVar("E", OwnPrice, Discount)

_NOTHING: Final = Decimal(0)
_MOST: Final = Decimal(10**9)
_TIERS: Final = ("standard", "default", "flex", "priority", "scale", "batch", "*")
_LIST: Final = "list"
_PROVIDER: Final = "provider"
_BOTH: Final = "both"
_USD: Final = "USD"
_CODE_LENGTH: Final = 3
_ABOUT: Final = {
    "currencies": "Currencies that prices are agreed in, by their ISO 4217 code.",
    "overrides": "Prices that take the place of list prices; the first entry that concerns a call is taken.",
    "models": "Models that no list knows: private, fine-tuned or self-hosted ones.",
    "discounts": "What is taken off list prices, or off amounts that a provider sends.",
    "name": "How an explanation of a cost calls this entry.",
}


@dataclass(frozen=True)
class OwnPrices:
    """Prices that a user agreed on, set or knows better. In every list the first entry that concerns a call is taken.

    `overrides` take the place of single list prices, `models` are private models, `discounts` are taken off list
    prices. Reading costs some milliseconds, looking up happens once per kind of call.
    """

    overrides: tuple[OwnPrice, ...] = ()
    models: tuple[OwnPrice, ...] = ()
    discounts: tuple[Discount, ...] = ()
    place: Callable[[Path], str] = field(default=dotted, compare=False)
    """How a message names the place of an entry; a policy file adds its name and the line."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The prices that `reader` holds; what is wrong with them is among its problems."""
        currencies = {
            code: _currency(code, entry)
            for code, entry in reader.named("currencies", about=_ABOUT["currencies"]).items()
        }
        known = {code: currency for code, currency in currencies.items() if currency is not None}
        overrides = [_price(entry, known) for entry in reader.sections("overrides", about=_ABOUT["overrides"])]
        models = [_price(entry, known) for entry in reader.sections("models", about=_ABOUT["models"])]
        discounts = [_discount(entry) for entry in reader.sections("discounts", about=_ABOUT["discounts"])]
        reader.finish()
        of_list = [entry for entry in discounts if entry.of_list]
        of_sent = [entry for entry in discounts if entry.of_sent and not entry.of_list]
        for entries in (overrides, models, of_list, of_sent):
            _complain_of_shadows(reader, entries)
        return cls(tuple(overrides), tuple(models), tuple(discounts))

    def __bool__(self) -> bool:
        return bool(self.overrides or self.models or self.discounts)

    @property
    def by_tenant(self) -> bool:
        """Whether any price depends on who a call was for."""
        return any(scope.tenant != ANY for scope in self._scopes())

    @property
    def discounts_sent(self) -> bool:
        """Whether a discount is agreed on amounts that providers send."""
        return any(entry.of_sent for entry in self.discounts)

    def edges(self) -> Iterator[int]:
        """The seconds at which an entry begins or ceases to hold."""
        for scope in self._scopes():
            yield from scope.seconds

    def _scopes(self) -> Iterator[Scope]:
        yield from (entry.scope for entry in (*self.overrides, *self.models))
        yield from (entry.scope for entry in self.discounts)


def first(entries: tuple[E, ...], subject: Subject, at_s: int) -> tuple[E | None, list[tuple[E, str]]]:
    """The first of `entries` that concerns a call, and those that were refused before it, each with the reason."""
    refused: list[tuple[E, str]] = []
    for entry in entries:
        why = entry.scope.refusal(subject, at_s)
        if not why:
            return entry, refused
        refused.append((entry, why))
    return None, refused


def _price(reader: Reader, currencies: Mapping[str, Currency]) -> OwnPrice:
    scope = _scope(reader, needs_model=True)
    currency = currencies.get(code) if (code := _code(reader, currencies)) else None
    name = reader.text("name", "", about=_ABOUT["name"])
    table = _table(reader)
    for tier in reader.sections("tiers", about="Other prices for calls with more input tokens than a number."):
        above = tier.integer(
            "above", 0, least=0, most=10**9, about="Input tokens above which these prices hold for the whole call."
        )
        for key, price in _table(tier).items():
            if key not in table:
                tier.complain(None, f"has a price above {above} tokens that the entry has no base price for.")
            else:
                base = table[key]
                table[key] = [*(base if isinstance(base, list) else [base]), [above, price]]
        tier.finish()
    words = tuple(WRITTEN)
    reader.count_of(words, least=1, most=len(words), message=f"has no price. Accepted: {', '.join(words)}.")
    reader.finish()
    return OwnPrice(scope=scope, table=table, currency=currency, name=name or dotted(reader.path), path=reader.path)


def _table(reader: Reader) -> dict[str, RawPrice]:
    table: dict[str, RawPrice] = {}
    for word, written in WRITTEN.items():
        price = reader.decimal(word, None, least=_NOTHING, most=_MOST, about=written.about)
        if price is not None:
            table[written.key] = times(f"{price:f}", Decimal(written.times))
    return table


def _discount(reader: Reader) -> Discount:
    scope = _scope(reader, needs_model=False, tiers=("*",))
    name = reader.text("name", "", about=_ABOUT["name"])
    percent = reader.decimal("percent", None, least=_NOTHING, most=Decimal(100), about="Percent that are taken off.")
    rate = reader.decimal("rate", None, least=_NOTHING, most=Decimal(10), about="What is left of each dollar.")
    kind = reader.choice(
        "apply_to",
        (_LIST, _PROVIDER, _BOTH),
        _LIST,
        about="What it is taken off: list prices, amounts that the provider sends, or both.",
    )
    given = "both" if reader.has("percent") and reader.has("rate") else "neither"
    what = "accepted is either percent (what is taken off) or rate (what is left of each dollar)."
    message = f"found {given} of percent and rate; {what}"
    reader.count_of(("percent", "rate"), least=1, most=1, message=message)
    reader.finish()
    factor = rate if rate is not None else 1 - (percent or _NOTHING) / 100
    return Discount(
        scope=scope,
        factor=factor,
        of_list=kind != _PROVIDER,
        of_sent=kind != _LIST,
        name=name or dotted(reader.path),
        path=reader.path,
    )


def _scope(reader: Reader, *, needs_model: bool, tiers: tuple[str, ...] = (STANDARD,)) -> Scope:
    since = reader.day("from", None, about="The first day it holds, in UTC.")
    until = reader.day("until", None, about="The last day it holds, in UTC.")
    if since and until and until < since:
        reader.complain("until", f"found {until}; accepted is a day from {since} on, the day of from.")
    named = reader.texts(
        "service_tier", tiers, accepted=_TIERS, called="a tier", about="Service tiers it is for; * for all of them."
    )
    return Scope(
        provider=reader.texts("provider", ANY, about="Providers it is for, exact or with *."),
        model=reader.texts(
            "model",
            ANY,
            about="Models it is for, exact or with *.",
            required="a model name, which may have * in it, or a list of them" if needs_model else "",
        ),
        tenant=reader.texts("tenant", ANY, about="Tenants it is for, exact or with *."),
        service_tier=tuple(STANDARD if tier == "default" else tier for tier in named),
        since=since,
        until=_last(until, since),
    )


def _last(until: date | None, since: date | None) -> date | None:
    """`until`, unless it is the last day there is, which has no day after it, or comes before `since`."""
    return None if until is None or until == date.max or (since is not None and until < since) else until


def _code(reader: Reader, currencies: Mapping[str, Currency]) -> str | None:
    code = reader.text("currency", _USD, about="The currency of these prices: USD, or one of prices.currencies.")
    if code != _USD and code not in currencies:
        known = ", ".join([_USD, *currencies])
        reader.complain("currency", f"found {code!r}; accepted: {known}. Rates of others stand in prices.currencies.")
    return code if code in currencies else None


def _currency(code: str, reader: Reader) -> Currency | None:
    usd = reader.decimal(
        "usd",
        None,
        least=Decimal("1e-9"),
        most=_MOST,
        required="what one unit costs in US dollars",
        about="What one unit of it costs in US dollars.",
    )
    day = reader.day(
        "date", None, required="the day of the rate, as in 2026-01-31", about="The day the rate was agreed or seen."
    )
    reader.finish()
    if len(code) != _CODE_LENGTH or not code.isascii() or not code.isupper() or code == _USD:
        reader.complain(None, f"found {code!r}; accepted is an ISO 4217 code such as EUR, other than USD.")
        return None
    return None if usd is None or day is None else Currency(code, usd, day)


def _complain_of_shadows(reader: Reader, entries: Sequence[OwnPrice | Discount]) -> None:
    """An entry that can never be reached is a mistake: the one above it takes every call it concerns."""
    for index, entry in enumerate(entries):
        for earlier in entries[:index]:
            if earlier.scope.covers(entry.scope):
                what = f"never applies: {dotted(earlier.path)} stands above it and concerns every call that it does."
                reader.complain_at(entry.path, f"{what} Move it up, or take one of them out.")
                break
