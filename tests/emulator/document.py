"""The JSON border: what a request or an answer is before anything is known about it."""

from typing import Any, TypeAlias


JsonValue: TypeAlias = Any
Json: TypeAlias = dict[str, JsonValue]
