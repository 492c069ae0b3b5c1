"""`Recorder`: a reader that reads nothing and writes down what it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Self, TypeVar

from spanwise.policy.entry import ANY_NAME, Count, Entry, Kind
from spanwise.policy.reader import LONGEST_TEXT, MOST_DAYS, MOST_ITEMS, Names, Reader


if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from spanwise.policy.form import Form
    from spanwise.policy.problem import Path


T = TypeVar("T")


class Recorder(Reader):
    """Takes the place of a reader in the very `read` methods that read policies, so that nothing can be told otherwise.

    Every key counts as present, every list has one item, every mapping of free names has the one name `ANY_NAME`, and
    every getter gives its default. Nothing is sound, so that no section acts on what it seems to have read.

    Attributes:
        entries: what was asked for, by key, in order; `ANY_NAME` for the keys of a mapping of free names.
        counts: how many of some keys must be present.
        name_form: the form of free names; `None` for any.
        accepted_names: the only keys of a mapping of names; `None` for any.
        called: what those are called.
    """

    def __init__(self, path: Path = (), *, defaults: str = "") -> None:
        super().__init__(None, path=path)
        self.entries: dict[str, Entry] = {}
        self.counts: list[Count] = []
        self.name_form: Form | None = None
        self.accepted_names: tuple[str, ...] | None = None
        self.called = ""
        self.most_names = MOST_ITEMS
        self._defaults = defaults
        self._off: set[str] = set()

    @property
    def is_sound(self) -> bool:
        """False: nothing was read."""
        return False

    def keys(self) -> list[str]:
        """The one free name."""
        return [ANY_NAME]

    def names(self, accepted: Names, *, called: str = "a key") -> list[str]:
        """The one free name, which stands for each of `accepted`."""
        self.accepted_names = _all(accepted)
        self.called = called
        return [ANY_NAME]

    def has(self, key: str) -> bool:  # noqa: ARG002 - the interface of a reader
        """True."""
        return True

    def is_off(self, key: str) -> bool:
        """False; writes down that it could be."""
        self._off.add(key)
        return False

    def forbids(self, key: str, instead: str) -> None:
        """Nothing: a key that nobody asks for is refused as it is."""

    def count_of(self, keys: Sequence[str], *, least: int, most: int, message: str) -> bool:  # noqa: ARG002 - see has
        """True; writes down the count."""
        self.counts.append(Count(tuple(keys), least, most))
        return True

    def either(self, key: str, *, mapping: Callable[[Reader], T], otherwise: Callable[[], T], about: str = "") -> T:
        """What `mapping` makes; writes down both."""
        result = mapping(self.section(key, about=about))
        entry = self.entries.pop(key)
        otherwise()
        entry.otherwise = self.entries[key]
        self.entries[key] = entry
        return result

    def boolean(
        self,
        key: str,
        default: bool,  # noqa: FBT001 - a default, as in every getter
        *,
        about: str = "",
        variable: str = "",
    ) -> bool:
        """The default."""
        return self._record(key, default, Entry(Kind.BOOLEAN, about, variable=variable))

    def text(  # noqa: PLR0913 - keywords
        self,
        key: str,
        default: T,
        *,
        longest: int = LONGEST_TEXT,
        form: Form | None = None,
        about: str = "",
        required: str = "",
        variable: str = "",
    ) -> str | T:
        """The default."""
        entry = Entry(Kind.TEXT, about, most=longest, form=form, required=required, variable=variable)
        return self._record(key, default, entry)

    def choice(  # noqa: PLR0913 - keywords
        self, key: str, accepted: Names, default: T, *, about: str = "", required: str = "", variable: str = ""
    ) -> str | T:
        """The default."""
        entry = Entry(Kind.CHOICE, about, accepted=_all(accepted), required=required, variable=variable)
        return self._record(key, default, entry)

    def integer(  # noqa: PLR0913 - keywords
        self, key: str, default: T, *, least: int, most: int, about: str = "", required: str = ""
    ) -> int | T:
        """The default."""
        return self._record(key, default, Entry(Kind.INTEGER, about, least=least, most=most, required=required))

    def number(  # noqa: PLR0913 - keywords
        self, key: str, default: T, *, least: float, most: float, about: str = "", required: str = ""
    ) -> float | T:
        """The default."""
        return self._record(key, default, Entry(Kind.NUMBER, about, least=least, most=most, required=required))

    def decimal(  # noqa: PLR0913 - keywords
        self, key: str, default: T, *, least: Decimal, most: Decimal, about: str = "", required: str = ""
    ) -> Decimal | T:
        """The default."""
        return self._record(key, default, Entry(Kind.DECIMAL, about, least=least, most=most, required=required))

    def day(self, key: str, default: T, *, about: str = "", required: str = "") -> date | T:
        """The default."""
        return self._record(key, default, Entry(Kind.DAY, about, required=required))

    def days(  # noqa: PLR0913 - keywords
        self, key: str, default: int, *, least: int = 1, most: int = MOST_DAYS, about: str = "", required: str = ""
    ) -> int:
        """The default."""
        return self._record(key, default, Entry(Kind.DAYS, about, least=least, most=most, required=required))

    def texts(  # noqa: PLR0913 - keywords
        self,
        key: str,
        default: tuple[str, ...] = (),
        *,
        accepted: Names | None = None,
        called: str = "accepted",
        form: Form | None = None,
        least: int = 0,
        most: int = MOST_ITEMS,
        about: str = "",
        required: str = "",
        variable: str = "",
    ) -> tuple[str, ...]:
        """The default."""
        known = None if accepted is None else _all(accepted)
        entry = Entry(Kind.TEXTS, about, least=least, most=most, accepted=known, called=called, form=form)
        entry.required, entry.variable = required, variable
        return self._record(key, default, entry)

    def section(self, key: str, *, about: str = "") -> Self:
        """A recorder for the mapping."""
        inner = type(self)((*self.path, key), defaults=self._defaults)
        self._record(key, None, Entry(Kind.SECTION, about, inner=inner))
        return inner

    def sections(self, key: str, *, most: int = MOST_ITEMS, about: str = "") -> list[Self]:
        """One recorder, for each item."""
        inner = type(self)((*self.path, key), defaults=self._defaults)
        self._record(key, None, Entry(Kind.SECTIONS, about, most=most, inner=inner))
        return [inner]

    def named(
        self, key: str, *, form: Form | None = None, about: str = "", most: int = MOST_ITEMS, defaults: str = ""
    ) -> dict[str, Self]:
        """One recorder, under `ANY_NAME`."""
        outer = self.section(key, about=about)
        outer.name_form, outer.most_names = form, most
        outer._defaults = defaults or self._defaults
        return {ANY_NAME: outer.section(ANY_NAME)}

    def complain(self, key: str | int | None, message: str, *, item: int | None = None) -> None:
        """Nothing: nobody wrote anything that could be wrong."""

    def complain_at(self, path: Path, message: str) -> None:
        """Nothing."""

    def finish(self) -> None:
        """Nothing."""

    def _record(self, key: str, default: T, entry: Entry) -> T:
        if key not in self.entries:
            entry.default, entry.defaults = default, self._defaults
            entry.can_be_off = key in self._off
            self.entries[key] = entry
        return default


def _all(names: Names) -> tuple[str, ...]:
    return tuple(names() if callable(names) else names)
