"""Whether a file is a price book: checked before it is used, so that nothing breaks while a call is priced."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias


Raw: TypeAlias = Any
"""Something that was read from a file that may be damaged."""

MOST_MODELS: Final = 50_000

_MOST_UNITS: Final = 500
_MOST_PROVIDERS: Final = 1000
_MOST_CLAUSES: Final = 10_000
_DEEPEST: Final = 8
_LONGEST_TEXT: Final = 512
_MOST_TIERS: Final = 32
_DAY_S: Final = 86_400
_HEAD: Final = ("name", "version", "date")
_TEXT_KINDS: Final = frozenset({"equals", "starts", "contains", "ends"})
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NUMBER: Final = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,30})?")
_SHOWN: Final = re.compile(r"[ -~]{1,64}")


class _FlawError(Exception):
    """What is wrong, in a few words."""


def flaw(raw: Raw) -> str:
    """What keeps `raw` from being a price book; empty when nothing does. About 50 ms for a book of 2,300 models."""
    try:
        _check(raw)
    except _FlawError as found:
        return str(found)
    return ""


def _check(raw: Raw) -> None:
    _need(isinstance(raw, dict), "no mapping")
    for key in _HEAD:
        _need(isinstance(raw.get(key), str) and _SHOWN.fullmatch(raw[key]) is not None, f"no {key}")
    _need(_is_day(raw["date"]), "the date is no day")
    prices = _units(raw.get("units"))
    providers = raw.get("providers")
    _need(isinstance(providers, list) and 0 < len(providers) <= _MOST_PROVIDERS, "no providers")
    ids = {provider["id"] for provider in providers if isinstance(provider, dict) and _is_text(provider.get("id"))}
    models = 0
    for provider in providers:
        _provider(provider, ids)
        models += len(provider["models"])
        _need(models <= MOST_MODELS, f"more than {MOST_MODELS} models")
        for model in provider["models"]:
            _model(model, prices, f"model of {provider['id']}")


def _units(units: Raw) -> set[str]:
    """The price keys of `units`."""
    _need(isinstance(units, list) and 0 < len(units) <= _MOST_UNITS, "no units")
    prices = set()
    for unit in units:
        _need(isinstance(unit, list) and len(unit) == 4, "a unit of another form")
        usage, price, per, dimensions = unit
        _need(_is_key(usage) and _is_key(price) and _is_whole(per, 1, 10**12), "a unit of another form")
        _need(isinstance(dimensions, dict) and _are_texts(dimensions.values()), "a unit of another form")
        tokens = dimensions.get("family") == "tokens"
        _need(not tokens or dimensions.get("direction") in {"input", "output"}, "a token unit without direction")
        prices.add(price)
    _need({"input_mtok", "output_mtok", "requests_kcount"} <= prices, "units are missing")
    return prices


def _provider(provider: Raw, ids: set[str]) -> None:
    _need(isinstance(provider, dict) and _is_text(provider.get("id")), "a provider without an id")
    api = provider.get("api")
    _need(isinstance(api, list) and len(api) == 2 and api[0] == "regex", "a provider without an address")
    _clauses([api, *(provider[key] for key in ("match", "models_match") if key in provider)])
    fallback = provider.get("fallback", [])
    _need(isinstance(fallback, list) and _are_texts(fallback) and ids.issuperset(fallback), "an unknown fallback")
    _need(isinstance(provider.get("models"), list), "a provider without models")


def _model(model: Raw, prices: set[str], what: str) -> None:
    _need(isinstance(model, list) and len(model) == 5, f"a {what} of another form")
    name, clause, dated, variants, least = model
    _need(_is_text(name) and isinstance(dated, list) and len(dated) > 0, f"a {what} without name or prices")
    _need(isinstance(variants, list) and _is_whole(least, 0, _DAY_S), f"a {what} of another form")
    _clauses([clause])
    for entry in dated:
        _need(isinstance(entry, list) and len(entry) == 2, f"a {what} of another form")
        _dated(entry[0], entry[1], prices, what)
    for entry in variants:
        _need(isinstance(entry, list) and len(entry) == 3, f"a {what} of another form")
        _need(isinstance(entry[0], dict) and len(entry[0]) > 0, f"a {what} with a price for no context")
        _need(_are_texts([*entry[0], *entry[0].values()]), f"a {what} with a context that is no text")
        _dated(entry[1], entry[2], prices, what)


def _dated(constraint: Raw, table: Raw, prices: set[str], what: str) -> None:
    if constraint is not None:
        _need(isinstance(constraint, list) and len(constraint) > 1, f"a {what} with a strange time")
        kind, *moments = constraint
        is_from = kind == "from" and len(moments) == 1 and _is_day(moments[0])
        is_daily = kind == "daily" and len(moments) == 2 and all(_is_whole(each, 0, _DAY_S) for each in moments)
        _need(is_from or is_daily, f"a {what} with a strange time")
    _need(isinstance(table, dict) and prices.issuperset(table), f"a {what} with a price for an unknown unit")
    for price in table.values():
        steps = price[1:] if isinstance(price, list) and price else []
        base = price[0] if isinstance(price, list) and price else price
        _need(len(steps) <= _MOST_TIERS and all(_is_step(step) for step in steps), f"a {what} with strange tiers")
        _need(_is_price(base), f"a {what} with a price that is no number")


def _clauses(clauses: Iterable[Raw]) -> None:
    waiting = [(clause, 0) for clause in clauses]
    seen = 0
    while waiting:
        clause, depth = waiting.pop()
        seen += 1
        _need(isinstance(clause, list) and len(clause) == 2, "a clause of another form")
        _need(depth <= _DEEPEST and seen <= _MOST_CLAUSES, "too many clauses")
        kind, operand = clause
        _need(isinstance(kind, str), "a clause of another form")
        if kind in {"or", "and"} and isinstance(operand, list):
            waiting += [(part, depth + 1) for part in operand]
        elif kind == "not":
            waiting.append((operand, depth + 1))
        else:
            _need(
                _is_text(operand) and (kind in _TEXT_KINDS or (kind == "regex" and _compiles(operand))), "a bad clause"
            )


def _compiles(pattern: str) -> bool:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        return False
    return True


def _need(holds: bool, what: str) -> None:  # noqa: FBT001 - private
    if not holds:
        raise _FlawError(what)


def _is_day(value: Raw) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_price(value: Raw) -> bool:
    if not isinstance(value, str) or _NUMBER.fullmatch(value) is None:
        return False
    try:
        return Decimal(value) >= 0
    except InvalidOperation:
        return False


def _is_step(step: Raw) -> bool:
    return isinstance(step, list) and len(step) == 2 and _is_whole(step[0], 0, 10**12) and _is_price(step[1])


def _is_whole(value: Raw, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_text(value: Raw) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT


def _is_key(value: Raw) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def _are_texts(values: Iterable[Raw]) -> bool:
    return all(_is_text(value) for value in values)
