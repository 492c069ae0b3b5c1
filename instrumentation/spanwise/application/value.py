"""Values an application gives, as attributes: what cannot be one is left out, and said once."""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson
from opentelemetry.util.types import AttributeValue


Given: TypeAlias = Any
"""A value of the application: anything."""

LONGEST: Final = 1024
"""Characters of one value. Telemetry of an application is not the place for its documents."""

_LONGEST_ID: Final = 256
_MOST_ITEMS: Final = 128
_SAID: Final[set[tuple[str, int, str]]] = set()
_MOST_SAID: Final = 1000
_logger = logging.getLogger("spanwise.application")


def identity(key: str, value: Given) -> str | None:
    """An id as text: text, a whole number or a UUID. `None`, and one warning, for anything else."""
    if isinstance(value, str | UUID) or (isinstance(value, int) and not isinstance(value, bool)):
        text = str(value)
        if 0 < len(text) <= _LONGEST_ID:
            return text
        complain(key, f"text of {len(text)} characters", f"1 to {_LONGEST_ID} characters")
        return None
    complain(key, _kind(value), "text, a whole number or a UUID")
    return None


def plain(key: str, value: Given) -> AttributeValue | None:
    """A value as an attribute: text, number, bool, a list of one of them, or JSON text of what is deeper.

    `None`, and one warning, for what JSON cannot say and for what is longer than `LONGEST` characters.
    """
    found: AttributeValue | None = _scalar(value)
    if found is None and isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        found = _list(value)
    if found is None and isinstance(value, Mapping | Sequence) and not isinstance(value, bytes | bytearray | str):
        found = json_text(value)
    if found is None:
        complain(key, _kind(value), "text, a finite number, a bool, or a list or mapping of them")
    elif isinstance(found, str) and len(found) > LONGEST:
        complain(key, f"{len(found)} characters", f"at most {LONGEST} characters")
        return None
    return found


def json_text(value: Given) -> str | None:
    """`value` as JSON text; `None` for what JSON cannot say."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError, RecursionError):
        return None


def told(value: Given) -> str | None:
    """`value` as JSON text, with the type in place of what JSON cannot say: a client among arguments is `<OpenAI>`.

    `None` for what cannot be written all the same, as a list that holds itself.
    """
    try:
        return orjson.dumps(value, default=_type, option=orjson.OPT_NON_STR_KEYS).decode()
    except (TypeError, ValueError, RecursionError):
        return None


def _type(value: Given) -> str:
    return f"<{type(value).__name__}>"


def complain(key: str, found: str, accepted: str) -> None:
    """Warn that what the caller gave as `key` is left out: once for each place in its program, never with the value."""
    file, line = _caller()
    if (file, line, key) in _SAID or len(_SAID) >= _MOST_SAID:
        return
    _SAID.add((file, line, key))
    _logger.warning("%s:%d: %s: found %s; accepted: %s. It is left out.", file, line, key, found, accepted)


def _scalar(value: Given) -> str | bool | int | float | None:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if -(1 << 63) <= value < 1 << 63 else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value) if isinstance(value, UUID) else None


def _list(value: Sequence[Given]) -> AttributeValue | None:
    """A list of scalars of one type, which is what an attribute can be."""
    items = [_scalar(item) for item in value[:_MOST_ITEMS]]
    kinds = {type(item) for item in items}
    if len(value) > _MOST_ITEMS or len(kinds) != 1 or None in items:
        return None
    return [item for item in items if item is not None]


def _kind(value: Given) -> str:
    return f"a value of type {type(value).__name__}"


def _caller() -> tuple[str, int]:
    """File and line of the program that called into this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith("spanwise."):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno
