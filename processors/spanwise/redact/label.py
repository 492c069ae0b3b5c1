"""What stands in for a value: a form that no rule takes for a value itself."""

from __future__ import annotations

from typing import Final

from spanwise.redact.pattern import compiled


_LONGEST: Final = 128
_LABEL: Final = compiled(rb"\[[A-Z][A-Z0-9_]{1,79}(?:~[a-z][a-z0-9]{0,7}~[b-t]{16})?\]")
_LABELS: Final = compiled(
    rb"[^A-Za-z0-9\x80-\xff]*(?:\[[A-Z][A-Z0-9_]{1,79}(?:~[a-z][a-z0-9]{0,7}~[b-t]{16})?\][^A-Za-z0-9\x80-\xff]*)+"
)


def begins_with_label(text: str) -> bool:
    """Whether `text` begins with what stands in for a value."""
    return _LABEL.match(text[:_LONGEST].encode("utf-8", "surrogatepass")) is not None


def without_labels(text: str) -> str:
    """`text` without what stands in for values: a name that lost a value says no more than it did with it."""
    if "[" not in text:
        return text
    return _LABEL.without(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def is_label(value: bytes) -> bool:
    """Whether `value` is nothing but labels such as `[EMAIL]` or `[EMAIL~k1~bkqmhtgplcnsdfrj]` and what is between."""
    return b"[" in value and _LABELS.fullmatch(value) is not None
