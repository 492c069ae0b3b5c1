"""`together`: which notices are one message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from spanwise.notify.notice import Notice


MOST_TOGETHER: Final = 50
"""Notices of one message; more of them are several messages."""


def together(notices: Iterable[Notice]) -> Iterator[tuple[Notice, ...]]:
    """Notices of one alert, one severity and one state, in the order in which they came; 50 at most at once."""
    groups: dict[tuple[str, str, str], list[Notice]] = {}
    for notice in notices:
        groups.setdefault((notice.id, notice.severity, notice.state), []).append(notice)
    for group in groups.values():
        for start in range(0, len(group), MOST_TOGETHER):
            yield tuple(group[start : start + MOST_TOGETHER])
