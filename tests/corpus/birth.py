"""Dates of birth, beside the word that makes them one."""

# ruff: noqa: E501

from __future__ import annotations

from random import Random
from typing import Final

from tests.corpus.piece import Fact, fact, words


_MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "en": words("January February March April May June July August September October November December"),
    "de": words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    "fr": words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "es": words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
    "it": words("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
    "nl": words("januari februari maart april mei juni juli augustus september oktober november december"),
    "pt": words("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
    "pl": words("stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"),
    "sv": words("januari februari mars april maj juni juli augusti september oktober november december"),
}
_FORMS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("{y}-{m:02d}-{d:02d}", "{m:02d}/{d:02d}/{y}", "{m}/{d}/{y}", "{n} {d}, {y}", "{d} {n} {y}", "{d:02d}/{m:02d}/{y}",
           "{s} {d}, {y}"),
    "de": ("{d:02d}.{m:02d}.{y}", "{d}.{m}.{y}", "{d}. {n} {y}", "{y}-{m:02d}-{d:02d}"),
    "fr": ("{d:02d}/{m:02d}/{y}", "{d} {n} {y}", "{y}-{m:02d}-{d:02d}"),
    "es": ("{d:02d}/{m:02d}/{y}", "{d} de {n} de {y}", "{y}-{m:02d}-{d:02d}"),
    "it": ("{d:02d}/{m:02d}/{y}", "{d} {n} {y}", "{y}-{m:02d}-{d:02d}"),
    "nl": ("{d:02d}-{m:02d}-{y}", "{d} {n} {y}", "{y}-{m:02d}-{d:02d}"),
    "pt": ("{d:02d}/{m:02d}/{y}", "{d} de {n} de {y}", "{y}-{m:02d}-{d:02d}"),
    "pl": ("{d:02d}.{m:02d}.{y}", "{d} {n} {y}", "{y}-{m:02d}-{d:02d}"),
    "sv": ("{y}-{m:02d}-{d:02d}", "{d} {n} {y}"),
    "ja": ("{y}年{m}月{d}日", "{y}/{m:02d}/{d:02d}", "{y}-{m:02d}-{d:02d}"),
}  # fmt: skip
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("date of birth", "DOB", "birth date", "born on", "birthday"),
    "de": ("Geburtsdatum", "geboren am", "geb. am"),
    "fr": ("date de naissance", "né le", "née le"),
    "es": ("fecha de nacimiento", "nacido el", "nacida el"),
    "it": ("data di nascita", "nato il", "nata il"),
    "nl": ("geboortedatum", "geboren op"),
    "pt": ("data de nascimento", "nascido em", "nascida em"),
    "pl": ("data urodzenia", "urodzony", "ur."),
    "sv": ("födelsedatum", "född"),
    "ja": ("生年月日",),
}


def day(chance: Random) -> tuple[int, int, int]:
    """A day on which somebody who is alive may have been born: year, month, day."""
    return chance.randint(1940, 2007), chance.randint(1, 12), chance.randint(1, 28)


def birth_date(chance: Random, language: str) -> Fact:
    """A date of birth in a form of `language`."""
    year, month, number = day(chance)
    names = _MONTHS.get(language, _MONTHS["en"])
    value = chance.choice(_FORMS[language]).format(
        y=year, m=month, d=number, n=names[month - 1], s=names[month - 1][:3]
    )
    keys = ("date_of_birth", "dob", "birthDate", "birth_date")
    return fact(value, "birth", "birth_date", _WORDS[language], keys, bare=False)
