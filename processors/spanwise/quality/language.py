"""Which language a text is in, where that is certain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from spanwise.quality.check import HEURISTIC, LANGUAGE_MATCH
from spanwise.quality.score import Score, passed
from spanwise.quality.words import words_of


Phrases: TypeAlias = Mapping[str, Mapping[str, Any]]
"""`phrases.json`: by language its patterns and words."""
SmallWords: TypeAlias = Mapping[str, tuple[str, ...]]
"""Small words, with the languages that have them."""

_READ: Final = 2_000
_LEAST_WORDS: Final = 8
_LEAST_HITS: Final = 3
_LEAST_SHARE: Final = 0.12
_AHEAD: Final = 2.0
_LEAST_LETTERS: Final = 12
_MAJORITY: Final = 0.7

_SCRIPTS: Final = (
    (0x0400, 0x052F, "Cyrillic"),
    (0x0600, 0x06FF, "Arabic"),
    (0x0900, 0x097F, "Devanagari"),
    (0x3040, 0x30FF, "Kana"),
    (0x4E00, 0x9FFF, "Han"),
    (0xAC00, 0xD7AF, "Hangul"),
    (0x0041, 0x024F, "Latin"),
)
_BY_SCRIPT: Final = {"Hangul": "ko", "Han": "zh", "Kana": "ja"}

_ASKS_FOR_ANOTHER: Final = frozenset({
    "translate", "translation", "translated", "traduce", "traduis", "traduire", "traduisez", "traduci", "traduza",
    "traduzir", "traducir", "übersetze", "übersetzen", "übersetzung", "vertaal", "vertalen", "przetłumacz",
    "tłumacz", "çevir", "tercüme", "переведи", "перевод", "переведите", "ترجم", "ترجمة", "अनुवाद", "english",
    "englisch", "anglais", "inglés", "inglese", "inglês", "engels", "angielski", "angielsku", "ingilizce",
    "английский", "английском", "german", "deutsch", "allemand", "alemán", "tedesco", "alemão", "duits",
    "niemiecki", "almanca", "french", "französisch", "français", "francés", "francese", "francês", "frans",
    "francuski", "spanish", "spanisch", "espagnol", "español", "spagnolo", "espanhol", "spaans", "italian",
    "italienisch", "italien", "italiano", "portuguese", "português", "dutch", "nederlands", "polish", "polski",
    "japanese", "japanisch", "chinese", "chinesisch", "mandarin", "korean", "russian", "russisch", "arabic",
    "hindi", "turkish", "türkçe", "language", "sprache", "langue", "idioma", "lingua", "taal",
})  # fmt: skip
_ASKS_IN: Final = ("翻译", "翻譯", "翻訳", "訳して", "번역", "英語", "英语", "英文", "日本語で", "中文", "영어")


def language_match(answer: str, question: str, small_words: SmallWords) -> Score | None:
    """Whether the answer is in the language of the question; `None` unless both languages are certain.

    A question that names a language, or asks for a translation, is not compared.
    """
    if asks_for_another(question):
        return None
    asked, answered = language_of(question, small_words), language_of(answer, small_words)
    if asked is None or answered is None:
        return None
    if asked == answered:
        return passed(LANGUAGE_MATCH, f"question and answer are in one language ({asked})", HEURISTIC)
    reason = f"the question is in one language ({asked}) and the answer in another ({answered})"
    return Score(LANGUAGE_MATCH, 0.0, "mismatch", reason, HEURISTIC)


def small_words_of(phrases: Phrases) -> SmallWords:
    """The words of `phrases`, turned round."""
    found: dict[str, tuple[str, ...]] = {}
    for language, entry in phrases.items():
        for word in entry["words"]:
            found[word] = (*found.get(word, ()), language)
    return found


def asks_for_another(question: str) -> bool:
    """Whether a question names a language or asks for a translation."""
    return not _ASKS_FOR_ANOTHER.isdisjoint(words_of(question)) or any(one in question for one in _ASKS_IN)


def language_of(text: str, small_words: SmallWords) -> str | None:
    """The language of `text` as a code of ISO 639-1; `None` when it is short, mixed, or none of those known.

    By script, and within a script by small words: at least three of them, an eighth of all words, and twice as many
    as any other language has. About 150 us for the 2,000 characters that are read.
    """
    scripts: Counter[str] = Counter()
    # Each character once: a text of thousands has dozens.
    for character, times in Counter(text[:_READ]).items():
        if character.isalpha():
            scripts[_script(character)] += times
    letters = scripts.total()
    if letters < _LEAST_LETTERS:
        # Chinese says in four characters what others say in twelve.
        return None if letters < 6 or not (scripts["Han"] or scripts["Kana"]) else _wordless(scripts, letters)
    script, most = scripts.most_common(1)[0]
    if script in _BY_SCRIPT:
        return _wordless(scripts, letters)
    return _by_words(text[:_READ], small_words) if most >= _MAJORITY * letters else None


def _wordless(scripts: Counter[str], letters: int) -> str | None:
    eastern = scripts["Kana"] + scripts["Han"]
    if eastern >= _MAJORITY * letters:
        return "ja" if scripts["Kana"] >= 0.1 * eastern else "zh" if not scripts["Kana"] else None
    return "ko" if scripts["Hangul"] >= _MAJORITY * letters else None


def _by_words(text: str, small_words: SmallWords) -> str | None:
    words = words_of(text)
    if len(words) < _LEAST_WORDS:
        return None
    counted = Counter(words)
    hits: Counter[str] = Counter(dict.fromkeys(("", " "), 0))
    for word in counted.keys() & small_words.keys():
        for language in small_words[word]:
            hits[language] += counted[word]
    (first, most), (_, second) = hits.most_common(2)
    sure = most >= _LEAST_HITS and most >= _LEAST_SHARE * len(words) and most >= _AHEAD * second
    return first if sure else None


def _script(character: str) -> str:
    point = ord(character)
    return next((name for first, last, name in _SCRIPTS if first <= point <= last), "")
