"""Statements that find out which tariff a span's provider and model lead to.

What is found is handed from one group of statements to the next in the attribute `spanwise.cost.rule`, as a text that
begins with `~`: the number of the provider, whether its regions count, whether it was guessed, and a tariff for each of
the model's names. The last group takes it off again.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from spanwise.cost.match import Clause
from spanwise.deploy.collector.ottl.expression import (
    TRUE,
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
from spanwise.deploy.collector.ottl.name_table import NameTable
from spanwise.deploy.collector.ottl.pattern_chain import chained
from spanwise.deploy.collector.ottl.string_table import Lookup, searched
from spanwise.deploy.collector.ottl.tariff_table import NONE, NUMBER, REFUSED
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Group: TypeAlias = dict[str, Any]
"""A group of statements with its conditions, as it stands in YAML."""

STATE: Final = attribute(attr.SPANWISE_COST_RULE)
MARK: Final = "~"
PROVIDER_AT: Final = 1
REGIONAL_AT: Final = 3
GUESSED_AT: Final = 4
TARIFF_AT: Final = 5
NAMES: Final = 3
"""The model that answered, the one that was asked for, and that without the prefix of a gateway. The last is looked up
only where there is no other one."""

REGIONAL: Final = "r"
GUESSED: Final = "g"
NOT: Final = "-"

_LOOK: Final = f"{MARK}?"
_UNKNOWN: Final = f"{MARK}--{NOT}{NOT}{NONE * NAMES}"
_ROUTED: Final = f"{MARK}--{NOT}{NOT}{REFUSED * NAMES}"
_ROUTER: Final = "litellm"
_SPENDING: Final = (
    values.GEN_AI_OPERATION_NAME_CHAT,
    values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
    values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
    values.GEN_AI_OPERATION_NAME_EMBEDDINGS,
)
_LOOKABLE: Final = "^[ -~]{1,256}$"
_COMPACT_DATE: Final = "-20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:-|:|$)"
_ASKED: Final = attribute(attr.GEN_AI_REQUEST_MODEL)
_ANSWERED: Final = attribute(attr.GEN_AI_RESPONSE_MODEL)
_NAME: Final = attribute(attr.GEN_AI_PROVIDER_NAME)
_HOST: Final = attribute(attr.SERVER_ADDRESS)
_PORT: Final = attribute(attr.SERVER_PORT)

MARKED: Final = f"{present(STATE)} and HasPrefix({STATE}, {text(MARK)})"
"""Whether a span is being priced."""


def resolving(names: NameTable) -> list[Group]:
    """The groups of statements, in their order."""
    table = Lookup(names.models)
    patterns = names.patterns()
    return [
        _quickly(names),
        _slowly(names),
        _exactly(table, 0),
        _by_pattern(patterns, 0),
        _alone(),
        _exactly(table, 1),
        _by_pattern(patterns, 1),
        _third(),
    ]


def _quickly(names: NameTable) -> Group:
    """The provider by its host or its name, where they are known; every call begins here."""
    url = joined(text("https://"), slot("u"))
    perhaps = either(
        # Looking for a text costs a hundredth of what all patterns do.
        *(f"Index({slot('u')}, {text(part)}) >= 0" for part in names.url_parts()),
        *(matches(url, pattern) for pattern in names.urls_without_parts()),
    )
    return {
        "conditions": [
            both(
                one_of(attribute(attr.GEN_AI_OPERATION_NAME), _SPENDING),
                absent(attribute(attr.SPANWISE_COST_STATUS)),
                absent(attribute(attr.SPANWISE_DUPLICATE_OF)),
            )
        ],
        "statements": [
            *_url(),
            *searched(names.hosts, "u", "f"),
            put(slot("p"), joined(slot("f"), text(REGIONAL + NOT)), present(slot("f"))),
            put(slot("s"), "true", absent(slot("p")), present(slot("u")), perhaps),
            put(slot("n"), _NAME, is_text(_NAME), absent(slot("p")), absent(slot("s"))),
            *searched(names.providers, "n", "o"),
            put(slot("p"), joined(slot("o"), text(REGIONAL + NOT)), present(slot("o"))),
            put(STATE, joined(text(MARK), slot("p"), text(NONE * NAMES)), present(slot("p"))),
            put(STATE, text(_LOOK), absent(slot("p"))),
        ],
    }


def _slowly(names: NameTable) -> Group:
    """The provider by the patterns of the book, in their order; without host and name by the model."""
    url, name, model, found = slot("x"), slot("n"), slot("m"), slot("f")
    by_url = [put(found, text(to + REGIONAL + NOT), absent(found), matches(url, of)) for of, to in names.url_patterns()]
    by_name = [
        put(found, text(to + NOT + NOT), absent(found), condition) for condition, to in names.name_conditions(name)
    ]
    guesses = [put(found, text(to + REGIONAL + GUESSED), absent(found), of) for of, to in names.guesses(model)]
    return {
        "conditions": [f"{STATE} == {text(_LOOK)}"],
        "statements": [
            *_url(),
            put(url, joined(text("https://"), slot("u")), present(slot("u"))),
            put(url, text(""), absent(url)),
            *by_url,
            put(slot("n"), _NAME, absent(found), is_text(_NAME)),
            *searched(names.providers, "n", "o", absent(found)),
            put(found, joined(slot("o"), text(REGIONAL + NOT)), absent(found), present(slot("o"))),
            # A provider that has a name is never guessed from the model.
            put(name, f"Trim(ToLowerCase({_NAME}))", is_text(_NAME)),
            put(name, text(""), absent(name)),
            *searched(names.numbers, "n", "o", absent(found)),
            put(found, joined(slot("o"), text(NOT + NOT)), absent(found), present(slot("o"))),
            put(slot("r"), TRUE, absent(found), f"{name} == {text(_ROUTER)}"),
            put(found, text("--" + NOT + NOT), absent(found), f"not ({matches(name, _LOOKABLE)})", f'{name} != ""'),
            *by_name,
            put(found, text("--" + NOT + NOT), absent(found), is_text(_NAME)),
            *model_name("m", 0),
            put(model, text(""), absent(model)),
            put(model, text(""), f"not ({matches(model, _LOOKABLE)})"),
            *guesses,
            put(STATE, joined(text(MARK), found, text(NONE * NAMES)), present(found)),
            put(STATE, text(_UNKNOWN), absent(found)),
            # Its models name their providers: who looks one up by its whole name would find another one's price.
            put(STATE, text(_ROUTED), present(slot("r"))),
        ],
    }  # fmt: skip


def _exactly(table: Lookup, index: int) -> Group:
    """The tariff of one of the model's names, looked up as it is; a later name only where the first leads to none."""
    at = TARIFF_AT + NUMBER * index
    found, state = slot("r"), slot("s")
    rest = piece(state, at + NUMBER, NUMBER * (NAMES - 1 - index))
    none = f"{piece(STATE, TARIFF_AT, NUMBER * max(index, 1))} == {text(NONE * max(index, 1))}"
    return {
        "conditions": [both(MARKED, none) if index else MARKED],
        "statements": [
            put(slot("h"), "0"),
            put(slot("b"), text("")),
            put(state, STATE),
            *model_name("m", index),
            put(slot("k"), joined(piece(STATE, PROVIDER_AT, 2), text("|"), slot("m")), present(slot("m"))),
            *table.looked_up("k", "r", present(slot("m"))),
            put(STATE, joined(piece(state, 0, at), found, rest), present(found)),
        ],
    }  # fmt: skip


def _by_pattern(patterns: dict[str, list[tuple[Clause, str]]], index: int) -> Group:
    """The tariff of one name by the patterns of its provider, in the order of the book."""
    at = TARIFF_AT + NUMBER * index
    model, found, provider, state = slot("m"), slot("f"), slot("p"), slot("s")
    rest = piece(state, at + NUMBER, NUMBER * (NAMES - 1 - index))
    none = f"{piece(STATE, TARIFF_AT, NUMBER * (index + 1))} == {text(NONE * (index + 1))}"
    return {
        "conditions": [both(MARKED, none, one_of(piece(STATE, PROVIDER_AT, 2), patterns))],
        "statements": [
            put(state, STATE),
            put(provider, piece(STATE, PROVIDER_AT, 2)),
            *model_name("m", index),
            put(found, text(NONE), absent(model)),
            put(found, text(NONE), absent(found), f"not ({matches(model, _LOOKABLE)})"),
            *(
                statement
                for number, entries in patterns.items()
                for statement in chained(entries, "m", "f", f"{provider} == {text(number)}")
            ),
            # The book would look such a name up once more with the day written in another way.
            put(found, text(REFUSED), absent(found), matches(model, _COMPACT_DATE)),
            put(STATE, joined(piece(state, 0, at), found, rest), present(found)),
        ],
    }  # fmt: skip


def _alone() -> Group:
    """Where the provider was guessed from the first name, the second one could be another provider's."""
    none = f"{piece(STATE, TARIFF_AT, NUMBER)} == {text(NONE)}"
    guessed = f"{piece(STATE, GUESSED_AT, 1)} == {text(GUESSED)}"
    return {
        "conditions": [both(MARKED, none, guessed, is_text(_ANSWERED), is_text(_ASKED))],
        "statements": [put(STATE, joined(piece(STATE, 0, TARIFF_AT), text(REFUSED * NAMES)))],
    }


def _third() -> Group:
    """A third name, which a process looks up as well, is not looked up here: there is no answer instead."""
    at = TARIFF_AT + NUMBER * (NAMES - 1)
    none = f"{piece(STATE, TARIFF_AT, NUMBER * (NAMES - 1))} == {text(NONE * (NAMES - 1))}"
    return {
        "conditions": [both(MARKED, none, is_text(_ANSWERED), is_text(_ASKED), is_text(_NAME))],
        "statements": [
            put(STATE, joined(piece(STATE, 0, at), text(REFUSED)), f"HasPrefix({_ASKED}, {joined(_NAME, text('/'))})")
        ],
    }


def _url() -> list[str]:
    """Where the API is: the host, and the port where it is not the usual one."""
    odd = both(*(f"{_PORT} != {port}" for port in ("nil", "443", "80")))
    return [
        put(slot("u"), _HOST, is_text(_HOST)),
        put(slot("u"), joined(_HOST, text(":"), _PORT), present(slot("u")), odd),
    ]


def model_name(name: str, index: int, *where: str) -> list[str]:
    """The statements that put one of the model's names, in lower case, into slot `name`.

    The first is the one of the model that answered, or, where none did, of the one that was asked for. The second is
    the one that was asked for, or, where that is the first, without the prefix of a gateway.
    """
    asked = put(slot(name), f"ToLowerCase({_ASKED})", *where, absent(slot(name)), is_text(_ASKED), _plain(_ASKED))
    if index == 0:
        return [put(slot(name), f"ToLowerCase({_ANSWERED})", *where, is_text(_ANSWERED), _plain(_ANSWERED)), asked]
    prefix = joined(_NAME, text("/"))
    stripped = f"ToLowerCase(TrimPrefix({_ASKED}, {prefix}))"
    alone = both(*where, is_text(_ASKED), is_text(_NAME), _plain(_ASKED), f"HasPrefix({_ASKED}, {prefix})")
    return [
        put(slot(name), stripped, alone, either(absent(_ANSWERED), f"not IsString({_ANSWERED})", f'{_ANSWERED} == ""')),
        asked,
    ]


def _plain(path: str) -> str:
    """Whether lower case leaves a name as long as it was: other letters than ASCII's become ASCII's otherwise."""
    return f"Len(ToLowerCase({path})) == Len({path})"
