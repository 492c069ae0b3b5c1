"""`Retry`: how often and when a notice is tried again."""

from __future__ import annotations

import random
from dataclasses import dataclass

from spanwise.notify.answer import Answer


@dataclass(frozen=True, slots=True)
class Retry:
    """Waits that double, with jitter, so that many senders do not come back together.

    Attributes:
        attempts: How often a notice is tried at most.
        first_s: The longest first wait.
        most_s: The longest of all waits that the other side did not ask for.
        timeout_s: Seconds that one attempt may take.
    """

    attempts: int = 6
    first_s: float = 1.0
    most_s: float = 60.0
    timeout_s: float = 10.0

    def wait_s(self, attempts: int, answer: Answer) -> float | None:
        """Seconds until the next attempt, after `attempts` of them; `None` when there is none."""
        if answer.accepted or not answer.again or attempts >= self.attempts:
            return None
        longest_s = min(self.first_s * 2 ** (attempts - 1), self.most_s)
        own_s = random.uniform(longest_s / 2, longest_s)  # noqa: S311 - spreads attempts
        return max(own_s, answer.wait_s or 0.0)
