"""The search for words that a value can begin with."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.redact.budget import Budget, Exhausted
from spanwise.redact.catalogue import catalogue
from spanwise.redact.edge import left_free
from spanwise.redact.heads import Heads
from spanwise.redact.pattern import compiled


RULES = [rule for rule in catalogue() if rule.places[0][0]]
HEADS = Heads(RULES)
WORDS = ["tin", "tin ", "pass", "password=", "SK", "sk-", "sk-ant-", "AKIA", "api_key", "api key", "api-key", "https://",
         "://", "a:b@h", "0123456789ab", "national health-service_number", "$2b$", "-----BEGIN ", "PASSWORD", " ", "\n",
         "\\n", "x", "é", "密码", "key", ":", "=", "address", "secret", "token", "tel", "phone: ", "said ", "pw=", "@", "5"]  # fmt: skip


def places_by_re2(data: bytes) -> set[int]:
    """The same places, each rule asked at each byte."""
    patterns = [
        (rule.free_before, compiled((b"(?i:" if rule.ignore_case else b"(?:") + head + b"(?:" + tail + b"))"))
        for rule in RULES
        for head, tail in rule.places
    ]
    return {
        place
        for free, pattern in patterns
        for place in range(len(data))
        if (not free or left_free(data, place)) and pattern.match(data, place) is not None
    }


@given(st.lists(st.sampled_from(WORDS), max_size=6).map("".join))
def test_no_place_is_missed(text: str) -> None:
    """Every place at which a rule's head and what it asks behind it stand is found, in order."""
    data = text.encode()
    found = HEADS.places(data, Budget(10_000))
    assert found == sorted(set(found))
    assert places_by_re2(data) <= set(found)
    assert HEADS.any(data) == bool(found)


def test_words_inside_of_words_are_no_places() -> None:
    """Prose full of short heads in longer words has none."""
    prose = b"The setting is pattern matching on passages of tokens; she is single and retired."
    assert HEADS.places(prose, Budget(100)) == []
    assert not HEADS.any(prose)


def test_a_flood_of_words_is_not_read() -> None:
    """More words than the budget allows end the search, and whoever asks whether there is one is told yes."""
    flood = b"AKIA " * 200_000
    with pytest.raises(Exhausted):
        HEADS.places(flood, Budget(1_000))
    assert HEADS.any(flood)


def test_threads_search_at_once() -> None:
    """Searches of several threads do not disturb each other."""
    data = b"see https://u:p@h and AKIA0123456789ABCDEF " * 200
    wanted = HEADS.places(data, Budget(100_000))
    assert len(wanted) >= 400
    found: list[list[int]] = []

    def search() -> None:
        found.extend(HEADS.places(data, Budget(100_000)) for _ in range(20))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80
    assert all(places == wanted for places in found)


def test_a_search_within_a_search_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finaliser may run in the middle of a search and search itself, on the same thread."""
    data = b"AKIA0123456789ABCDEF"
    heads = Heads(RULES)
    inner: list[list[int]] = []

    class Words(list[object]):
        """Searches when the first match asks for its word."""

        def __getitem__(self, index: object) -> object:  # type: ignore[override]
            if not inner:
                inner.append([])
                inner[0] = heads.places(data, Budget(100))
            return super().__getitem__(index)  # type: ignore[call-overload]

    database, words = heads._compiled
    monkeypatch.setitem(vars(heads), "_compiled", (database, Words(words)))
    assert heads.places(data, Budget(100)) == [0]
    assert inner == [[0]]


def test_rules_without_heads_have_no_places() -> None:
    """A search for nothing finds nothing."""
    assert Heads([]).places(b"password: x", Budget(10)) == []
    assert not Heads([]).any(b"password: x")
