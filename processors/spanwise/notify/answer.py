"""`Answer`: what the other side said."""

from __future__ import annotations

from typing import NamedTuple


class Answer(NamedTuple):
    """What became of one attempt.

    Attributes:
        accepted: Whether the other side took the notice.
        again: Whether another attempt may be taken: it was busy, failing or out of reach.
        text: What it said, in one line; holds no secret.
        wait_s: Seconds that it asked us to wait; `None` when it named none.
    """

    accepted: bool
    again: bool
    text: str
    wait_s: float | None = None
