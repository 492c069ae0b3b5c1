"""`AttributeActions`: what a policy says of an attribute's whole value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from spanwise.redact.wildcard import Wildcards


_REMEMBERED: Final = 4096


class AttributeActions:
    """Actions by the name of an attribute, exact or with `*`. Case does not count.

    An exact name comes first, then the pattern with the most letters; of two that are as long, the first one.
    """

    def __init__(self, actions: Mapping[str, str]) -> None:
        by_length = sorted(actions.items(), key=lambda entry: ("*" in entry[0], -len(entry[0].replace("*", ""))))
        self._rules = [(Wildcards((pattern,)), action) for pattern, action in by_length]
        self._remembered: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The action for the attribute `name`; empty when there is none."""
        if not self._rules:
            return ""
        action = self._remembered.get(name)
        if action is None:
            action = next((action for names, action in self._rules if name in names), "")
            if len(self._remembered) >= _REMEMBERED:  # names come from applications, some of which make them up
                self._remembered.clear()
            self._remembered[name] = action
        return action
