"""`Stretch`: so much of a file as is read at once."""

from __future__ import annotations

from typing import NamedTuple


class Stretch(NamedTuple):
    """A part of a file, with what must stand around it to be understood.

    Attributes:
        body: Bytes of the file.
        tail: Bytes of the file behind `body` that are written as they are. All bodies and tails, joined, are the file.
        is_json: Whether `body`, between `before` and `behind`, is one JSON document.
        before: The brackets and clean keys of a document that are open where `body` begins; not written.
        behind: The brackets that close what is open at its end; not written.
    """

    body: bytes
    tail: bytes = b""
    is_json: bool = False
    before: bytes = b""
    behind: bytes = b""


def text_of(data: bytes) -> str:
    """`data` as text; bytes that are not UTF-8 become what `bytes_of` turns back."""
    return data.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """The bytes that `text_of` made `text` of."""
    return text.encode("utf-8", "surrogateescape")
