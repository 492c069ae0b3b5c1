"""`Watch`: evaluates the alerts of a policy on a store, and has them told."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from spanwise.alert.config import TICKET
from spanwise.alerting.catalogue import rules
from spanwise.alerting.condition import FIRING, RESOLVED, Condition, Key, advanced, begun
from spanwise.alerting.evaluation import Evaluation, evaluate
from spanwise.alerting.notices import all_labels, notice, wanted
from spanwise.alerting.rule import StoreRule
from spanwise.alerting.silencing import is_silenced
from spanwise.alerting.state_table import StateTable, Watched
from spanwise.notify import Notice, Notifier, Outcome, together
from spanwise.notify.notifier import REPEAT_S
from spanwise.notify.outcome import DELIVERED, FAILED
from spanwise.store import StoreError


if TYPE_CHECKING:
    from spanwise.plan import Plan

_LEASE_S: Final = 60.0
"""How long nobody else evaluates after the one who did has died, beside two intervals."""

_FORGET_S: Final = 86_400.0
"""How long an alert that is over stays in the list."""

_MOST_CONDITIONS: Final = 2_000
_FIRST_PAUSE_S: Final = 60.0
_LONGEST_PAUSE_S: Final = 3_600.0
_log = logging.getLogger(__name__)


class Watch:
    """Evaluates on a thread of its own, every `alerts.interval_s`.

    Of several watches over one store one evaluates; another takes over when it ends. What a receiver has taken is
    remembered in the store, so a restart tells nothing twice. A store that is busy or broken leaves every state as it
    is: what is not known changes nothing.

    Args:
        path: The store.
        plan: The policy.
        tell: Hands a notice to a receiver; made of the policy's receivers when absent.
        told_elsewhere: Ids of alerts that are watched here and told by somebody else.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        path: Path,
        plan: Plan,
        *,
        tell: Callable[[Callable[[Outcome], None]], Notifier] | None = None,
        told_elsewhere: Collection[str] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._plan = plan
        self._rules = {rule.key: rule for rule in rules(plan)}
        # An alert that was told and is disabled since must be told to be over.
        everything = replace(plan, alerts=replace(plan.alerts, disabled=frozenset()))
        self._tellable = {rule.key: rule for rule in rules(everything)}
        self._told_elsewhere = frozenset(told_elsewhere)
        self._clock = clock
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{id(self):x}"
        self._table = StateTable(path)
        self._outcomes: SimpleQueue[Outcome] = SimpleQueue()
        self._notifier = tell(self._came) if tell else Notifier(plan.alerts.receivers, on_outcome=self._came)
        self._conditions: dict[Key, Condition] = {}
        self._taken_by: dict[tuple[str, str], set[str]] = {}
        self._evaluated_s: dict[str, float] = {}
        self._lease_s = 0.0
        self._overflow_s = 0.0
        self._complaint = ""
        self._unanswered: dict[str, str] = {}
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="spanwise-alerts", daemon=True)

    def start(self) -> None:
        """Evaluate from now on."""
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Evaluate once more, so that what came last is seen, and end. Whether everything was told within the time."""
        if self._thread.ident is None:
            return True
        deadline_s = time.monotonic() + timeout_s
        self._stopping = True
        self._wake.set()
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            self._notifier.close(0)
            return False
        told = self._notifier.close(max(deadline_s - time.monotonic(), 0))
        self._take_outcomes()
        self._attempt(lambda: self._save(0.0))
        return told

    def tick(self) -> None:
        """Evaluate once, now, unless somebody else does; what follows is told from another thread.

        Raises:
            StoreError: the store cannot be used; nothing has changed.
        """
        now_s = self._clock()
        self._take_outcomes()
        if not self._holds_lease(now_s):
            return
        due = [rule for key, rule in self._rules.items() if now_s - self._evaluated_s.get(key, 0) >= rule.every_s]
        found = evaluate(self._path, due, now_ns=int(now_s * 1e9))
        self._evaluated_s |= dict.fromkeys(found.found, now_s)
        self._advance(found, now_s)
        self._tell(now_s)
        self._save(self._lease_s)

    def _run(self) -> None:
        next_s = 0.0
        while True:
            if self._stopping or time.monotonic() >= next_s:
                next_s = time.monotonic() + self._plan.alerts.interval_s
                self._attempt(self.tick)
            if self._stopping:
                return
            self._wake.wait(max(next_s - time.monotonic(), 0))
            self._wake.clear()
            if self._take_outcomes():
                self._attempt(lambda: self._save(self._lease_s))

    def _attempt(self, work: Callable[[], None]) -> None:
        """Do `work`; a store that cannot be used is said once, and tried again at the next interval."""
        try:
            work()
        except StoreError as error:
            if str(error) != self._complaint:
                self._complaint = str(error)
                _log.warning("alerts are not evaluated: %s", error)
        else:
            self._complaint = ""

    def _holds_lease(self, now_s: float) -> bool:
        interval_s = self._plan.alerts.interval_s
        if self._lease_s > now_s + interval_s:
            return True
        until_s = now_s + _LEASE_S + 2 * interval_s
        found = self._table.take(self._holder, now_s=now_s, until_s=until_s)
        if found is None:
            self._lease_s = 0.0
            return False
        if self._lease_s < now_s:
            self._remember(found)
        self._lease_s = until_s
        return True

    def _remember(self, found: Watched) -> None:
        self._conditions = {condition.key: condition for condition in found.conditions}
        self._taken_by.clear()
        # What is remembered in the store says what was told; another watch may have told it.
        self._notifier.forget()

    def _advance(self, evaluation: Evaluation, now_s: float) -> None:
        self._unanswered = {
            key: reason for key, reason in self._unanswered.items() if key not in evaluation.found
        } | dict(evaluation.unanswered)
        holding: dict[Key, tuple[StoreRule, dict[str, str], float]] = {}
        for key, findings in evaluation.found.items():
            rule = self._rules[key]
            for finding in findings:
                labels = {**finding.labels, **rule.variant}
                place = (key, tuple(sorted(labels.items())))
                if finding.holds:
                    holding[place] = (rule, labels, finding.value)
        kept = (self._next(condition, evaluation, holding, now_s) for condition in self._conditions.values())
        following = {condition.key: condition for condition in kept if condition is not None}
        fresh = [place for place in holding if place not in following]
        room = max(_MOST_CONDITIONS - len(following), 0)
        for place in fresh[:room]:
            rule, labels, value = holding[place]
            following[place] = begun(rule.key, labels, value=value, hold_s=rule.hold_s, now_s=now_s)
        if len(fresh) > room and self._overflow_s < now_s - _FORGET_S:
            self._overflow_s = now_s
            _log.warning("%d alerts are left out: %d are followed already", len(fresh) - room, _MOST_CONDITIONS)
        self._conditions = following

    def _next(
        self,
        condition: Condition,
        evaluation: Evaluation,
        holding: dict[Key, tuple[StoreRule, dict[str, str], float]],
        now_s: float,
    ) -> Condition | None:
        rule = self._rules.get(condition.rule)
        if rule is not None and condition.rule not in evaluation.found:
            return condition  # not asked, or not answered: nothing is known
        if condition.state == RESOLVED and condition.told != FIRING and now_s - condition.since_s > _FORGET_S:
            return None
        if rule is None and condition.state != RESOLVED:
            return replace(condition, state=RESOLVED, since_s=now_s, seen_s=now_s)
        holds = condition.key in holding
        value = holding[condition.key][2] if holds else None
        return advanced(condition, holds=holds, value=value, hold_s=rule.hold_s if rule else 0, now_s=now_s)

    def _tell(self, now_s: float) -> None:
        config = self._plan.alerts
        rules_of = self._tellable
        known = [(each, rules_of[each.rule]) for each in self._conditions.values() if each.rule in rules_of]
        firing = [all_labels(each, rule) for each, rule in known if each.state == FIRING]
        due: list[Notice] = []
        quiet = config.quiet is not None and config.quiet.is_now(now_s)
        for condition, rule in known:
            if rule.alert.id in self._told_elsewhere:
                continue
            if not _is_due(condition, rule, now_s) or (quiet and rule.severity == TICKET):
                continue
            if condition.state == FIRING and is_silenced(all_labels(condition, rule), firing):
                continue
            due.append(notice(condition, rule, config))
        for group in together(due):
            if (receiver := config.receiver_of(group[0].severity)) is not None:
                self._notifier.send(receiver, *group)

    def _came(self, outcome: Outcome) -> None:
        self._outcomes.put(outcome)
        self._wake.set()

    def _take_outcomes(self) -> bool:
        """Remember what receivers took and refused; whether there was any."""
        found = list(_drained(self._outcomes))
        for outcome in found:
            self._learn(outcome)
        return bool(found)

    def _learn(self, outcome: Outcome) -> None:
        about = outcome.notice
        for key, condition in self._conditions.items():
            rule = self._tellable.get(condition.rule)
            if rule is None or rule.alert.title != about.id or dict(condition.labels) != dict(about.labels):
                continue
            if outcome.status == DELIVERED:
                self._conditions[key] = self._taken(condition, outcome)
            elif outcome.status == FAILED:
                pause_s = min(_FIRST_PAUSE_S * 2**condition.failures, _LONGEST_PAUSE_S)
                failures = min(condition.failures + 1, 10)
                self._conditions[key] = replace(condition, failures=failures, next_s=self._clock() + pause_s)

    def _taken(self, condition: Condition, outcome: Outcome) -> Condition:
        """The condition after one way of its receiver took the notice: it is told when every way has."""
        key = (outcome.notice.fingerprint, outcome.notice.state)
        ways = self._taken_by.setdefault(key, set())
        ways.add(outcome.way)
        if ways < self._notifier.ways(outcome.receiver):
            return condition
        del self._taken_by[key]
        return replace(condition, told=outcome.notice.state, told_s=self._clock(), failures=0, next_s=0.0)

    def _save(self, until_s: float) -> None:
        if not self._lease_s:
            return
        evaluated_s = max(self._evaluated_s.values(), default=0.0)
        holder = self._holder
        kept = self._table.write(
            holder,
            self._conditions.values(),
            until_s=until_s,
            evaluated_s=evaluated_s,
            unanswered=self._unanswered,
        )
        if not kept:
            self._lease_s = 0.0


def _is_due(condition: Condition, rule: StoreRule, now_s: float) -> bool:
    """Whether a receiver should hear of it now."""
    state = wanted(condition)
    if not state or now_s < condition.next_s:
        return False
    if state != condition.told:
        return True
    return state == FIRING and now_s - condition.told_s >= REPEAT_S[rule.severity]


def _drained(queue: SimpleQueue[Outcome]) -> Iterable[Outcome]:
    while True:
        try:
            yield queue.get_nowait()
        except Empty:
            return
