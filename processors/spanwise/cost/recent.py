"""A bounded cache for keys that strangers choose."""

from __future__ import annotations

from typing import Generic, TypeVar


K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The values used last, at most about `size` of them.

    Two generations: when the young one is full it becomes the old one, and what is still used moves back. Reads of the
    young generation cost one dict look-up and no lock; two threads at once can at worst forget entries early.
    """

    def __init__(self, size: int) -> None:
        self._half = max(size // 2, 1)
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """The value of `key`, or `None` when it is not held."""
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: K, value: V) -> None:
        """Hold `value` under `key`."""
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def __len__(self) -> int:
        return len(self._young) + len(self._old)
