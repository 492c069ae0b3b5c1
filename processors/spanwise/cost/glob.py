"""Names with `*` in them, as users write them."""

from __future__ import annotations

from collections.abc import Iterable


def matches(pattern: str, text: str) -> bool:
    """Whether `text` is `pattern`, in which every `*` stands for any characters; upper and lower case are the same.

    Linear in the length of the text for every star, whatever the text is.
    """
    first, *rest = pattern.lower().split("*")
    text = text.lower()
    if not rest:
        return text == first
    last = rest.pop()
    if not text.startswith(first) or len(text) < len(first) + len(last) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in rest:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def any_matches(patterns: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether one of `patterns` matches one of `texts`."""
    known = list(texts)
    return any(matches(pattern, text) for pattern in patterns for text in known)


def covers(wide: str, narrow: str) -> bool:
    """Whether everything that the pattern `narrow` matches is matched by the pattern `wide`.

    A star of `narrow` can only stand where a star of `wide` does, so the pattern is compared like a name.
    """
    return matches(wide, narrow)
