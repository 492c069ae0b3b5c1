"""Reading the body of a request and undoing its compression, both within bounds."""

from __future__ import annotations

import zlib
from email.message import Message
from http import HTTPStatus
from typing import Final, Protocol

from google.rpc import code_pb2

from spanwise.collector.memory import Lease
from spanwise.collector.refusal import Refusal


_PIECE: Final = 256 * 1024
# gzip allows many members in a row, and an empty one takes 20 bytes: without a bound a small body costs millions.
_MAX_MEMBERS: Final = 1024
_MAX_CHUNK_LINE: Final = 256
_MAX_TRAILERS: Final = 32
_WINDOW_BITS: Final = {"gzip": 31, "deflate": 15}
_TRUNCATED: Final = "the body ends early"
_NOT_COMPRESSED: Final = "the body is not compressed as Content-Encoding says"


class Readable(Protocol):
    """A buffered connection."""

    def read(self, size: int, /) -> bytes:
        """`size` bytes, fewer only at the end."""
        ...

    def readline(self, size: int, /) -> bytes:
        """A line of at most `size` bytes."""
        ...


def declared_length(headers: Message) -> int | None:
    """The body's length by the headers, `None` for a chunked body.

    Raises:
        Refusal: the headers are absent, malformed or contradict each other.
    """
    codings = headers.get_all("Transfer-Encoding", [])
    lengths = headers.get_all("Content-Length", [])
    if codings:
        if lengths or [coding.strip().lower() for coding in codings] != ["chunked"]:
            raise Refusal.malformed("the transfer encoding is not supported")
        return None
    if not lengths:
        raise Refusal(HTTPStatus.LENGTH_REQUIRED, code_pb2.INVALID_ARGUMENT, "Content-Length is missing")
    text = lengths[0].strip()
    if len(lengths) > 1 or not (text.isascii() and text.isdigit()):
        raise Refusal.malformed("Content-Length is malformed")
    # 18 digits are more than any limit and fewer than cost time to convert.
    return int(text) if len(text) <= 18 else 10**18


def read(source: Readable, headers: Message, limit: int, lease: Lease) -> bytearray:
    """The body as it was sent.

    Raises:
        Refusal: it is larger than `limit`, ends early or is framed wrongly, or `lease` cannot grow.
    """
    length = declared_length(headers)
    body = bytearray()
    if length is None:
        _read_chunks(source, body, limit, lease)
    else:
        _check(length, limit)
        _read_exactly(source, body, length, lease)
    return body


def decoded(body: bytes | bytearray, encoding: str, limit: int, lease: Lease) -> bytes | bytearray:
    """`body` without its content coding: `gzip` (also of several members), `deflate`, or `identity`.

    Raises:
        Refusal: the coding is unknown, the data corrupt, or what comes out is larger than `limit`.
    """
    coding = encoding.strip().lower()
    if coding in {"", "identity"}:
        _check(len(body), limit)
        return body
    if coding not in _WINDOW_BITS:
        message = "Content-Encoding must be gzip, deflate or identity"
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, code_pb2.INVALID_ARGUMENT, message)
    try:
        return _inflated(memoryview(body), _WINDOW_BITS[coding], limit, lease)
    except zlib.error:
        raise Refusal.malformed(_NOT_COMPRESSED) from None


def _inflated(body: memoryview, window_bits: int, limit: int, lease: Lease) -> bytearray:
    out = bytearray()
    inflater = zlib.decompressobj(window_bits)
    members = 1
    for start in range(0, len(body), _PIECE):
        piece: bytes | memoryview = body[start : start + _PIECE]
        while piece:
            if inflater.eof:
                piece = bytes(piece).lstrip(b"\0")
                if not piece:
                    break
                members += 1
                if members > _MAX_MEMBERS or window_bits != _WINDOW_BITS["gzip"]:
                    raise Refusal.malformed(_NOT_COMPRESSED)
                inflater = zlib.decompressobj(window_bits)
            # One byte over the limit shows that it is passed without producing more.
            found = inflater.decompress(piece, min(_PIECE, limit - len(out) + 1))
            _check(len(out) + len(found), limit)
            lease.grow(len(found))
            out += found
            piece = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if not inflater.eof:
        raise Refusal.malformed(_TRUNCATED)
    return out


def _read_chunks(source: Readable, body: bytearray, limit: int, lease: Lease) -> None:
    while size := _chunk_size(source):
        _check(len(body) + size, limit)
        _read_exactly(source, body, size, lease)
        if source.readline(3) != b"\r\n":
            raise Refusal.malformed("a chunk is framed wrongly")
    for _ in range(_MAX_TRAILERS):
        if _line(source) == b"":
            return
    raise Refusal.malformed("the body has too many trailers")


def _chunk_size(source: Readable) -> int:
    digits = _line(source).partition(b";")[0].strip()
    if not 0 < len(digits) <= 16 or digits.strip(b"0123456789abcdefABCDEF"):
        raise Refusal.malformed("a chunk is framed wrongly")
    return int(digits, 16)


def _line(source: Readable) -> bytes:
    line = source.readline(_MAX_CHUNK_LINE)
    if not line.endswith(b"\n"):
        raise Refusal.malformed("a chunk is framed wrongly" if len(line) == _MAX_CHUNK_LINE else _TRUNCATED)
    return line.rstrip(b"\r\n")


def _read_exactly(source: Readable, body: bytearray, size: int, lease: Lease) -> None:
    while size:
        piece = source.read(min(size, _PIECE))
        if not piece:
            raise Refusal.malformed(_TRUNCATED)
        lease.grow(len(piece))
        body += piece
        size -= len(piece)


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise Refusal.too_large(limit)
