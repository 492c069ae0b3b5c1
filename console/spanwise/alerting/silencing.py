"""What is not told now: alerts that another one silences, and tickets in quiet hours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from spanwise.alert import Quiet
from spanwise.alert.quiet import WEEKDAYS
from spanwise.deploy.alertmanager.inhibition import Inhibition, inhibitions


Labels: TypeAlias = Mapping[str, str]
"""Labels of an alert, with `alertname` and `severity`."""

_MATCHER: Final = re.compile(r'(\w+)(=~|!~|!=|=)"(.*)"')


class Matcher(NamedTuple):
    """One condition on a label, as Alertmanager writes it; an absent label is an empty one."""

    name: str
    sign: str
    value: str

    def matches(self, labels: Labels) -> bool:
        """Whether `labels` meet it. Patterns are those of our own inhibitions."""
        found = labels.get(self.name, "")
        same = found == self.value if self.sign in {"=", "!="} else re.fullmatch(self.value, found) is not None
        return same == (self.sign in {"=", "=~"})


def is_silenced(target: Labels, firing: Sequence[Labels]) -> bool:
    """Whether one of the alerts that fire silences `target`, as the Alertmanager of `spanwise deploy` would."""
    return any(
        _matches(rule.target, target) and any(_silences(rule, source, target) for source in firing)
        for rule in _inhibitions()
    )


def is_quiet(quiet: Quiet | None, now_s: float) -> bool:
    """Whether tickets wait at `now_s`, seconds since 1970."""
    if quiet is None:
        return False
    local = datetime.fromtimestamp(now_s, UTC).astimezone(ZoneInfo(quiet.location))
    clock = local.strftime("%H:%M")
    return WEEKDAYS[local.weekday()] in quiet.weekdays or any(start <= clock < end for start, end in quiet.hours())


def _silences(rule: Inhibition, source: Labels, target: Labels) -> bool:
    return _matches(rule.source, source) and all(source.get(name, "") == target.get(name, "") for name in rule.equal)


def _matches(matchers: Iterable[str], labels: Labels) -> bool:
    return all(_matcher(text).matches(labels) for text in matchers)


@cache
def _inhibitions() -> tuple[Inhibition, ...]:
    return tuple(inhibitions())


@cache
def _matcher(text: str) -> Matcher:
    match = _MATCHER.fullmatch(text)
    assert match is not None, text
    return Matcher(match[1], match[2], match[3])
