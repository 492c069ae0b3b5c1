"""`Accounts`: what was billed once and can be read many times is counted once, when it is done."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from spanwise.semconv import values


WORKING: Final = (values.GEN_AI_RESPONSE_STATUS_QUEUED, values.GEN_AI_RESPONSE_STATUS_IN_PROGRESS)
"""What a response is before its end: what it takes is not known yet, and told to whoever fetches it later."""

_MOST: Final = 10_000


class Accounts:
    """How much of each stored response or batch was counted already, in this process.

    A batch, or a response made in the background, is billed once and can be fetched as often as one likes. The first
    fetch that sees its usage counts it. The latest 10,000 are remembered; other processes are not asked.
    """

    def __init__(self) -> None:
        self._counted: OrderedDict[str, int] = OrderedDict()

    def claim(self, identity: str, until: int = 1) -> int:
        """How much of `identity` was counted before this; from now on `until` of it is, if that is more.

        Args:
            identity: of the provider, unique.
            until: how many pieces are counted now. What is of one piece is counted where this returns 0.
        """
        before = self._counted.pop(identity, 0)
        self._counted[identity] = max(before, until)
        while len(self._counted) > _MOST:
            self._counted.popitem(last=False)
        return before
