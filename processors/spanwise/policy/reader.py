"""`Reader`: one mapping of a policy, read key by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path as Directory
from typing import TYPE_CHECKING, Final, TypeVar

from spanwise.policy.problem import Path, Problem, found, guess, listed


if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


T = TypeVar("T")

MOST_ITEMS: Final = 10_000
"""Items of one list, keys of one mapping."""

_LONGEST_NUMBER: Final = 64


class Reader:
    """One mapping of a policy. A config section asks it for every key it knows, then calls `finish`.

    Complaints are collected in `problems`, which all readers of one policy share, and never raised: a user sees all
    mistakes at once. Every getter returns the default when the key is absent or its value is refused.

    Args:
        value: the mapping; `None` counts as an empty one, anything else is a complaint.
        path: where the mapping stands in the policy.
        problems: where complaints go; a list of its own when absent.
        directory: what relative file names in the policy are relative to; the working directory when absent.
    """

    def __init__(
        self,
        value: object,
        *,
        path: Path = (),
        problems: list[Problem] | None = None,
        directory: Directory | None = None,
    ) -> None:
        self.path: Path = path
        self.directory: Directory = directory or Directory()
        self.problems: list[Problem] = [] if problems is None else problems
        self._known: dict[str, None] = {}
        self._answered: set[str] = set()
        self._values: dict[str, object] = {}
        if isinstance(value, Mapping):
            if len(value) > MOST_ITEMS:
                self.complain(None, f"found {len(value)} keys; accepted are at most {MOST_ITEMS}.")
            else:
                self._values = {str(key): entry for key, entry in value.items()}
        elif value is not None:
            self.complain(None, f"found {found(value)}; accepted is a mapping of keys.")

    def keys(self) -> list[str]:
        """The keys that are present, in the order of the file. Does not count as asking for them."""
        return list(self._values)

    def has(self, key: str) -> bool:
        """Whether `key` is present; counts as asking for it."""
        self._known[key] = None
        return key in self._values

    def is_mapping(self, key: str) -> bool:
        """Whether a mapping stands under `key`, which may hold one or something else; counts as asking for it."""
        return self.has(key) and isinstance(self._values[key], Mapping)

    def boolean(self, key: str, default: bool) -> bool:  # noqa: FBT001 - a default, as in every getter
        """True or false."""
        value = self._values[key] if self.has(key) else default
        return value if isinstance(value, bool) else self._refuse(key, value, "true, false", default)

    def text(self, key: str, default: T, *, longest: int = 1024) -> str | T:
        """Text of 1 to `longest` characters."""
        if not self.has(key):
            return default
        value = self._values[key]
        if isinstance(value, str) and 0 < len(value) <= longest:
            return value
        if isinstance(value, str) and value:
            what = f"found text of {len(value)} characters; accepted are at most {longest}."
            self.complain(key, what)
            return default
        quotes = "" if value is None or isinstance(value, str | Mapping | list | tuple) else "; put it in quotes"
        return self._refuse(key, value, f"text{quotes}", default)

    def choice(self, key: str, accepted: Sequence[str], default: T) -> str | T:
        """One of `accepted`."""
        if not self.has(key):
            return default
        value = self._values[key]
        if isinstance(value, str) and value in accepted:
            return value
        self.complain(key, f"found {found(value)}; accepted: {listed(accepted)}.{guess(value, accepted)}")
        return default

    def integer(self, key: str, default: T, *, least: int, most: int) -> int | T:
        """A whole number from `least` to `most`."""
        if not self.has(key):
            return default
        value = self._values[key]
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        return self._refuse(key, value, f"a whole number from {least} to {most}", default)

    def number(self, key: str, default: T, *, least: float, most: float) -> float | T:
        """A finite number from `least` to `most`."""
        if not self.has(key):
            return default
        value = self._values[key]
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        return self._refuse(key, value, f"a number from {least:g} to {most:g}", default)

    def decimal(self, key: str, default: T, *, least: Decimal, most: Decimal) -> Decimal | T:
        """An exact number from `least` to `most`, written as a number or in quotes."""
        if not self.has(key):
            return default
        value = self._values[key]
        number = _decimal(value)
        if number is not None and least <= number <= most:
            return number
        return self._refuse(key, value, f"a decimal number from {least:f} to {most:f}", default)

    def day(self, key: str, default: T) -> date | T:
        """A day, as in 2026-01-31."""
        if not self.has(key):
            return default
        value = self._values[key]
        day = _day(value)
        return day or self._refuse(key, value, "a day as in 2026-01-31", default)

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        if not self.has(key):
            return default
        value = self._values[key]
        if isinstance(value, str) and value:
            return (value,)
        if not self._is_list(key, value, "a list of texts"):
            return default
        assert isinstance(value, list | tuple)
        wrong = [index for index, item in enumerate(value) if not isinstance(item, str) or not 0 < len(item) <= 1024]
        for index in wrong:
            what = f"found {found(value[index])}; accepted is text of at most 1024 characters."
            self.problems.append(Problem((*self.path, key, index), what))
        return default if wrong else tuple(value)

    def section(self, key: str) -> Reader:
        """The mapping under `key`; an empty one when it is absent."""
        value = self._values[key] if self.has(key) else None
        return self._inner(value, key)

    def sections(self, key: str) -> list[Reader]:
        """The mappings in the list under `key`; none when it is absent."""
        value = self._values[key] if self.has(key) else None
        if value is None or not self._is_list(key, value, "a list of mappings"):
            return []
        assert isinstance(value, list | tuple)
        readers = [self._inner(item, key, index) for index, item in enumerate(value)]
        for reader, item in zip(readers, value, strict=True):
            if item is None:
                reader.complain(None, "found nothing; accepted is a mapping of keys.")
        return readers

    def named(self, key: str) -> dict[str, Reader]:
        """The mappings under `key` by their names; none when it is absent."""
        outer = self.section(key)
        return {name: outer.section(name) for name in outer.keys()}  # noqa: SIM118 - a reader is no mapping

    def complain(self, key: str | int | None, message: str) -> None:
        """Add a complaint about `key`, or with `None` about the mapping itself. `finish` says no more of that key."""
        if isinstance(key, str):
            self._answered.add(key)
        self.problems.append(Problem(self.path if key is None else (*self.path, key), message))

    def finish(self) -> None:
        """Complain about every key that nobody asked for."""
        known = list(self._known)
        for key in self._values:
            if key not in self._known and key not in self._answered:
                self.complain(key, f"not a key.{guess(key, known)} Accepted: {listed(known)}.")

    def _inner(self, value: object, *steps: str | int) -> Reader:
        return Reader(value, path=(*self.path, *steps), problems=self.problems, directory=self.directory)

    def _refuse(self, key: str, value: object, wanted: str, default: T) -> T:
        self.complain(key, f"found {found(value)}; accepted: {wanted}.")
        return default

    def _is_list(self, key: str, value: object, wanted: str) -> bool:
        if not isinstance(value, list | tuple):
            self.complain(key, f"found {found(value)}; accepted: {wanted}.")
            return False
        if len(value) > MOST_ITEMS:
            self.complain(key, f"found {len(value)} items; accepted are at most {MOST_ITEMS}.")
            return False
        return True


def _decimal(value: object) -> Decimal | None:
    from decimal import Decimal, InvalidOperation

    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER * 4:
        return None
    text = str(value)
    if len(text) > _LONGEST_NUMBER or not text.isascii() or "_" in text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    # An exponent of a million would make a later sum run out of memory.
    return number if number.is_finite() and abs(number.adjusted()) < _LONGEST_NUMBER else None


def _day(value: object) -> date | None:
    from datetime import date, datetime

    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or len(value) != len("2026-01-31"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
