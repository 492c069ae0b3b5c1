"""`Supply`: the bytes of a file, of which some can be given back."""

from __future__ import annotations

from typing import BinaryIO


class Supply:
    """Reads a stream forward; what was read too much is given back and comes first again.

    Args:
        stream: A buffered stream.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._back = b""
        self._at = 0

    def line(self, longest: int) -> bytes:
        """The next line with its end, or its first `longest` bytes; empty at the end of the file."""
        if self._at == len(self._back):
            return self._stream.readline(longest)
        end = self._back.find(b"\n", self._at, self._at + longest) + 1 or min(len(self._back), self._at + longest)
        line = self._taken(end)
        if len(line) < longest and not line.endswith(b"\n"):
            line += self._stream.readline(longest - len(line))
        return line

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the end of the file."""
        data = self._taken(min(len(self._back), self._at + size))
        return data + self._stream.read(size - len(data)) if len(data) < size else data

    def give_back(self, data: bytes) -> None:
        """Have `data`, which was read last, read again."""
        self._back = data + self._back[self._at :]
        self._at = 0

    def _taken(self, end: int) -> bytes:
        data = self._back[self._at : end]
        self._at = end
        return data
