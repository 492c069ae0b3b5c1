"""Texts that were cut in pieces: the parts of one message, the chunks of one stream."""

from __future__ import annotations

from typing import Final


CARRIERS: Final = frozenset({
    "content", "text", "delta", "arguments", "input", "output", "body", "message", "value", "result", "response",
    "reasoning", "thinking", "completion", "partial_json", "chunk", "chunks", "parts", "data",
})  # fmt: skip
"""Keys under which models and frameworks write text, the last part of a dotted name included."""

ROLE: Final = "role"
"""The key that begins a message."""

_CARRIER: Final = b"(?:" + "|".join(sorted(CARRIERS)).encode() + b")"
SPLIT: Final = (rb'\}\s*,\s*\{[^{}\[\]]{0,80}"CARRIER"\s*:\s*"|CARRIER"\s*:\s*\[\s*"(?:[^"\\]|\\.){0,64}"\s*,').replace(
    b"CARRIER", _CARRIER
)
"""Shows in the text of a document that siblings may be pieces of one text."""


def is_carrier(key: str) -> bool:
    """Whether a text may go on in the next one under the same `key`."""
    return key.rpartition(".")[2].rpartition("_")[2].lower() in CARRIERS


class Siblings:
    """Finds, in one pass over a document, the strings that may be pieces of one text.

    Those are strings under the same key in neighbouring objects of one array, or neighbouring strings of one array.
    An object with a role begins a new message, and so a new text.
    """

    __slots__ = ("_depth", "_groups", "_names", "_open")

    def __init__(self) -> None:
        self._depth = 0
        self._names: dict[int, str] = {}
        self._open: dict[tuple[str, int], list[int]] = {}
        self._groups: list[list[int]] = []

    def gap(self, between: bytes) -> None:
        """Read what stands between two strings: brackets, commas and numbers."""
        lowest = self._depth
        for byte in between:
            if byte in b"{[":
                self._depth += 1
            elif byte in b"}]":
                self._depth -= 1
                lowest = min(lowest, self._depth)
        for place in [place for place in self._open if place[1] > lowest + 1]:
            del self._open[place]

    def string(self, index: int, key: str, *, role: bool = False) -> None:
        """Read the string number `index`, which stands under `key`; with `role` it is the key of a role itself."""
        depth = self._depth
        if role:
            for place in [place for place in self._open if place[1] == depth]:
                del self._open[place]
            return
        if key:
            self._names[depth] = key
        name = key or self._names.get(depth, "")
        if not is_carrier(name):
            return
        group = self._open.setdefault((name, depth), [])
        group.append(index)
        if len(group) == 2:
            self._groups.append(group)

    def groups(self) -> list[list[int]]:
        """The numbers of the strings that may be pieces of one text, a list for each text."""
        return self._groups
