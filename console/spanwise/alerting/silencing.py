"""What is not told now: alerts that another one silences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple, TypeAlias

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
