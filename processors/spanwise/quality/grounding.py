"""Whether an answer stands on what was retrieved for it."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from spanwise.quality.check import GROUNDEDNESS, HEURISTIC
from spanwise.quality.score import Score, passed
from spanwise.quality.words import words_of


Words: TypeAlias = frozenset[int]
"""Hashes of the words of a document: enough to compare, too little to read."""

_MOST_TRACES: Final = 256
_MOST_DOCUMENTS: Final = 50
_MOST_WORDS: Final = 5_000
_MOST_SENTENCES: Final = 100
_LONG: Final = 4
"""Letters from which a word says something, in scripts with blanks."""
_LEAST_WORDS: Final = 4
_COVERED: Final = 0.6
_GROUNDED: Final = 0.999

_SENTENCE: Final = re.compile(r"[^.!?。！？\n]+")  # noqa: RUF001 - typographic on purpose
_CITATION: Final = re.compile(r"(?:^|[\s.,;:)\]])\[(\d{1,3})\]")


class Retrieved:
    """The words of what was retrieved in the latest 256 traces; of a document at most 5,000, of a trace 50 documents.

    No text is kept, only hashes of words, which differ from process to process.
    """

    def __init__(self) -> None:
        self._traces: OrderedDict[int, list[Words]] = OrderedDict()
        self._changing = threading.Lock()

    def add(self, trace_id: int, documents: Iterable[str]) -> None:
        """Remember what was retrieved in a trace."""
        found = [hashed(text) for text in documents]
        with self._changing:
            known = self._traces.setdefault(trace_id, [])
            known += found[: max(_MOST_DOCUMENTS - len(known), 0)]
            self._traces.move_to_end(trace_id)
            if len(self._traces) > _MOST_TRACES:
                self._traces.popitem(last=False)

    def of(self, trace_id: int) -> list[Words]:
        """What was retrieved in a trace before now."""
        return list(self._traces.get(trace_id, ()))


def hashed(text: str) -> Words:
    """The words of `text` that say something, hashed."""
    words = words_of(text[: 16 * _MOST_WORDS])[:_MOST_WORDS]
    return frozenset(hash(word) for word in words if _says(word))


def groundedness(answer: str, documents: Sequence[Words], *, numbered: int) -> Score | None:
    """The share of the sentences of `answer` of whose words one document has 60 % or more.

    Sentences of fewer than four such words are left out. A number in brackets that no document has ([7] of five) makes
    the score 0. `None` where nothing was retrieved or the answer has no such sentence.

    A heuristic: it sees words, so that a paraphrase counts as not grounded and a wrong sentence of right words as
    grounded.

    Args:
        answer: the answer.
        documents: what was retrieved, and what tools answered.
        numbered: how many of them came from retrievals, so that an answer may cite them by number; 0 for none.
    """
    if not documents:
        return None
    numbers = [int(found) for found in _CITATION.findall(answer)] if numbered else []
    if invented := sum(number > numbered for number in numbers):
        reason = f"{invented} of {len(numbers)} citations name a document that was not retrieved"
        return Score(GROUNDEDNESS, 0.0, "invented_citation", reason, HEURISTIC)
    read = map(hashed, _SENTENCE.findall(answer)[:_MOST_SENTENCES])
    sentences = [words for words in read if len(words) >= _LEAST_WORDS]
    if not sentences:
        return None
    covered = sum(_is_covered(sentence, documents) for sentence in sentences)
    share = round(covered / len(sentences), 4)
    reason = f"{covered} of {len(sentences)} sentences have their words in one retrieved document"
    if share >= _GROUNDED:
        return passed(GROUNDEDNESS, reason, HEURISTIC)
    return Score(GROUNDEDNESS, share, "partly" if covered else "ungrounded", reason, HEURISTIC)


def _is_covered(sentence: Words, documents: Sequence[Words]) -> bool:
    return any(len(sentence & document) >= _COVERED * len(sentence) for document in documents)


def _says(word: str) -> bool:
    return len(word) >= _LONG or word.isdecimal() or (len(word) == 1 and ord(word) >= 0x3040)
