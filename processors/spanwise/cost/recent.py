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
        self.young: dict[K, V] = {}
        """The generation that a reader in a hurry may look into itself; always the same object."""
        self._old: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """The value of `key`, or `None` when it is not held."""
        value = self.young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: K, value: V) -> None:
        """Hold `value` under `key`."""
        if len(self.young) >= self._half:
            self._old = dict(self.young)
            self.young.clear()
        self.young[key] = value

    def __len__(self) -> int:
        return len(self.young) + len(self._old)
