"""`Barring`: what is used up of the budgets that ask the same of a call, for a check without a lock."""

from __future__ import annotations

from typing import Final, cast

from spanwise.budget.book import Book
from spanwise.budget.scope import Clean, Key


_MOST_PASSED: Final = 16_384


class Barring:
    """Budgets whose keys and conditions are about the same attributes: a call is asked for each of them once.

    Whoever changes it holds the lock of the ledger; whoever checks takes none: tuples are replaced and never changed,
    and one operation of a dict or a set is whole.

    Attributes:
        asked: The attributes that decide: first those of keys, then those of `where` and `when`.
        name: The attribute, where it is only one; else empty.
        is_by: Whether keys are made of any: a call that says none of them is nobody's.
        barred: The budgets that are used up, by key.
        passed: What calls said that were not refused: values of `name`, or tuples of those of `asked`, 16 384 of them.
            When a key has been barred a new set takes its place; who looked before that adds to the old one, which
            nobody asks any more.
    """

    __slots__ = ("_names", "asked", "barred", "is_by", "name", "passed")

    def __init__(self, names: tuple[str, ...], asked: tuple[str, ...]) -> None:
        self._names = names
        self.asked = asked
        self.is_by = bool(names)
        self.name = asked[0] if len(asked) == 1 else ""
        self.barred: dict[Key, tuple[Book, ...]] = {}
        self.passed: set[object] = set()

    def bar(self, book: Book, key: Key, *, is_over: bool) -> None:
        """Have calls with `key` refused by `book`, or no more."""
        others = tuple(other for other in self.barred.get(key, ()) if other is not book)
        if is_over:
            book.refused.add(key)
            self.barred[key] = (*others, book)
            self.passed = set()
            return
        book.refused.discard(key)
        self.barred[key] = others
        if not others:
            del self.barred[key]

    def key(self, values: tuple[object, ...], clean: Clean) -> Key | None:
        """The key in `values`, which are those of `asked`; `None` when a dimension is not said."""
        said = values[: len(self._names)]
        for value in said:
            if not isinstance(value, str) or not value:
                return None
        return tuple(map(clean, self._names, cast("tuple[str, ...]", said)))

    def remember(self, values: tuple[object, ...], passed: set[object]) -> None:
        """A call that said `values` was not refused while `passed` was asked. What is not said is not remembered."""
        if not values or not all(isinstance(value, str) for value in values):
            return
        if len(passed) >= _MOST_PASSED:
            passed.clear()
        passed.add(values[0] if self.name else values)
