"""`Rule`: how one shape of value is suspected cheaply and then decided exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from spanwise.redact.matcher import Matcher


RawRule: TypeAlias = Mapping[str, Any]
"""One rule as it stands in `rules.json`."""

Find: TypeAlias = Callable[[bytes, int], "tuple[int, int] | None"]
"""Given text and the place of the literal or gate, the bytes to take out, or `None`. Bounded or disjoint work only."""

Validate: TypeAlias = Callable[[bytes], bool]
"""Whether a value has the right check digits; bounded work."""

FREE: Final = "free"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One shape of value. Everything here is compiled from `rules/*.yaml`; see the README of this folder.

    Attributes:
        id: Name of the rule, unique.
        kind: What spans, metrics and labels say.
        family: The family its settings may name.
        gate: RE2 text that is true of every place the rule can match, beginning with the match's first byte.
        places: What the search for places looks for: RE2 texts of words or first letters that the gate begins with,
            each with what is asked for behind it, no more than is needed to keep prose out. A shape has no head.
        ignore_case: Whether the case of the places does not count.
        free_before, free_behind: Whether no letter or digit may stand directly before the place or behind the match.
        pattern: The exact form, or `None` where `find` decides.
        value_group: The group of the pattern that is the value; 0 for the whole match.
        find: The exact form as a function.
        entropy_bits: Least Shannon entropy of the value per character; 0 asks for nothing.
        validate: The check digits.
        unless: What no value contains.
        across: Whether it needs more of a JSON document than a value and its key.
        keys: Names of attributes and JSON keys whose whole value is one.
    """

    id: str
    kind: str
    family: str
    gate: bytes
    places: tuple[tuple[bytes, bytes], ...]
    ignore_case: bool
    free_before: bool
    free_behind: bool
    pattern: Matcher | None = None
    value_group: int = 0
    find: Find | None = None
    entropy_bits: float = 0.0
    validate: Validate | None = None
    unless: Matcher | None = None
    across: bool = False
    keys: str = ""
