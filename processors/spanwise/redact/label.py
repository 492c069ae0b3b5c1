"""What stands in for a value: a form that no rule takes for a value itself."""

from __future__ import annotations

from typing import Final

from spanwise.redact.pattern import compiled


_LABELS: Final = compiled(
    rb"[^A-Za-z0-9\x80-\xff]*(?:\[[A-Z][A-Z0-9_]{1,79}(?:~[a-z][a-z0-9]{0,7}~[b-t]{16})?\][^A-Za-z0-9\x80-\xff]*)+"
)


def is_label(value: bytes) -> bool:
    """Whether `value` is nothing but labels such as `[EMAIL]` or `[EMAIL~k1~bkqmhtgplcnsdfrj]`, and what stands between them."""
    return b"[" in value and _LABELS.fullmatch(value) is not None
