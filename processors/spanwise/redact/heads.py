"""`Heads`: where in a text stand the words and first letters that a value can begin with."""

from __future__ import annotations

import functools
import itertools
import re
import threading
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import hyperscan

from spanwise.redact.budget import Budget, Exhausted
from spanwise.redact.edge import left_free
from spanwise.redact.rule import Rule
from spanwise.redact.tail import Row, Tail, tail_of


_COMMON: Final = frozenset(
    b"://|https://|http://|tin|pat|sin|sol|nin|ach|eth|chi|nit|pass|passi|id no|sk|tel|address|ruc|nss|ein|vin|nic|tie|"
    b"napi_|ck-|pan|spl|itin|stability|0x|dea|token|-us|ether|mbi|bsc|nif|secret|inn|cio|password|phone|ird|aba|conda|"
    b"ably|test_|travis|together|pw|said".split(b"|")
)
"""Heads that stand in every tenth KB of English or more, or in its words, as counted in 6 MB of documentation. What is
asked for behind them is part of the search: it costs more to prepare, and less for each of them that means nothing. It
must not reach over the same head: of two that end together the search tells the first."""

_MOST: Final = 100_000
_ALTERNATIVE: Final = re.compile(rb"(?:[^|\\]|\\.)+")
_SPACE: Final = re.compile(rb"\[((?:[^\]\\]|\\.)+)\]\?")
_LETTER: Final = re.compile(rb"\\x[0-9a-f]{2}|\\.|[^\\]")
_BACKSLASH: Final = 0x5C


class _Word(NamedTuple):
    """One head.

    Attributes:
        length: of the head in bytes; 0 where the search itself tells where it begins.
        free: whether no letter or digit may stand before it.
        tail: what is asked for behind it; `None` where nothing is, or the search itself has asked.
    """

    length: int
    free: bool
    tail: Tail | Row | None


class Heads:
    """The places at which `rules` with heads are worth asking. Thread-safe.

    Thousands of words are looked for at once by vectorised instructions: documentation is read at 150 to 300 MB/s, the
    first text too. An automaton that is built as it reads, as RE2's, is in another state at nearly every word of such
    a set: it read new prose at 4 MB/s. Making the search takes 0.15 s of processor time, at its first use.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        asked: dict[tuple[bytes, bool], dict[bytes, bool]] = {}
        for rule in rules:
            for head, tail in rule.places:
                for word in _words(head):
                    key = (word.lower() if rule.ignore_case else word, rule.ignore_case)
                    tails = asked.setdefault(key, {})
                    tails[tail] = tails.get(tail, True) and rule.free_before
        self._asked = asked
        self._own = threading.local()

    @functools.cached_property
    def _compiled(self) -> tuple[hyperscan.Database, list[_Word]]:
        expressions: list[bytes] = []
        flags: list[int] = []
        words: list[_Word] = []
        for (text, ignore_case), tails in self._asked.items():
            flag = hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_CASELESS if ignore_case else 0)
            expression = b"".join(b"\\x%02x" % byte for byte in text)
            free = all(tails.values())
            if b"" in tails:
                words.append(_Word(len(text), free, None))
            elif text in _COMMON:
                words.append(_Word(0, free, None))
                expression += b"(?:" + b"|".join(tails) + b")"
                flag |= hyperscan.HS_FLAG_SOM_LEFTMOST
            else:
                case = b"(?i:" if ignore_case else b"(?:"
                words.append(_Word(len(text), free, tail_of(case + b"|".join(tails) + b")")))
            expressions.append(expression)
            flags.append(flag)
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        if expressions:
            ids = list(range(len(expressions)))
            database.compile(expressions=expressions, ids=ids, elements=len(ids), flags=flags)
        return database, words

    def any(self, data: bytes) -> bool:
        """Whether there is such a place in `data`."""
        found = self._found(data, _MOST)
        return found is None or bool(self._places(data, found))

    def places(self, data: bytes, budget: Budget) -> list[int]:
        """The places in `data`, in order.

        Raises:
            Exhausted: when there are more words than `budget` has left.
        """
        found = self._found(data, max(budget.left, 0))
        if found is None:
            budget.left = 0
            raise Exhausted("too many candidates")
        return sorted(self._places(data, found)) if found else []

    def _places(self, data: bytes, found: list[tuple[int, int]]) -> set[int]:
        words = self._compiled[1]
        places: set[int] = set()
        for index, place in found:
            if place in places:
                continue
            length, free, asked = words[index]
            if (not free or left_free(data, place)) and (asked is None or asked.follows(data, place + length)):
                places.add(place)
        return places

    def _found(self, data: bytes, most: int) -> list[tuple[int, int]] | None:
        """The words in `data` with their places; `None` when there are more than `most`."""
        database, words = self._compiled
        if not words:
            return []
        found: list[tuple[int, int]] = []

        def on_match(index: int, start: int, end: int, _flags: int, _context: object) -> bool:
            length = words[index].length
            found.append((index, end - length if length else start))
            return len(found) > most

        try:
            database.scan(data, match_event_handler=on_match, scratch=self._scratch(database))
        except hyperscan.ScanTerminated:
            return None
        except hyperscan.ScratchInUseError:  # a finaliser that ran in a search of this thread: the notes are that one's
            self._own.scratch = None
            return self._found(data, most)
        return found

    def _scratch(self, database: hyperscan.Database) -> hyperscan.Scratch:
        """Where one search notes down how far it is: one for each thread."""
        scratch: hyperscan.Scratch | None = getattr(self._own, "scratch", None)
        if scratch is None:
            scratch = self._own.scratch = hyperscan.Scratch(database)
        return scratch


def _words(head: bytes) -> Iterator[bytes]:
    """The texts that `head`, alternatives as RE2 text, stands for: a space of several forms is each of them."""
    for alternative in _ALTERNATIVE.findall(head.removeprefix(b"(?:").removesuffix(b")")):
        pieces = _SPACE.split(alternative)
        ways = [
            [b"", *_letters(piece)] if index % 2 else [b"".join(_letters(piece))] for index, piece in enumerate(pieces)
        ]
        yield from map(b"".join, itertools.product(*ways))


def _letters(text: bytes) -> list[bytes]:
    """The bytes that `text`, RE2 text without operators, stands for."""
    return [_literal(letter) if letter[0] == _BACKSLASH else letter for letter in _LETTER.findall(text)]


def _literal(escape: bytes) -> bytes:
    return bytes((int(escape[2:], 16),)) if len(escape) == 4 else escape[1:]
