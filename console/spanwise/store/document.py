"""Attribute values as JSON text for the store's document columns."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import orjson


Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MAX_DEPTH: Final = 64
"""Deeper values become `null`: no convention nests further, and hostile input must not exhaust the stack."""

_INT64: Final = 1 << 63


def json_text(value: object) -> str:
    """`value` as JSON. Bytes become base64, numbers JSON lacks become `null`, unpaired surrogates `?`; never raises.

    The fast path costs about 1 us per KB; values it refuses are copied piece by piece.
    """
    try:
        return orjson.dumps(value, default=_plain).decode()
    except (TypeError, RecursionError):  # orjson's JSONEncodeError is a TypeError
        return orjson.dumps(_clean(value, 0)).decode()


def utf8(text: str) -> str:
    """`text` with unpaired surrogates replaced by `?`, because they have no UTF-8 form."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _plain(value: object) -> Json:
    return _clean(value, 0)


def _clean(value: object, depth: int) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return utf8(value)
    if isinstance(value, int):
        return value if -_INT64 <= value < 2 * _INT64 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    if depth >= MAX_DEPTH:
        return None
    if isinstance(value, Mapping):
        return {utf8(str(key)): _clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_clean(item, depth + 1) for item in value]
    return None
