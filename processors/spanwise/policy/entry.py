"""`Entry`: what is known of one key of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from spanwise.policy.form import Form


if TYPE_CHECKING:
    from spanwise.policy.recorder import Recorder

Bound: TypeAlias = int | float | Decimal

ANY_NAME: Final = "NAME"
"""Stands for any key where the keys of a mapping are names that users give."""


class Kind(Enum):
    """What stands under a key."""

    BOOLEAN = "true or false"
    TEXT = "text"
    CHOICE = "one word"
    INTEGER = "a whole number"
    NUMBER = "a number"
    DECIMAL = "a decimal number"
    DAY = "a day"
    DAYS = "whole days"
    TEXTS = "texts"
    SECTION = "a mapping"
    SECTIONS = "a list of mappings"


class Count(NamedTuple):
    """That at least `least` and at most `most` of `keys` are present."""

    keys: tuple[str, ...]
    least: int
    most: int


@dataclass(slots=True)
class Entry:
    """One key.

    Attributes:
        kind: What stands under it.
        about: A sentence for the person who sets it.
        default: What holds without it; `None`, empty text and an empty list mean nothing.
        defaults: Where the default is taken from, in words, where it is not `default`.
        least: The least number, number of items or of days.
        most: The most of them; of a text, its characters.
        accepted: The words, or the items of a list, that are accepted; `None` for any.
        called: What those are called.
        form: The form of a text or of the items of a list.
        required: What must stand there, in words; empty when the key may be left out.
        variable: The environment variable that comes before it.
        can_be_off: Whether false is accepted in place of a number.
        inner: The keys of the mapping, or of each mapping of the list.
        otherwise: The other thing that may stand there, where a mapping may and need not.
    """

    kind: Kind
    about: str
    default: object = None
    defaults: str = ""
    least: Bound | None = None
    most: Bound | None = None
    accepted: tuple[str, ...] | None = None
    called: str = ""
    form: Form | None = None
    required: str = ""
    variable: str = ""
    can_be_off: bool = False
    inner: Recorder | None = None
    otherwise: Entry | None = None

    @property
    def has_default(self) -> bool:
        """Whether something holds without the key."""
        return self.default is not None and self.default not in ("", ()) and not (self.defaults or self.required)
