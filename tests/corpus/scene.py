"""`Scene`: where a text takes place, and who can be met there; gives facts, decoys and sentences of its locale."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from tests.corpus import account, birth, contact, credential, decoy, health, national, network, vendor, wallet
from tests.corpus.language import LANGUAGES, Language
from tests.corpus.person import COUNTRIES, Person, address, named, person
from tests.corpus.piece import Fact, Piece, fixed, plain


LOCALES: Final = (
    "en_US", "en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_BR", "pl_PL", "sv_SE", "ja_JP", "mixed", "mixed",
)  # fmt: skip
"""Locales in the proportion in which they occur: `mixed` is English about people of any country."""

_FOREIGN: Final = 0.12
_BACKWARDS: Final = 0.03
_BARE: Final = 0.3


class Scene:
    """One text's locale, its person and its random numbers.

    Attributes:
        chance: The only source of randomness.
        locale: `de_DE`, or `mixed`.
        language: Two letters.
        country: Where the person lives.
        who: The person.
    """

    __slots__ = ("_table", "chance", "country", "language", "locale", "who")

    def __init__(self, chance: Random, locale: str) -> None:
        self.chance = chance
        self.locale = locale
        mixed = locale == "mixed"
        self.language = "en" if mixed else locale[:2]
        self.country = chance.choice(contact.COUNTRY_CODES) if mixed else locale[3:]
        home = self.country if self.country in COUNTRIES else chance.choice(tuple(COUNTRIES))
        self.who: Person = person(chance, home)
        self._table: Language = LANGUAGES[self.language]

    def hello(self) -> Piece:
        """How a message begins."""
        return plain(self.chance.choice(self._table.hello))

    def bye(self) -> Piece:
        """How a message ends."""
        return plain(self.chance.choice(self._table.bye))

    def name(self) -> Piece:
        """The person's name, labelled."""
        return named(self.who)

    def prose(self) -> Piece:
        """A sentence that holds nothing, or a harmless number."""
        if self.chance.random() < 0.25:
            return plain(self.chance.choice(self._table.order).replace("{v}", decoy.inline(self.chance)))
        return plain(self.chance.choice(self._table.prose))

    def sentence(self, fact: Fact) -> list[Piece]:
        """A sentence around `fact`."""
        table, chance = self._table, self.chance
        if fact.bare and chance.random() < _BARE:
            frame = chance.choice(table.bare)
        else:
            frame = table.turned if chance.random() < _BACKWARDS else chance.choice(table.told)
        before, _, after = frame.replace("{c}", chance.choice(fact.words)).partition("{v}")
        return [fixed(before), *fact.pieces, fixed(after)]

    def fact(self, suited: Callable[[Fact], bool] = lambda _: True) -> Fact:
        """Something that has to be taken out, of any family, that is `suited` to the text."""
        while True:
            fact = self._choose()
            if suited(fact):
                return fact

    def _choose(self) -> Fact:
        chance = self.chance
        return chance.choices(_MAKERS, cum_weights=_CUMULATIVE)[0](self)

    def nation(self, countries: tuple[str, ...]) -> str:
        """The scene's country when it is among `countries`, now and then another; any in a mixed scene."""
        if self.locale != "mixed" and self.country in countries and self.chance.random() > _FOREIGN:
            return self.country
        return self.chance.choice(countries)


def _account(scene: Scene) -> Fact:
    country = scene.nation(account.IBAN_COUNTRIES)
    roll = scene.chance.random()
    if roll < 0.2:
        return account.bic(scene.chance, country)
    if roll < 0.32 and scene.country in ("US", "GB"):
        return account.us_account(scene.chance) if scene.country == "US" else account.gb_account(scene.chance)
    return account.iban(scene.chance, country)


def _credential(scene: Scene) -> Fact:
    chance = scene.chance
    return chance.choice((credential.database_url, credential.connection_string, credential.jwt, credential.private_key,
                          credential.header, credential.header, credential.url_secret, credential.assignment,
                          credential.assignment))(chance)  # fmt: skip


def _vehicle(scene: Scene) -> Fact:
    return (network.vin if scene.chance.random() < 0.7 else network.plate)(scene.chance)


def _network(scene: Scene) -> Fact:
    return scene.chance.choice((network.ipv4, network.ipv4, network.ipv6, network.mac))(scene.chance)


_WEIGHTED: Final[tuple[tuple[int, Callable[[Scene], Fact]], ...]] = (
    (16, lambda scene: contact.email(scene.chance, scene.who, scene.language)),
    (14, lambda scene: contact.phone(scene.chance, scene.nation(contact.COUNTRY_CODES), scene.language)),
    (4, lambda scene: address(scene.chance, scene.who.country)),
    (8, lambda scene: account.card(scene.chance, scene.language)),
    (7, _account),
    (15, lambda scene: national.national(scene.chance, scene.nation(national.COUNTRIES))),
    (9, _network),
    (3, _vehicle),
    (4, lambda scene: scene.chance.choice(health.HEALTH)(scene.chance)),
    (4, lambda scene: birth.birth_date(scene.chance, scene.language)),
    (4, lambda scene: wallet.wallet(scene.chance)),
    (14, lambda scene: vendor.vendor_key(scene.chance)),
    (4, lambda scene: vendor.named_key(scene.chance)),
    (4, lambda scene: credential.password(scene.chance, scene.language)),
    (9, _credential),
)  # fmt: skip
_MAKERS: Final = [make for _, make in _WEIGHTED]
_CUMULATIVE: Final = [sum(weight for weight, _ in _WEIGHTED[: place + 1]) for place in range(len(_WEIGHTED))]
