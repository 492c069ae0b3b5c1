"""`Notifier`: hands notices to receivers from a thread of its own."""

from __future__ import annotations

import heapq
import logging
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final, TypeAlias

from spanwise.alert import Receiver
from spanwise.notify.channel import Channel, channels
from spanwise.notify.notice import FIRING, Notice
from spanwise.notify.outcome import DELIVERED, DRY_RUN, FAILED, SUPERSEDED, Outcome
from spanwise.notify.retry import Retry


Key: TypeAlias = tuple[str, str, str]
"""Receiver, way, fingerprint."""

REPEAT_S: Final[Mapping[str, int]] = {"page": 3_600, "ticket": 86_400}
"""Seconds before the same is told again: the repeat intervals of the Alertmanager that `spanwise deploy` renders."""

_MOST_WAITING: Final = 1_000
_MOST_TOLD: Final = 10_000
_log = logging.getLogger(__name__)


@dataclass(order=True, slots=True)
class _Job:
    due_s: float
    number: int
    receiver: str = field(compare=False)
    channel: Channel = field(compare=False)
    notices: tuple[Notice, ...] = field(compare=False)
    attempts: int = field(default=0, compare=False)

    def key(self, notice: Notice) -> Key:
        return (self.receiver, self.channel.way, notice.fingerprint)


class Notifier:
    """Tells receivers. `send` returns at once; one daemon thread delivers, tries again and remembers what was told.

    The same firing notice is told once per repeat interval (an hour for pages, a day for tickets) and its end once. A
    newer notice about the same thing takes the place of one that still waits. Notices of one alert that are sent
    together are one message, where a way can say several things; each is remembered by itself. A wait for the next
    attempt holds nobody else up; an attempt does, for at most 10 s and the time its host's name takes.

    Args:
        receivers: Who can be told, by name: `AlertConfig.receivers`.
        dry_run: Send nothing; outcomes say what would have been sent, with secrets replaced.
        on_outcome: Is called on the worker's thread with what became of each notice; must not raise. Without it a dry
            run prints to standard output.
        retry: How often and when it is tried again.
        repeat_s: Seconds before the same is told again, by severity.
    """

    def __init__(
        self,
        receivers: Mapping[str, Receiver],
        *,
        dry_run: bool = False,
        on_outcome: Callable[[Outcome], None] | None = None,
        retry: Retry | None = None,
        repeat_s: Mapping[str, int] = REPEAT_S,
    ) -> None:
        self._channels = {name: channels(name, receiver) for name, receiver in receivers.items()}
        self._dry_run = dry_run
        self._tell = on_outcome or (_printed if dry_run else _ignored)
        self._retry = retry or Retry()
        self._repeat_s = repeat_s
        self._numbers = count()
        self._changed = threading.Condition()
        self._waiting: list[_Job] = []
        self._newest: dict[Key, tuple[int, str]] = {}
        self._told: OrderedDict[Key, tuple[str, float]] = OrderedDict()
        self._closing_s: float | None = None
        self._thread: threading.Thread | None = None

    def send(self, receiver_name: str, *notices: Notice) -> bool:
        """Have notices told to a receiver, and return at once.

        Args:
            receiver_name: who is told.
            notices: one, or several of one alert, one state and one severity: those are told together.

        Returns:
            Whether any will be tried by at least one way; `False` when it was told already, when 1,000 wait, or after
            `close`. What becomes of it is told to `on_outcome`.

        Raises:
            KeyError: there is no receiver of that name.
        """
        ways = self._channels[receiver_name]
        with self._changed:
            taken = [
                self._queue(receiver_name, channel, together)
                for channel in ways
                for together in ((notices,) if channel.groups else zip(notices, strict=True))
            ]
            if any(taken):
                self._start()
                self._changed.notify_all()
        return any(taken)

    def forget(self) -> None:
        """Take nothing for told any more: somebody else may have told of it, or of its end, meanwhile."""
        with self._changed:
            self._told.clear()

    def ways(self, receiver_name: str) -> frozenset[str]:
        """The ways of a receiver: `webhook`, `slack`, `pagerduty`, `email`. Raises `KeyError` for an unknown one."""
        return frozenset(channel.way for channel in self._channels[receiver_name])

    def deliver(self, receiver_name: str, notice: Notice) -> list[Outcome]:
        """Tell `notice` now, once, by each way of a receiver, whatever was told before; for a person who waits.

        Raises:
            KeyError: there is no receiver of that name.
        """
        found: list[Outcome] = []
        for channel in self._channels[receiver_name]:
            job = _Job(0.0, next(self._numbers), receiver_name, channel, (notice,))
            outcomes, _ = self._tried(job)
            found += outcomes
        return found

    def close(self, timeout_s: float) -> bool:
        """Stop taking notices and deliver those that wait, at most for `timeout_s`.

        Returns:
            Whether nothing was left; what was left is told to `on_outcome` as failed.
        """
        with self._changed:
            self._closing_s = time.monotonic() + timeout_s
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        with self._changed:
            left, self._waiting = self._waiting, []
            busy = thread is not None and thread.is_alive()
        for job in left:
            self._tell_all(_outcomes(job, job.notices, FAILED, "the process ended before it could be sent"))
        return not left and not busy

    def _queue(self, receiver: str, channel: Channel, notices: tuple[Notice, ...]) -> bool:
        now_s = time.monotonic()
        job = _Job(now_s, next(self._numbers), receiver, channel, notices)
        # Not those that wait, or are being tried.
        job.notices = tuple(
            notice
            for notice in notices
            if not self._is_told(job.key(notice), notice, now_s)
            and self._newest.get(job.key(notice), (0, ""))[1] != notice.state
        )
        if self._closing_s is not None or not job.notices:
            return False
        if len(self._waiting) >= _MOST_WAITING:
            _log.warning("a notice for receiver %s is left out: %d wait already", receiver, _MOST_WAITING)
            return False
        self._newest |= {job.key(notice): (job.number, notice.state) for notice in job.notices}
        heapq.heappush(self._waiting, job)
        return True

    def _is_told(self, key: Key, notice: Notice, now_s: float) -> bool:
        state, at_s = self._told.get(key, ("", 0.0))
        if state != notice.state:
            return False
        return notice.state != FIRING or now_s - at_s < self._repeat_s[notice.severity]

    def _is_newest(self, job: _Job, notice: Notice) -> bool:
        return self._newest.get(job.key(notice)) == (job.number, notice.state)

    def _tell_all(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self._tell(outcome)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="spanwise-notify", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            passed = tuple(notice for notice in job.notices if not self._is_newest(job, notice))
            self._tell_all(_outcomes(job, passed, SUPERSEDED, "a newer notice took its place"))
            job.notices = tuple(notice for notice in job.notices if self._is_newest(job, notice))
            if not job.notices:
                continue
            outcomes, wait_s = self._tried(job)
            if wait_s is not None:
                self._later(job, wait_s, outcomes[0])
                continue
            self._finish(job, outcomes)
            self._tell_all(outcomes)

    def _next(self) -> _Job | None:
        """The job that is due next, when it is; `None` at the end."""
        with self._changed:
            while True:
                now_s = time.monotonic()
                if self._closing_s is not None and (not self._waiting or now_s >= self._closing_s):
                    return None
                if self._waiting and self._waiting[0].due_s <= now_s:
                    return heapq.heappop(self._waiting)
                until_s = [self._waiting[0].due_s] if self._waiting else []
                until_s += [self._closing_s] if self._closing_s is not None else []
                self._changed.wait(min(until_s) - now_s if until_s else None)

    def _tried(self, job: _Job) -> tuple[list[Outcome], float | None]:
        """What came of one attempt, notice by notice, and the seconds until the next one."""
        if self._dry_run:
            first, *others = _outcomes(job, job.notices, DRY_RUN, "not sent")
            return [replace(first, document=job.channel.rendered(*job.notices)), *others], None
        answer = job.channel.deliver(*job.notices, timeout_s=self._retry.timeout_s)
        job.attempts += 1
        status = DELIVERED if answer.accepted else FAILED
        return _outcomes(job, job.notices, status, answer.text), self._retry.wait_s(job.attempts, answer)

    def _later(self, job: _Job, wait_s: float, outcome: Outcome) -> None:
        _log.info("receiver %s by %s: %s; again in %.1f s", job.receiver, job.channel.way, outcome.text, wait_s)
        job.due_s = time.monotonic() + wait_s
        with self._changed:
            heapq.heappush(self._waiting, job)

    def _finish(self, job: _Job, outcomes: Sequence[Outcome]) -> None:
        with self._changed:
            for notice in job.notices:
                if self._is_newest(job, notice):
                    del self._newest[job.key(notice)]
            if outcomes[0].status == FAILED:
                _log.warning(
                    "receiver %s by %s was not told after %d attempts: %s",
                    *(job.receiver, job.channel.way, job.attempts, outcomes[0].text),
                )
                return
            for notice in job.notices:
                self._told[job.key(notice)] = (notice.state, time.monotonic())
                self._told.move_to_end(job.key(notice))
            while len(self._told) > _MOST_TOLD:
                self._told.popitem(last=False)


def _outcomes(job: _Job, notices: Iterable[Notice], status: str, text: str) -> list[Outcome]:
    return [Outcome(job.receiver, job.channel.way, notice, status, text, job.attempts) for notice in notices]


def _ignored(_: Outcome) -> None:
    """Nobody asked; failures are in the log."""


def _printed(outcome: Outcome) -> None:
    import json

    if outcome.document is None:
        return  # it is in the message of another one
    shown = {"receiver": outcome.receiver, "way": outcome.way, "would_send": outcome.document}
    sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
