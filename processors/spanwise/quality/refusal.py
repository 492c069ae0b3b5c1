"""`Refusals`: whether an answer declines, by how it begins. A heuristic: it reads words, not meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

import re2


Pattern: TypeAlias = Any
"""A compiled pattern of RE2, which has no types."""
Phrases: TypeAlias = Mapping[str, Mapping[str, Any]]
"""`phrases.json`: by language its patterns and words."""

_HEAD: Final = 400
"""Characters that are read: who declines says so at once."""
_LONGEST: Final = 2_500
"""Characters of an answer that may be a refusal. A longer one did the work, whatever it says at its beginning."""

_BEHIND: Final = 40
"""Characters behind a match that may take it back."""

_OPTIONS = re2.Options()
_OPTIONS.max_mem = 64 << 20
_OPTIONS.log_errors = False
_OPTIONS.never_capture = True

_CLAUSE: Final = (
    r"(?:^|[.!?,;:。！？，、؛،।\n(—–-]|\b(?:but|aber|mais|pero|ma|mas|maar|ale|and|so)\b)"  # noqa: RUF001 - typographic on purpose
    r"[^\p{L}\p{N}]*"
    r"(?:(?:unfortunately|however|sorry|apologies|no|leider|malheureusement|cependant|lamentablemente|purtroppo"
    r"|infelizmente|helaas|niestety|maalesef|к сожалению|لكن|ولكن|لكنني|للأسف)[,، ]*)?"
)
"""How a clause begins. Once for all patterns: its classes of characters are most of the automaton."""

_QUOTED: Final = re2.compile('"[^"\n]*"|“[^”]*”|„[^“”"]*[“”"]|«[^»]*»|「[^」]*」|『[^』]*』|`[^`]*`')
_CODE: Final = re2.compile("(?s)```.*?(?:```|$)")
_BLANKS: Final = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f\u3000\t", " "))
_LATE: Final = re2.compile(r"(?m)^\s*>.*$")


class Refusals:
    """Patterns of several languages as one automaton, and one for each language that says which it was.

    Linear in the 400 characters that are read; about 10 us. Quoted text, code and quoted lines do not count.

    Args:
        phrases: what `phrases.json` holds.
        languages: those that are looked for, in the order in which they are named.
    """

    def __init__(self, phrases: Phrases, languages: Iterable[str]) -> None:
        chosen = [language for language in languages if language in phrases]
        self._phrases = {language: phrases[language] for language in chosen}
        self._compiled: dict[str, tuple[Pattern, Pattern | None]] = {}
        self._all = _declining(self._phrases.values())

    def find(self, answer: str) -> str | None:
        """The language in which `answer` declines; `None` when no phrase says so."""
        if self._all is None or not answer or len(answer) > _LONGEST:
            return None
        head = answer[: 2 * _HEAD].lower().translate(_BLANKS)
        head = _LATE.sub(" ", _QUOTED.sub(" ", _CODE.sub(" ", head)))[:_HEAD].strip()
        if self._all.search(head) is None:
            return None
        # Rare, so that these are compiled when one is found: most processes never need a language's own.
        for language in self._phrases:
            pattern, unless = self._own(language)
            match = pattern.search(head)
            if match is not None and not (unless and unless.search(head[match.start() : match.end() + _BEHIND])):
                return language
        return None

    def _own(self, language: str) -> tuple[Pattern, Pattern | None]:
        known = self._compiled.get(language)
        if known is None:
            entry = self._phrases[language]
            pattern = _declining([entry])
            assert pattern is not None
            known = self._compiled[language] = pattern, _any(entry["unless"])
        return known


def _declining(entries: Iterable[Mapping[str, Any]]) -> Pattern | None:
    clauses, anywhere = [], []
    for entry in entries:
        clauses += entry["clause"]
        anywhere += entry["anywhere"]
    return _any([*([f"{_CLAUSE}(?:{'|'.join(clauses)})"] if clauses else []), *anywhere])


def _any(patterns: list[str]) -> Pattern | None:
    return re2.compile("|".join(f"(?:{pattern})" for pattern in patterns), _OPTIONS) if patterns else None
