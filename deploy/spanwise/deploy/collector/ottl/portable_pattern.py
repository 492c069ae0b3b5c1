"""Patterns of redaction rules as Go's regular expressions, which mean the same or less, never more.

The rules' engine reads bytes, the Collector characters. A class that is turned around (`[^0-9]`) takes one byte there
and one character here, so that letters beyond ASCII would let a word and its value stand further apart: they are left
out of such classes. Commas and braces are left out as well, because the Collector reads messages as the text of their
JSON document, where they stand between one text and the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple


WHOLE: Final = 0
_TOKEN: Final = re.compile(
    r"(?P<escaped>\\x[0-9a-fA-F]{2}|\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<group>\(\?P<value>|\(\?[a-zA-Z\-]*[:)]|\()"
    r"|(?P<rest>.)",
    re.DOTALL,
)
_HIGH_BYTE: Final = re.compile(r"\\x[89a-fA-F][0-9a-fA-F]")
_TURNED: Final = frozenset(("\\S", "\\D", "\\W"))
_SEPARATORS: Final = r",{}"
_BEYOND: Final = r"\x{80}-\x{10ffff}"


class UnportableError(ValueError):
    """A pattern that cannot be said in the Collector. The message says why."""


class Portable(NamedTuple):
    """A pattern in three parts: what stands before the value, the value, what stands behind it."""

    before: str
    value: str
    behind: str
    flags: str

    def whole(self, first: str, last: str) -> str:
        """One expression with four groups around the value: what is beside the match, and its parts."""
        return f"{self.flags}{first}({self.before})(?:{self.value})({self.behind}){last}"


def portable(pattern: str) -> Portable:
    """`pattern`, whose value is the group of that name or all of it.

    Raises:
        UnportableError: it cannot be said without taking more, or a value could end inside of an escape of JSON.
    """
    flags, body = ("(?i)", pattern[4:]) if pattern.startswith("(?i)") else ("", pattern)
    parts, depth, opened, closed = ["", "", ""], 0, -1, False
    for token in _joined(_TOKEN.finditer(body)):
        kind, text = token
        if kind == "group" and text == "(?P<value>":
            if depth:
                raise UnportableError("its value stands inside of another group")
            opened = depth
            depth += 1
            continue
        if kind == "group" and not text.endswith(")"):
            depth += 1
            if text == "(":
                raise UnportableError("it has a group of its own")
        elif kind == "rest" and text == ")":
            depth -= 1
            if opened == depth and not closed:
                closed = True
                continue
        elif kind == "rest" and text == "|" and depth == 0 and "(?P<value>" in body:
            raise UnportableError("it has alternatives around its value")
        inside = opened >= 0 and not closed
        place = 1 if inside or "(?P<value>" not in body else 2 if closed else 0
        parts[place] += _translated(kind, text, of_value=place == 1, ignores_case=bool(flags))
    return Portable(parts[0], parts[1], parts[2], flags)


def _joined(matches: Iterator[re.Match[str]]) -> Iterator[tuple[str, str]]:
    """The tokens, with bytes of one character together."""
    high = b""
    for match in matches:
        kind, text = str(match.lastgroup), match.group()
        if kind == "escaped" and _HIGH_BYTE.fullmatch(text):
            high += bytes.fromhex(text[2:])
            continue
        if high:
            yield "letters", _decoded(high)
            high = b""
        yield kind, text
    if high:
        yield "letters", _decoded(high)


def _decoded(high: bytes) -> str:
    try:
        return high.decode()
    except UnicodeDecodeError:
        raise UnportableError("it counts bytes of letters beyond ASCII") from None


def _translated(kind: str, text: str, *, of_value: bool, ignores_case: bool) -> str:
    if kind == "letters":
        # The rules' engine knows upper and lower case of ASCII only.
        return f"(?-i:{text})" if ignores_case else text
    if kind == "set":
        return _set(text, of_value=of_value)
    if (kind == "escaped" and text in _TURNED) or (kind == "rest" and text == "."):
        if of_value:
            raise UnportableError(_BREAKS)
        return {"\\S": rf"[^\s{_SEPARATORS}{_BEYOND}]", "\\D": rf"[^\d{_SEPARATORS}{_BEYOND}]"}.get(
            text, rf"[^\W{_SEPARATORS}]" if text == "\\W" else rf"[^{_SEPARATORS}{_BEYOND}]"
        )
    if of_value and kind == "escaped" and text in {"\\\\", '\\"', "\\s", "\\n", "\\r"}:
        raise UnportableError(_BREAKS)
    if of_value and kind == "rest" and text in '"\n':
        raise UnportableError(_BREAKS)
    return text


_BREAKS: Final = "its value may hold quotes, backslashes or line ends, and JSON that was cut there would be broken"


def _set(text: str, *, of_value: bool) -> str:
    turned = text.startswith("[^")
    if of_value and (turned or "\\\\" in text or '"' in text or "\\s" in text or "\\n" in text):
        raise UnportableError(_BREAKS)
    if turned:
        return f"{text[:-1]}{_SEPARATORS}{_BEYOND}]"
    if _HIGH_BYTE.search(text):
        raise UnportableError("it counts bytes of letters beyond ASCII")
    return text


def words(heads: str, pattern: str = "") -> list[str] | None:
    """Texts in lower case one of which stands in everything that a rule with these heads, or this pattern, finds.

    `None` where an alternative has no text of three bytes: then nothing cheaper than the rule itself tells.
    """
    if not (heads.startswith("(?:") and heads.endswith(")")):
        fixed = longest_part(pattern)
        return [fixed.lower()] if len(fixed.encode()) >= _SHORTEST else None
    found: set[str] = set()
    for alternative in _alternatives(heads[3:-1]):
        spelled = _spelled(alternative)
        if not spelled or min(len(each.encode()) for each in spelled) < _SHORTEST:
            return None
        found |= spelled
    # A word that stands in another one says all that the other does.
    return sorted(word for word in found if not any(other != word and other in word for other in found))


def longest_part(pattern: str) -> str:
    """The longest text that stands in all that a pattern finds; empty where there is none."""
    return max(_fixed(pattern), key=len, default="")


def _fixed(pattern: str) -> Iterator[str]:
    """Texts that stand in all that a pattern finds: outside of groups, and not repeated."""
    run, depth = "", 0
    for match in _TOKEN.finditer(_COUNT.sub("?", pattern)):
        kind, text = str(match.lastgroup), match.group()
        depth += (kind == "group" and not text.endswith(")")) - (kind == "rest" and text == ")")
        if text == "|" and depth == 0:
            return
        if kind == "rest" and depth == 0 and text not in ".^$?*+{})":
            run += text
        elif kind == "escaped" and depth == 0 and not text[1].isalnum():
            run += text[1]
        else:
            # What stands before a count may be missing.
            yield run[:-1] if kind == "rest" and text in "?*+{" else run
            run = ""
    yield run


def _spelled(alternative: str) -> set[str]:
    """All that an alternative of words stands for; nothing where it has choices other than optional signs."""
    spelled = {""}
    for match in _WORD.finditer(alternative):
        signs, high, escaped, plain = match.group("signs", "high", "escaped", "plain")
        if signs is not None:
            ways = [*re.sub(r"\\(.)", r"\1", signs), *([""] if match.group("optional") else [])]
        elif high is not None:
            ways = [bytes.fromhex(high.replace("\\x", "")).decode()]
        elif escaped is not None:
            ways = [escaped]
        elif plain is not None:
            ways = [plain]
        else:
            return set()
        spelled = {before + way for before in spelled for way in ways}
    return {each.lower() for each in spelled}


_WORD: Final = re.compile(
    r"\[(?P<signs>[ _.]*(?:\\[.\-]|[ _])*)\](?P<optional>\?)?|(?P<high>(?:\\x[0-9a-f]{2})+)|"
    r"\\(?P<escaped>[^\sA-Za-z0-9])|(?P<plain>[^\\()\[\]{}?*+.|])|(?P<strange>.)",
    re.DOTALL,
)
_SHORTEST: Final = 3
_COUNT: Final = re.compile(r"(?<!\\)\{[0-9,]+\}")
_SIGNS: Final = re.compile(r"[ _\-]")
_LONG_ENOUGH: Final = 4


def stems(words: Iterable[str]) -> list[str]:
    """Fewer texts than `words`, one of which stands in each: their longest parts between signs."""
    found = set()
    for word in words:
        longest = max(_SIGNS.split(word), key=len)
        found.add(longest if len(longest) >= _LONG_ENOUGH else word)
    return sorted(stem for stem in found if not any(other != stem and other in stem for other in found))


def begins_with_letters(heads: str) -> bool:
    """Whether everything that a rule with these heads finds begins with a letter or digit of ASCII."""
    if not (heads.startswith("(?:") and heads.endswith(")")):
        return False
    return all(re.match("[A-Za-z0-9]", alternative) is not None for alternative in _alternatives(heads[3:-1]))


def _alternatives(text: str) -> Iterator[str]:
    start = depth = index = 0
    while index < len(text):
        letter = text[index]
        if letter == "\\":
            index += 2
            continue
        depth += (letter in "([") - (letter in ")]")
        if letter == "|" and depth == 0:
            yield text[start:index]
            start = index + 1
        index += 1
    yield text[start:]
