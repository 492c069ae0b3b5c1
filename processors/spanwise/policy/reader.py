"""`Reader`: one mapping of a policy, read key by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path as Directory
from typing import TYPE_CHECKING, Final, Self, TypeAlias, TypeVar

from spanwise.policy.problem import Path, Problem, found, guess, listed
from spanwise.policy.scalar import DAY, DAYS, DECIMAL, day_of, decimal_of


if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from spanwise.policy.form import Form


T = TypeVar("T")

Names: TypeAlias = Sequence[str] | Callable[[], Sequence[str]]
"""Names that are accepted, or what gives them when a policy has a name to compare."""

MOST_ITEMS: Final = 10_000
"""Items of one list, keys of one mapping."""

LONGEST_TEXT: Final = 1024

MOST_DAYS: Final = 9999


class Reader:
    """One mapping of a policy. A config section asks it for every key it knows, then calls `finish`.

    Complaints are collected in `problems`, which all readers of one policy share, and never raised: a user sees all
    mistakes at once. Every getter returns the default when the key is absent or its value is refused. Getters share
    these arguments, of which `Recorder` makes the schema, the reference page and the explanation of a key:

        about: one sentence for the person who sets it: what it does, in which unit, when to change it.
        required: what must stand there, in words; the key may then not be left out.
        variable: the environment variable that comes before the policy.

    Args:
        value: the mapping; `None` counts as an empty one, anything else is a complaint.
        path: where the mapping stands in the policy.
        problems: where complaints go; a list of its own when absent.
        directory: what relative file names in the policy are relative to; the working directory when absent.
        here: whether the files and variables that it names are those of this machine, so that a section may read them.
    """

    def __init__(
        self,
        value: object,
        *,
        path: Path = (),
        problems: list[Problem] | None = None,
        directory: Directory | None = None,
        here: bool = True,
    ) -> None:
        self.path: Path = path
        self.directory: Directory = directory or Directory()
        self.here = here
        self.problems: list[Problem] = [] if problems is None else problems
        self._known: dict[str, None] = {}
        self._answered: set[str] = set()
        self._values: dict[str, object] = {}
        if isinstance(value, Mapping):
            if len(value) > MOST_ITEMS:
                self._complain(None, f"found {len(value)} keys; accepted are at most {MOST_ITEMS}.")
            else:
                self._values = {str(key): entry for key, entry in value.items()}
        elif value is not None:
            self._complain(None, f"found {found(value)}; accepted is a mapping of keys.")

    @property
    def is_sound(self) -> bool:
        """Whether nobody has complained of anything in this mapping so far, so that its values can be relied on."""
        return not any(problem.path[: len(self.path)] == self.path for problem in self.problems)

    def keys(self) -> list[str]:
        """The keys that are present, in the order of the file. Does not count as asking for them."""
        return list(self._values)

    def names(self, accepted: Names, *, called: str = "a key") -> list[str]:
        """The keys that are present and among `accepted`; each other one is a complaint that it is not `called` so."""
        if not self._values:
            return []
        known = _resolved(accepted)
        for name in self._values:
            if name not in known:
                self._complain(name, f"not {called}.{guess(name, known)} Accepted: {listed(known)}.")
        return [name for name in self._values if name in known]

    def has(self, key: str) -> bool:
        """Whether `key` is present; counts as asking for it."""
        self._known[key] = None
        return key in self._values

    def is_off(self, key: str) -> bool:
        """Whether false stands under `key`, which otherwise holds a number; counts as asking for it."""
        return self.has(key) and self._values[key] is False

    def forbids(self, key: str, instead: str) -> None:
        """Refuse `key` without repeating its value; `instead` says where that belongs."""
        if key in self._values:
            self._complain(key, instead)

    def count_of(self, keys: Sequence[str], *, least: int, most: int, message: str) -> bool:
        """Whether at least `least` and at most `most` of `keys` are present; `message` is the complaint otherwise.

        `least` is 0 or 1; `most` is 1 or the number of keys.
        """
        given = sum(key in self._values for key in keys)
        if least <= given <= most:
            return True
        self._complain(None, message)
        return False

    def either(self, key: str, *, mapping: Callable[[Reader], T], otherwise: Callable[[], T], about: str = "") -> T:
        """What `mapping` makes of the mapping under `key`, or where there is none what `otherwise` makes of the key."""
        del about
        if self.has(key) and isinstance(self._values[key], Mapping):
            return mapping(self.section(key))
        return otherwise()

    def boolean(
        self,
        key: str,
        default: bool,  # noqa: FBT001 - a default, as in every getter
        *,
        about: str = "",
        variable: str = "",
    ) -> bool:
        """True or false."""
        del about, variable
        value = self._values[key] if self.has(key) else default
        return value if isinstance(value, bool) else self._refuse(key, value, "true, false", default)

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
        """Text of 1 to `longest` characters, of the given form."""
        del about, variable
        if self._is_absent(key, required):
            return default
        value = self._values[key]
        if not isinstance(value, str) or not value:
            quotes = "" if value is None or isinstance(value, str | Mapping | list | tuple) else "; put it in quotes"
            return self._refuse(key, value, f"text{quotes}", default)
        if len(value) > longest:
            what = f"found text of {len(value)} characters; accepted are at most {longest}."
            self._complain(key, what)
            return default
        if form is not None and not form.matches(value):
            self._complain(key, _misformed(value, form))
            return default
        return value

    def choice(  # noqa: PLR0913 - keywords
        self,
        key: str,
        accepted: Names,
        default: T,
        *,
        about: str = "",
        required: str = "",
        variable: str = "",
    ) -> str | T:
        """One of `accepted`."""
        del about, variable
        if self._is_absent(key, required):
            return default
        value, known = self._values[key], _resolved(accepted)
        if isinstance(value, str) and value in known:
            return value
        self._complain(key, f"found {found(value)}; accepted: {listed(known)}.{guess(value, known)}")
        return default

    def integer(  # noqa: PLR0913 - keywords
        self, key: str, default: T, *, least: int, most: int, about: str = "", required: str = ""
    ) -> int | T:
        """A whole number from `least` to `most`."""
        del about
        if self._is_absent(key, required):
            return default
        value = self._values[key]
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        return self._refuse(key, self._values[key], f"a whole number from {least} to {most}", default)

    def number(  # noqa: PLR0913 - keywords
        self, key: str, default: T, *, least: float, most: float, about: str = "", required: str = ""
    ) -> float | T:
        """A finite number from `least` to `most`."""
        del about
        if self._is_absent(key, required):
            return default
        value = self._values[key]
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        return self._refuse(key, value, f"a number from {least:g} to {most:g}", default)

    def decimal(  # noqa: PLR0913 - keywords
        self, key: str, default: T, *, least: Decimal, most: Decimal, about: str = "", required: str = ""
    ) -> Decimal | T:
        """An exact number from `least` to `most`, written as a number or in quotes."""
        del about
        if self._is_absent(key, required):
            return default
        value = self._values[key]
        number = decimal_of(value)
        if number is not None and least <= number <= most:
            return number
        # A schema cannot compare a text with a number, so bounds of quoted numbers are a matter of meaning. So are
        # numbers that are none, and those all but zero where zero is accepted: nothing in them is beyond the bounds.
        if isinstance(value, str):
            is_beyond = DECIMAL.matches(value)
        else:
            is_beyond = (
                isinstance(value, float) and number is None and not (value < float(least) or value > float(most))
            )
        complain = self.complain if is_beyond else self._complain
        complain(key, f"found {found(value)}; accepted: a decimal number from {least:f} to {most:f}.")
        return default

    def day(self, key: str, default: T, *, about: str = "", required: str = "") -> date | T:
        """A day, as in 2026-01-31."""
        del about
        if self._is_absent(key, required):
            return default
        value = self._values[key]
        day = day_of(value)
        if day is None and isinstance(value, str) and DAY.matches(value):
            self.complain(key, f"found {found(value)}, which no calendar has; accepted: a day as in 2026-01-31.")
            return default
        return day or self._refuse(key, value, "a day as in 2026-01-31", default)

    def days(  # noqa: PLR0913 - keywords
        self, key: str, default: int, *, least: int = 1, most: int = MOST_DAYS, about: str = "", required: str = ""
    ) -> int:
        """A number of whole days from `least` to `most`, written as in 30d."""
        del about
        if self._is_absent(key, required):
            return default
        value = self._values[key]
        wanted = f"whole days from {least}d to {most}d"
        if not isinstance(value, str) or not DAYS.matches(value):
            return self._refuse(key, value, wanted, default)
        if least <= (number := int(value[:-1])) <= most:
            return number
        self.complain(key, f"found {found(value)}; accepted: {wanted}.")
        return default

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
        """A list of `least` to `most` texts, of the given form or among `accepted`; one text stands for a list of one.

        `called` is what an item that is not among them is not: `found 'emial', not a kind or family.`
        """
        del about, variable
        if self._is_absent(key, required):
            return default
        value = self._values[key]
        if isinstance(value, str) and value:
            value = [value]
        elif not self._is_list(key, value, "a list of texts", least, most):
            return default
        assert isinstance(value, list | tuple)
        known = None if accepted is None or not value else _resolved(accepted)
        wrong = [(index, message) for index, item in enumerate(value) if (message := _item(item, known, called, form))]
        for index, message in wrong:
            alone = not isinstance(self._values[key], list | tuple)
            self._answered.add(key)
            self.problems.append(Problem((*self.path, key) if alone else (*self.path, key, index), message))
        return default if wrong else tuple(value)

    def anything(self, key: str, *, about: str = "") -> object:
        """The value under `key` as it stands, for settings that are passed on; `None` when it is absent."""
        del about
        return self._values[key] if self.has(key) else None

    def section(self, key: str, *, about: str = "") -> Self:
        """The mapping under `key`; an empty one when it is absent."""
        del about
        value = self._values[key] if self.has(key) else None
        return self._inner(value, key)

    def sections(self, key: str, *, most: int = MOST_ITEMS, about: str = "") -> list[Self]:
        """The mappings in the list under `key`, `most` at the most; none when it is absent."""
        del about
        if not self.has(key) or not self._is_list(key, self._values[key], "a list of mappings", 0, most):
            return []
        value = self._values[key]
        assert isinstance(value, list | tuple)
        readers = [self._inner(item, key, index) for index, item in enumerate(value)]
        for reader, item in zip(readers, value, strict=True):
            if item is None:
                reader._complain(None, "found nothing; accepted is a mapping of keys.")
        return readers

    def named(
        self, key: str, *, form: Form | None = None, about: str = "", most: int = MOST_ITEMS, defaults: str = ""
    ) -> dict[str, Self]:
        """The mappings under `key` by their names, `most` at the most; none when it is absent.

        `defaults` says where what they leave out is taken from, when a section does not take its own defaults.
        """
        del defaults
        outer = self.section(key, about=about)
        names = outer.keys()
        if len(names) > most:
            self._complain(key, f"found {len(names)} keys; accepted are at most {most}.")
            return {}
        if form is not None:
            for name in names:
                if not form.matches(name):
                    outer._complain(name, f"not accepted as a name. Accepted: {form.wanted}.")
        return {name: outer.section(name) for name in names if form is None or form.matches(name)}

    def complain(self, key: str | int | None, message: str, *, item: int | None = None) -> None:
        """Add a complaint about `key`, about one item of its list, or with `None` about the mapping itself.

        `finish` says no more of that key. Complaints of a section are of meaning, those of getters of form: a schema
        can tell of the second kind alone.
        """
        self._complain(key, message, item=item)

    def complain_at(self, path: Path, message: str) -> None:
        """Add a complaint about another place of the policy: of meaning, as all that sections find themselves."""
        self.problems.append(Problem(path, message))

    def finish(self) -> None:
        """Complain about every key that nobody asked for."""
        known = list(self._known)
        for key in self._values:
            if key not in self._known and key not in self._answered:
                self._complain(key, f"not a key.{guess(key, known)} Accepted: {listed(known)}.")

    def _complain(self, key: str | int | None, message: str, *, item: int | None = None) -> None:
        if isinstance(key, str):
            self._answered.add(key)
        steps = tuple(step for step in (key, item) if step is not None)
        self.problems.append(Problem((*self.path, *steps), message))

    def _inner(self, value: object, *steps: str | int) -> Self:
        return type(self)(
            value, path=(*self.path, *steps), problems=self.problems, directory=self.directory, here=self.here
        )

    def _is_absent(self, key: str, required: str) -> bool:
        if self.has(key):
            return False
        if required:
            self._complain(key, f"is missing; accepted is {required}.")
        return True

    def _refuse(self, key: str, value: object, wanted: str, default: T) -> T:
        self._complain(key, f"found {found(value)}; accepted: {wanted}.")
        return default

    def _is_list(self, key: str, value: object, wanted: str, least: int, most: int) -> bool:
        if not isinstance(value, list | tuple):
            self._complain(key, f"found {found(value)}; accepted: {wanted}.")
            return False
        if len(value) > most:
            self._complain(key, f"found {len(value)} items; accepted are at most {most}.")
            return False
        if len(value) < least:
            self._complain(key, f"found an empty list; accepted: {wanted}.")
            return False
        return True


def _resolved(names: Names) -> Sequence[str]:
    return names() if callable(names) else names


def _misformed(value: str, form: Form) -> str:
    return f"accepted: {form.wanted}." if form.secret else f"found {found(value)}; accepted: {form.wanted}."


def _item(item: object, known: Sequence[str] | None, called: str, form: Form | None) -> str:
    """What is wrong with one text of a list; empty for nothing."""
    if not isinstance(item, str) or not 0 < len(item) <= LONGEST_TEXT:
        return f"found {found(item)}; accepted is text of at most {LONGEST_TEXT} characters."
    if known is not None and item not in known:
        return f"found {found(item)}, not {called}.{guess(item, known)} Accepted: {listed(known)}."
    if form is not None and not form.matches(item):
        return _misformed(item, form)
    return ""
