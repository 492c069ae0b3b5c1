"""`FleetSums`: the thread that asks the collector of a fleet what all of its processes have spent."""

from __future__ import annotations

import logging
import os
import random
import threading
import time
import weakref
from collections.abc import Mapping
from typing import Final

from spanwise.budget.fleet import Fleet
from spanwise.budget.step import BudgetStep
from spanwise.pipeline.boundary import shield
from spanwise.pipeline.fleet_question import FleetAnswer, FleetQuestion


INTERVAL_S: Final = 1.0
"""Seconds between two questions, at least."""

MOST_WAIT_S: Final = 30.0
"""Seconds between two questions while there is no answer, at most."""

REST: Final = 20
"""How many times the CPU time of a question passes until the next: a twentieth of a core, however long an answer is."""

_PATIENCE: Final = 3
_MOST_DOUBLINGS: Final = 16
_logger = logging.getLogger("spanwise.budget")


class FleetSums:
    """Hears what processes of several machines have spent together. Whoever makes a call waits for nothing of it.

    Nothing is counted twice: of what is known here and what was heard, with what ended here since, the larger counts.
    While there is no answer the sums go on so, one warning says it, and this process tells itself of
    shares that are reached, which is the collector's task otherwise.

    Args:
        step: the budgets.
        fleet: whom to ask, and where the token is.
        environ: where a token in a variable is looked for.
        interval_s: seconds between two questions.
    """

    def __init__(
        self, step: BudgetStep, fleet: Fleet, environ: Mapping[str, str], *, interval_s: float = INTERVAL_S
    ) -> None:
        self._step = step
        self._url = fleet.url
        self._question = FleetQuestion(fleet, environ)
        self._interval_s = interval_s
        self._misses = 0
        self._heard = False
        self._warned = False
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Ask from now on; the first answer is not waited for."""
        self._step.ledger.heard_s = time.monotonic()
        _asking.add(self)
        self._begin()

    def close(self) -> None:
        """Ask no more. A question that is under way is not waited for."""
        self._ended.set()

    def settle(self) -> float:
        """Ask once, now, and say how many seconds to wait until the next time."""
        began_s = time.thread_time()
        asked_s = time.monotonic()
        answer = self._question.ask()
        if not answer.trouble:
            self._hear(asked_s)
            self._step.act(self._step.ledger.hear(answer.entries))
            return max(self._interval_s, REST * (time.thread_time() - began_s))
        self._misses += 1
        self._complain(answer)
        longest_s = min(self._interval_s * 2.0 ** min(self._misses, _MOST_DOUBLINGS), MOST_WAIT_S)
        return random.uniform(longest_s / 2, longest_s)  # noqa: S311 - spreads those who ask

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._keep, name="spanwise-fleet", daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        wait_s: float | None = 0.0
        while not self._ended.wait(MOST_WAIT_S if wait_s is None else wait_s):
            wait_s = shield("budget", self.settle)

    def _hear(self, at_s: float) -> None:
        """What is heard now is as old as the question."""
        if self._warned:
            gone_s = time.monotonic() - (self._step.ledger.heard_s or at_s)
            what = "spanwise: the collector of budgets at %s tells its sums again, after %.0f s"
            _logger.warning(what, self._url, gone_s)
        self._step.ledger.heard_s = at_s
        self._heard, self._warned, self._misses = True, False, 0
        # The collector tells of shares, once for all.
        self._step.quiet = True

    def _complain(self, answer: FleetAnswer) -> None:
        """One warning until there is an answer again; a single question that got none is not worth one."""
        if self._warned or (answer.passes and self._heard and self._misses < _PATIENCE):
            return
        self._warned, self._step.quiet = True, False
        age_s = time.monotonic() - (self._step.ledger.heard_s or time.monotonic())
        known = f"what others have spent is as of {age_s:.0f} s ago" if self._heard else "nothing is known of others"
        _logger.warning(
            "spanwise: the collector of budgets at %s does not tell its sums: %s; %s, the sums of this machine go on",
            self._url,
            answer.trouble,
            known,
        )

    def _after_fork(self) -> None:
        if not self._ended.is_set():
            self._ended = threading.Event()
            self._begin()


_asking: Final[weakref.WeakSet[FleetSums]] = weakref.WeakSet()


def _ask_again() -> None:
    for each in list(_asking):
        each._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ask_again)
