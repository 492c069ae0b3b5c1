"""`Problem`: one complaint about a setting, and the words complaints are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias


Path: TypeAlias = tuple[str | int, ...]
"""Keys and list indices from the top of a policy down to a setting."""

_LONGEST_VALUE: Final = 60
_MOST_NAMES: Final = 24


class Problem(NamedTuple):
    """One complaint.

    Attributes:
        path: Where in the policy; empty for the file as a whole.
        message: What was found, what is accepted and how to fix it. It repeats neither path nor line.
    """

    path: Path
    message: str


def dotted(path: Path) -> str:
    """`path` as people write it: `prices.overrides[2].input_mtok`, `redact.attributes["user.id"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.replace("_", "").replace("-", "").isalnum():
            text += f".{step}" if text else step
        else:
            text += f"[{_quoted(step)}]"
    return text


def found(value: object) -> str:
    """What a message says of `value`: short, on one line, without control characters."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return "a list"
    return _quoted(value) if isinstance(value, str) else _short(repr(value))


def listed(names: Sequence[str]) -> str:
    """`names` with commas; the first 24 of many."""
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{', '.join(names[:_MOST_NAMES]) or 'none'}{more}"


def guess(given: object, names: Sequence[str]) -> str:
    """The question whether the nearest of `names` was meant, with a space before it; empty when none is near."""
    import difflib  # only a mistake needs it

    near = difflib.get_close_matches(str(given)[:_LONGEST_VALUE].lower(), names, n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _quoted(text: str) -> str:
    return ascii(_short(text)) if not text.isprintable() else repr(_short(text))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "..."
