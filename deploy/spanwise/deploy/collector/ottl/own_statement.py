"""`OwnStatements`: a policy's own prices as statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from spanwise.cost import glob
from spanwise.cost.money import times
from spanwise.cost.own import OwnPrices
from spanwise.cost.own_entry import ANY, STANDARD, Discount, OwnPrice, Scope
from spanwise.cost.rule import RawPrice
from spanwise.deploy.collector.ottl import price_row
from spanwise.deploy.collector.ottl.amount import PARTS, count, multiplied, price_slot
from spanwise.deploy.collector.ottl.expression import (
    absent,
    attribute,
    both,
    either,
    is_text,
    joined,
    matches,
    one_of,
    piece,
    present,
    put,
    slot,
    text,
)
from spanwise.deploy.collector.ottl.refusal import Refusal
from spanwise.deploy.collector.ottl.resolving import NOT, PROVIDER_AT, REGIONAL, REGIONAL_AT, STATE
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


_NANOS: Final = 1_000_000_000
_TIERS: Final = ("default", "auto", "on_demand")
_BOTH_PRICES: Final = frozenset({"input_mtok", "output_mtok"})
_NAMES: Final = slot("ms")
_OWN: Final = slot("own")
_DISCOUNT: Final = slot("disc")
_OFF_SENT: Final = slot("off")


class OwnStatements:
    """The entries of the section `prices`, each with the conditions under which it is taken.

    Providers, models, tenants, service tiers and days of an entry are all tested as a process tests them. Prices per
    second, image, page, character or second of audio cannot be added up here: calls that such an entry concerns have no
    price, and `refused` names it.
    """

    def __init__(self, own: OwnPrices, numbers: dict[str, str], together: str) -> None:
        self._own = own
        self._numbers = numbers
        self._together = together
        self._prices = [(f"o{index}", entry) for index, entry in enumerate(own.overrides)]
        self._prices += [(f"m{index}", entry) for index, entry in enumerate(own.models)]

    @property
    def names(self) -> tuple[str, ...]:
        """The entries that are carried."""
        refused = {refusal.what for refusal in self.refused()}
        entries = [entry.name for _, entry in self._prices] + [entry.name for entry in self._own.discounts]
        return tuple(name for name in entries if name not in refused)

    def refused(self) -> list[Refusal]:
        """The entries that cannot be carried."""
        return [
            Refusal(entry.name, f"prices that a row does not hold: {', '.join(missing)}", "calls it concerns: unpriced")
            for _, entry in self._prices
            if (missing := _missing(entry))
        ]

    def chosen(self) -> list[str]:
        """Which entry concerns the call: the first of each list that does."""
        if not self._own:
            return []
        asked, answered, name = (
            attribute(name)
            for name in (attr.GEN_AI_REQUEST_MODEL, attr.GEN_AI_RESPONSE_MODEL, attr.GEN_AI_PROVIDER_NAME)
        )
        prefix = joined(name, text("/"))
        tier = slot("scope")
        statements = [
            put(_NAMES, text("\n")),
            put(_NAMES, joined(_NAMES, f"ToLowerCase({answered})", text("\n")), is_text(answered)),
            put(_NAMES, joined(_NAMES, f"ToLowerCase({asked})", text("\n")), is_text(asked)),
            put(
                _NAMES,
                joined(_NAMES, f"ToLowerCase(TrimPrefix({asked}, {prefix}))", text("\n")),
                is_text(asked), is_text(name), f"HasPrefix({asked}, {prefix})",
            ),
            put(_NAMES, text("\n\n"), f"{_NAMES} == {text(chr(10))}"),
            put(slot("who"), f"ToLowerCase({name})", is_text(name)),
            put(tier, text(STANDARD)),
            put(tier, slot("tier"), present(slot("tier")), f"not {one_of(slot('tier'), _TIERS)}"),
        ]  # fmt: skip
        for number, entry in self._prices:
            statements.append(put(_OWN, text(number), absent(_OWN), *self._concerns(entry.scope)))
        statements += [
            put(slot("private"), "true", present(_OWN), f'{_OWN} == "m{index}"')
            for index in range(len(self._own.models))
        ]
        for index, discount in self._discounts("of_list"):
            known = present(slot("known"))
            statements.append(
                put(_DISCOUNT, str(index), absent(_DISCOUNT), absent(_OWN), known, *self._concerns(discount.scope))
            )
        for index, discount in self._discounts("of_sent"):
            sent = present(slot("kept"))
            statements.append(put(_OFF_SENT, str(index), absent(_OFF_SENT), sent, *self._concerns(discount.scope)))
        return statements

    def prices(self) -> list[str]:
        """The prices of the entry that was taken: an override lies over those of the book."""
        statements: list[str] = []
        for number, entry in self._prices:
            taken = both(present(_OWN), f"{_OWN} == {text(number)}")
            statements += self._tables(number, entry, taken)
            if _missing(entry):
                statements.append(put(slot("other"), "true", taken))
            if "requests_kcount" in entry.table:
                statements.append(put(slot("unmetered"), "true", taken))
            if number.startswith("m") or _BOTH_PRICES.issubset(entry.table):
                why = slot("why")
                doubt = both(taken, present(why), f"{why} != {text(self._together)}")
                statements.append(f'delete_key(span.cache, "why") where {doubt}')
        return statements

    def discounts(self) -> list[str]:
        """The amounts with the discount on list prices that was taken."""
        statements = []
        for index, entry in self._discounts("of_list"):
            taken = both(present(_DISCOUNT), f"{_DISCOUNT} == {index}")
            statements += [multiplied(slot(f"a_{part}"), entry.factor, taken) for part in PARTS]
            statements.append(put(slot("rule"), joined(slot("rule"), text(f"+{entry.name}*{entry.factor}")), taken))
        return statements

    def billed(self, usd: str, priced: str) -> list[str]:
        """The amount in the currency that the price was agreed in."""
        amount, code = attribute(attr.SPANWISE_COST_BILLED_AMOUNT), attribute(attr.SPANWISE_COST_BILLED_CURRENCY)
        return [
            statement
            for number, entry in self._prices
            if entry.currency is not None
            for taken in (both(priced, present(_OWN), f"{_OWN} == {text(number)}"),)
            for statement in (
                put(amount, f"{usd} / {float(entry.currency.usd)!r}", taken),
                put(code, text(entry.currency.code), taken),
            )
        ]

    def off_sent(self, sent: str, kept: str, currency: str) -> list[str]:
        """The amount that a provider sent, less the discount that is agreed on such amounts."""
        exact = values.SPANWISE_COST_STATUS_EXACT
        statements = []
        for index, entry in self._discounts("of_sent"):
            taken = both(
                present(_OFF_SENT), f"{_OFF_SENT} == {index}", present(kept), present(currency), f'{currency} == "USD"'
            )
            statements += [
                put(sent, f"{sent} * {float(entry.factor)!r}", taken),
                put(attribute(attr.SPANWISE_COST_STATUS), text(exact), taken),
                put(STATE, text(f"sent+{entry.name}*{entry.factor}"), taken),
            ]
        return statements

    def _tables(self, number: str, entry: OwnPrice, taken: str) -> Iterator[str]:
        rate = entry.currency.usd if entry.currency else Decimal(1)
        over = number.startswith("o")
        rule = slot("rule")
        label = text(f"own/{entry.name}")
        yield (
            put(rule, joined(text(f"own/{entry.name} over "), rule), taken, present(rule))
            if over
            else put(rule, label, taken)
        )
        if over:
            yield put(rule, label, taken, absent(rule))
        if not over:
            yield f'delete_key(span.cache, "t") where {taken}'
        yield from _thresholds(entry, taken)
        for key, written in entry.table.items():
            if key in {column.price for column in price_row.COLUMNS}:
                yield from _price(key, times(written, rate), taken)
        for key, flag in (("cache_write_1h_mtok", "lives"), ("cache_read_mtok", "reads")):
            if key in entry.table:
                yield put(slot(flag), "true", taken)

    def _discounts(self, kind: str) -> list[tuple[int, Discount]]:
        return [(index, entry) for index, entry in enumerate(self._own.discounts) if getattr(entry, kind)]

    def _concerns(self, scope: Scope) -> Iterator[str]:
        """The conditions under which an entry concerns a call."""
        if scope.model != ANY:
            yield matches(_NAMES, _named(scope.model))
        if scope.provider != ANY:
            yield self._provided(scope.provider)
        if scope.tenant != ANY:
            tenant = attribute(attr.SPANWISE_TENANT)
            nobody = [absent(tenant)] if any(glob.matches(pattern, "") for pattern in scope.tenant) else []
            yield either(*nobody, both(is_text(tenant), matches(tenant, _whole(scope.tenant))))
        if "*" not in scope.service_tier:
            yield matches(slot("scope"), _whole(scope.service_tier))
        since_s, until_s = scope.seconds
        if scope.since is not None:
            yield f"span.start_time_unix_nano >= {since_s * _NANOS}"
        if scope.until is not None:
            yield f"span.start_time_unix_nano < {until_s * _NANOS}"

    def _provided(self, patterns: tuple[str, ...]) -> str:
        """By the name on the span, or by the one of the book that its host or its name stands for."""
        who, state = slot("who"), slot("s")
        numbers = [
            number
            for name, number in self._numbers.items()
            if any(glob.matches(pattern, name) for pattern in patterns)
        ]  # fmt: skip
        ways = [f"({present(who)} and {matches(who, _whole(patterns))})"]
        if numbers:
            sure = f"{piece(state, REGIONAL_AT, 2)} == {text(REGIONAL + NOT)}"
            ways.append(f"({sure} and {one_of(piece(state, PROVIDER_AT, 2), numbers)})")
        return either(*ways)


def _thresholds(entry: OwnPrice, taken: str) -> Iterator[str]:
    """The threshold that the prompt is above, for the name of the price."""
    whole, above = count("input_tokens"), slot("t")
    starts = sorted({int(start) for price in entry.table.values() if isinstance(price, list) for start, _ in price[1:]})
    for start in starts:
        longer = both(present(whole), f"{whole} > {start}", either(absent(above), f"{above} < {start}"))
        yield put(above, str(start), taken, longer)


def _price(key: str, price: RawPrice, taken: str) -> Iterator[str]:
    per = next(column.per for column in price_row.COLUMNS if column.price == key)
    base = price if isinstance(price, str) else str(price[0])
    yield put(price_slot(key), str(price_row.units(price_row.at(base, -1), per)), taken)
    if isinstance(price, list):
        whole = count("input_tokens")
        for start, above in sorted(price[1:], key=lambda tier: int(tier[0])):
            longer = both(present(whole), f"{whole} > {int(start)}")
            yield put(price_slot(key), str(price_row.units(price_row.at(str(above), -1), per)), taken, longer)


def _missing(entry: OwnPrice) -> list[str]:
    known = {column.price: column for column in price_row.COLUMNS}
    return [
        key
        for key, price in entry.table.items()
        if key not in known
        or any(
            len(str(price_row.units(price_row.at(price, start), known[key].per))) > known[key].width
            for start in (-1, 10**12)
        )
    ]


def _named(patterns: Iterable[str]) -> str:
    return rf"\n(?:{_alternatives(patterns)})\n"


def _whole(patterns: Iterable[str]) -> str:
    return f"(?is)^(?:{_alternatives(patterns)})$"


def _alternatives(patterns: Iterable[str]) -> str:
    return "|".join(r"[^\n]*".join(re.escape(part) for part in pattern.lower().split("*")) for pattern in patterns)
