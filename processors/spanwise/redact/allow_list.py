"""`AllowList`: values that are never taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spanwise.redact.canonical import canonical, plain_text
from spanwise.redact.config import ANY
from spanwise.redact.kinds import expanded
from spanwise.redact.wildcard import Wildcards


class AllowList:
    """Values, exact or with `*`, allowed as every kind or as some.

    A value is compared as it was written and in its canonical spelling: a card with spaces is the one without.

    Args:
        entries: values by the name of a kind, a family or `any`.
    """

    def __init__(self, entries: Mapping[str, Sequence[str]]) -> None:
        general = entries.get(ANY, ())
        self._general = Wildcards(general)
        listed: dict[str, list[str]] = {}
        for name, values in entries.items():
            for kind in expanded((name,)) if name != ANY else ():
                listed.setdefault(kind, list(general)).extend(values)
        self._by_kind = {kind: Wildcards(values) for kind, values in listed.items()}

    def allows(self, kind: str, value: str) -> bool:
        """Whether `value` of `kind` stays."""
        wanted = self._by_kind.get(kind, self._general)
        if not wanted:
            return False
        spellings = dict.fromkeys((value, plain_text(value), canonical(kind, value)))
        return any(spelling in wanted for spelling in spellings)
