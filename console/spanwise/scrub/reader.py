"""`Reader`: a file cut into stretches, none of which cuts a value in two."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO, Final

from spanwise.redact import Redactor
from spanwise.redact.document import is_valid
from spanwise.scrub.border import AROUND, border
from spanwise.scrub.fragment import Cut, Opened, cut_of, is_blank, prefix, strings_around, suffix
from spanwise.scrub.stretch import Stretch, bytes_of, text_of
from spanwise.scrub.supply import Supply


BLOCK: Final = 256 * 1024
"""Bytes of a stretch, about. What is held in memory is a few times that."""

LONGEST: Final = 16 * 1024 * 1024
"""Bytes of a JSON document without any good place to cut at which it is given up as one and read as text."""

_BEHIND: Final = 4 * 1024
_TRIES: Final = 8
_JSON_STARTS: Final = (b"{", b"[")


class Reader:
    """Cuts one file into stretches: lines that are JSON documents, parts of larger documents, and text.

    A text is cut where a line ends, or a word, and nowhere inside of something that the redactor takes out. A document
    is cut behind commas, with as few brackets open as can be.

    Args:
        redactor: Says what may not be cut.
        stream: The file, buffered.
    """

    def __init__(self, redactor: Redactor, stream: BinaryIO) -> None:
        self._redactor = redactor
        self._supply = Supply(stream)
        self._text = bytearray()
        # Whether a document of several lines may begin here. In a text a line often begins with a bracket.
        self._may_begin = True
        self._clean_key = lru_cache(maxsize=256)(self._cleaned_key)

    def stretches(self) -> Iterator[Stretch]:
        """All of the file, in order."""
        while line := self._supply.line(BLOCK):
            starts_like_json = line.lstrip()[:1] in _JSON_STARTS
            if starts_like_json and is_valid(line):
                yield from self._flushed()
                yield Stretch(line, is_json=True)
            elif starts_like_json and self._may_begin:
                yield from self._flushed()
                yield from self._document(line)
            else:
                self._may_begin = self._may_begin and is_blank(line)
                self._text += line
                while len(self._text) >= BLOCK + AROUND:
                    yield self._text_until(border(self._redactor, bytes(self._text), BLOCK) or BLOCK)
        yield from self._flushed()

    def _flushed(self) -> Iterator[Stretch]:
        if self._text:
            yield self._text_until(len(self._text))

    def _text_until(self, place: int) -> Stretch:
        body = bytes(self._text[:place])
        del self._text[:place]
        return Stretch(body)

    def _document(self, line: bytes) -> Iterator[Stretch]:
        """A document that begins with `line`, in parts. What turns out to be no JSON is given back, to be text."""
        data, opened = line, Opened()
        while True:
            more = self._supply.read(BLOCK) if len(data) < BLOCK + _BEHIND else b""
            data += more
            cut = self._good_cut(data, opened)
            while cut is None and len(data) < LONGEST and (more := self._supply.read(len(data))):
                data += more
                cut = self._good_cut(data, opened)
            stretch = None if cut is None else self._part(data, opened, cut)
            if cut is None or stretch is None:
                self._may_begin = False
                break
            yield stretch
            data, opened = data[cut.place :], cut.opened
            if not opened:
                rest = data.lstrip()
                self._may_begin = is_blank(data.partition(b"\n")[0]) or rest[:1] in _JSON_STARTS
                break
        self._supply.give_back(data)

    def _good_cut(self, data: bytes, opened: Opened) -> Cut | None:
        """The end of the document, or a comma that no value of several strings lies across."""
        cut = cut_of(data, opened, len(data))
        if cut is not None and not cut.opened:
            return (cut.place > 2 * BLOCK and self._inner_cut(data[: cut.place - 1], opened)) or cut
        return self._inner_cut(data, opened)

    def _inner_cut(self, data: bytes, opened: Opened) -> Cut | None:
        end = len(data) - _BEHIND  # what follows a cut must be there to be looked at
        for _ in range(_TRIES):
            cut = cut_of(data[:end], opened, min(BLOCK // 2, end // 2)) if end > 0 else None
            if cut is None or not self._lies_across(data, cut):
                return cut
            end = cut.place - 1
        return None

    def _lies_across(self, data: bytes, cut: Cut) -> bool:
        """Whether the strings before and behind `cut` hold something together that they do not hold apart."""
        before, behind = strings_around(data, cut.place, _BEHIND)
        together = self._redactor.find(before + behind).kinds
        if not together:
            return False
        apart = self._redactor.find(before).kinds, self._redactor.find(behind).kinds
        return any(count != apart[0].get(kind, 0) + apart[1].get(kind, 0) for kind, count in together.items())

    def _part(self, data: bytes, opened: Opened, cut: Cut) -> Stretch | None:
        """The part of a document up to `cut`, in brackets of its own; `None` when it is no JSON."""
        place = cut.place - 1 if cut.opened else cut.place
        stretch = Stretch(
            data[:place],
            data[place : cut.place],
            is_json=True,
            before=prefix(opened, self._clean_key),
            behind=suffix(cut.opened),
        )
        return stretch if is_valid(stretch.before + stretch.body + stretch.behind) else None

    def _cleaned_key(self, key: bytes) -> bytes:
        """`key`, with its quotes, as it stands in the cleaned document."""
        document = self._redactor.text(text_of(b"{" + key + b":0}"))
        try:
            (clean,) = json.loads(document)
        except ValueError:
            return b'""'
        return bytes_of(document[1:-3]) if isinstance(clean, str) else b'""'
