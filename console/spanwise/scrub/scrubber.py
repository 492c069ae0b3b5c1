"""`Scrubber`: a file of any size, cleaned stretch by stretch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from spanwise.redact import DROPPED, Redactor
from spanwise.redact.document import looks_like_json
from spanwise.scrub.border import NO_JSON, border
from spanwise.scrub.place import Lines, Place, found_in_document, found_in_text
from spanwise.scrub.reader import Reader
from spanwise.scrub.stretch import Stretch, bytes_of, text_of


_CONTEXT: Final = 512
"""Characters of clean text that are read again before the next stretch: a word that names a value is near it."""

_SMALLEST: Final = 2 * 1024
"""Bytes of a text that is dropped whole rather than read in parts."""


@dataclass(slots=True)
class Cleaned:
    """A stretch of a file without its values.

    Attributes:
        data: What may be written.
        kinds: Values taken out, by kind.
        dropped: Texts that were dropped whole: because a value says so, or unread because of a bound.
        places: Where the values stood, when that was asked for.
    """

    data: bytes
    kinds: Counter[str]
    dropped: int = 0
    places: list[Place] = field(default_factory=list)


class Scrubber:
    """Takes out of files what a redactor takes out of spans.

    JSON stays JSON, what holds nothing keeps every byte, and bytes that are no UTF-8 pass through. A value that stands
    across the border of two stretches is found as any other. Memory: a few MB, whatever the size of the file, up to
    64 MB for a document with strings of several MB.

    Args:
        redactor: What is taken out. Its bound on bytes must be above 16 MiB, or larger strings are dropped.
        explain: Whether to tell every value's place, which takes two or three times as long.
    """

    def __init__(self, redactor: Redactor, *, explain: bool = False) -> None:
        self._redactor = redactor
        self._explain = explain

    def clean(self, stream: BinaryIO) -> Iterator[Cleaned]:
        """All of `stream`, in order; what is yielded may be written at once."""
        context = ""
        lines = Lines()
        for stretch in Reader(self._redactor, stream).stretches():
            lines.read(stretch.body + stretch.tail)
            done = self._document(stretch) if stretch.is_json else self._text(stretch.body, context)
            if self._explain:
                done.places = self._places(stretch, context, lines, done.kinds)
            context = "" if stretch.is_json else _end_of(text_of(done.data))
            yield done

    def _document(self, stretch: Stretch) -> Cleaned:
        whole = text_of(stretch.before + stretch.body + stretch.behind)
        found = self._redactor.find(whole)
        before, behind = text_of(stretch.before), text_of(stretch.behind)
        if not (found.text.startswith(before) and found.text.endswith(behind)):
            return self._text(stretch.body, "")
        clean = found.text[len(before) : len(found.text) - len(behind)]
        dropped = clean.count(DROPPED) - whole.count(DROPPED)
        return Cleaned(bytes_of(clean) + stretch.tail, Counter(found.kinds), max(dropped, 0))

    def _text(self, body: bytes, context: str) -> Cleaned:
        """`body` read behind the clean text `context`, which tells what its first words are about."""
        text = text_of(body)
        if not context and looks_like_json(text):  # what is JSON came as a document; strings would lose their lines
            context = NO_JSON
        found = self._redactor.find(context + text)
        if not found.text.startswith(context):
            found, context = self._redactor.find(text), ""
        clean = found.text[len(context) :]
        dropped = clean.count(DROPPED) - text.count(DROPPED)
        if dropped > 0 and len(body) > _SMALLEST:
            place = border(self._redactor, body, len(body) // 2)
            if 0 < place < len(body):
                first = self._text(body[:place], context)
                second = self._text(body[place:], _end_of(text_of(first.data)))
                kinds = first.kinds + second.kinds
                return Cleaned(first.data + second.data, kinds, first.dropped + second.dropped)
        return Cleaned(bytes_of(clean), Counter(found.kinds), max(dropped, 0))

    def _places(self, stretch: Stretch, context: str, lines: Lines, kinds: Counter[str]) -> list[Place]:
        found = (
            found_in_document(self._redactor, stretch)
            if stretch.is_json
            else found_in_text(self._redactor, context, stretch.body)
        )
        places = []
        left = Counter(kinds)
        for offset, finding, value in found:
            stands = "" if finding.replacement == value else finding.replacement
            key = self._redactor.text(finding.key)
            places.append(Place(*lines.of(offset), finding.rule, finding.kind, stands, key, value))
            if stands != "":
                left[finding.kind] -= 1
        places += [Place(*lines.of(0), "", kind, None, "", "") for kind, count in left.items() for _ in range(count)]
        return places


def _end_of(text: str) -> str:
    """The last lines of `text`, from the beginning of a line or word: a label is not cut."""
    end = text[-_CONTEXT:]
    if len(end) == len(text):
        return end
    for sign in ("\n", " "):
        if (place := end.find(sign)) >= 0:
            return end[place + 1 :]
    return ""
