"""The kinds of values that are taken out, their families, and the label that stands in for each.

The names are those of the compiled rules. They are read when somebody first asks for them.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    ALL: tuple[str, ...]
    FAMILIES: Mapping[str, tuple[str, ...]]
    LABELS: frozenset[bytes]
    PERSONAL: tuple[str, ...]
    SECRETS: tuple[str, ...]

DROPPED: Final = "[DROPPED]"
"""Stands in for content that was not read because a bound was reached, or that a policy does not let pass."""

WHOLE: Final = "value"
"""The kind of an attribute's whole value, when a policy names the attribute and no rule knows the value."""

NAMES: Final = ("person", "place")
"""What only a language model can find, as the family `name`: off unless it is asked for."""

_NAME: Final = "name"


def label(kind: str) -> str:
    """The text that replaces a value of `kind`: `[EMAIL]`. No label is ever a candidate itself."""
    return f"[{kind.upper()}]"


@functools.cache
def families() -> Mapping[str, tuple[str, ...]]:
    """The kinds of each family, in the order of the compiled rules; about 1 ms at the first call."""
    compiled = Path(__file__).with_name("rules.json")
    import orjson

    found: dict[str, dict[str, None]] = {}
    for rule in orjson.loads(compiled.read_bytes())["rules"]:
        found.setdefault(rule["family"], {})[rule["kind"]] = None
    return MappingProxyType({**{family: tuple(kinds) for family, kinds in found.items()}, _NAME: NAMES})


@functools.cache
def every_kind() -> tuple[str, ...]:
    """Every kind, family by family."""
    return tuple(dict.fromkeys(kind for kinds in families().values() for kind in kinds))


@functools.cache
def _family_by_kind() -> Mapping[str, str]:
    by_kind: dict[str, str] = {}
    for family, kinds in families().items():
        for kind in kinds:
            by_kind.setdefault(kind, family)
    return by_kind


def family_of(kind: str) -> str:
    """The family of `kind`; empty for a kind that no rule has."""
    return _family_by_kind().get(kind, "")


def expanded(names: tuple[str, ...]) -> tuple[str, ...]:
    """`names` with the kinds of a family in place of its name; unknown names stay."""
    known = families()
    return tuple(dict.fromkeys(kind for name in names for kind in known.get(name, (name,))))


@functools.cache
def labels() -> frozenset[bytes]:
    """All labels, as they stand in encoded text."""
    return frozenset(label(kind).encode() for kind in (*every_kind(), WHOLE))


@functools.cache
def _constants() -> Mapping[str, object]:
    secrets = families().get("secret", ())
    return {
        "ALL": every_kind(),
        "FAMILIES": families(),
        "LABELS": labels(),
        "PERSONAL": tuple(kind for kind in every_kind() if kind not in secrets),
        "SECRETS": secrets,
    }


def __getattr__(name: str) -> object:
    """`ALL`, `FAMILIES`, `LABELS`; `SECRETS` opens a door, `PERSONAL` may identify a person."""
    if name not in {"ALL", "FAMILIES", "LABELS", "PERSONAL", "SECRETS"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _constants()[name]
