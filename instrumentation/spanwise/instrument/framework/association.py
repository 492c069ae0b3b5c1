"""Who a framework's run is for: ids in its configuration, under the names that applications use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from uuid import UUID

from spanwise.instrument.codec import Attributes
from spanwise.semconv import attributes as attr


Metadata: TypeAlias = Mapping[str, Any]
"""What an application says of a run."""

_KEYS: Final = (
    (attr.GEN_AI_CONVERSATION_ID, ("conversation_id", "thread_id")),
    (attr.SESSION_ID, ("session_id",)),
    (attr.USER_ID, ("user_id",)),
)
_LONGEST_ID: Final = 256


def association(metadata: Metadata) -> Attributes:
    """`conversation_id` or `thread_id`, `session_id` and `user_id` as attributes. What is no id is left out."""
    found: Attributes = {}
    for target, keys in _KEYS:
        for key in keys:
            value = metadata.get(key)
            if isinstance(value, str | int | UUID) and not isinstance(value, bool):
                text = str(value)
                if 0 < len(text) <= _LONGEST_ID:
                    found[target] = text
                    break
    return found
