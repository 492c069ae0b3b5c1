"""`UsageNames`: which attributes of a span say what a call used and cost."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from spanwise.record import AttributeValue
from spanwise.semconv import attributes as attr


_OURS: Final = tuple(
    name.removesuffix(rest)
    for name, rest in (
        (attr.GEN_AI_USAGE_INPUT_TOKENS, "input_tokens"),
        (attr.SPANWISE_COST_STATUS, "status"),
        (attr.SPANWISE_USAGE_WEB_SEARCHES, "web_searches"),
    )
)
"""How the names of the convention and of this distribution begin."""


_REMEMBERED: Final = 1024  # names whose answer is kept
_LONGEST_REMEMBERED: Final = 64  # characters


class UsageNames:
    """The names of usage and cost: those of the convention, our own, and `further` ones.

    Args:
        further: names, or beginnings of names followed by `*`.
    """

    def __init__(self, further: Iterable[str]) -> None:
        names = tuple(further)
        self._exact = frozenset(name for name in names if not name.endswith("*"))
        self._starts = (*_OURS, *(name[:-1] for name in names if name.endswith("*")))
        # The same few names come with every span; long ones may be data in the wrong place and are not kept.
        self._remembered = lru_cache(_REMEMBERED)(self.__contains__)

    def __contains__(self, name: str) -> bool:
        """Whether `name` says what a call used or cost."""
        return name in self._exact or name.startswith(self._starts)

    def remove_from(self, attributes: dict[str, AttributeValue]) -> None:
        """Take usage and cost out of `attributes`; about 0.1 us per attribute."""
        remembered = self._remembered
        found = [
            name for name in attributes if (remembered(name) if len(name) <= _LONGEST_REMEMBERED else name in self)
        ]
        for name in found:
            del attributes[name]
