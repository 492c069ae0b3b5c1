"""Chance out of bytes: what a fuzzer changes, a target meets as luck."""

from __future__ import annotations

import random


class BytesRandom(random.Random):
    """A source of chance that spends the given bytes; then a generator with a fixed seed goes on.

    Were it the same number for ever, who draws until it is another one would never end.

    Args:
        data: The bytes.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self._data = data
        self._at = 0

    def random(self) -> float:
        """A number from 0 to below 1."""
        return self.getrandbits(24) / (1 << 24)

    def getrandbits(self, k: int, /) -> int:
        """`k` bits."""
        if self._at >= len(self._data):
            return super().getrandbits(k)
        count = (k + 7) // 8
        taken = self._data[self._at : self._at + count]
        self._at += count
        return int.from_bytes(taken.ljust(count, b"\0"), "big") >> (count * 8 - k)
