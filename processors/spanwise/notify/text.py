"""What a notice says, in the words that the Alertmanager of `spanwise deploy` uses."""

from __future__ import annotations

from typing import Final

from spanwise.notify.notice import FIRING, Notice


_NAMES: Final = {"page": "Page", "ticket": "Ticket"}


def title(notice: Notice, *others: Notice) -> str:
    """One line: how urgent, and the summary; of several of one alert their number, too."""
    urgency = _NAMES[notice.severity] if notice.state == FIRING else "Resolved"
    more = f" (and {len(others)} more of {notice.id})" if others else ""
    return f"{urgency}: {' '.join(notice.summary.split())}{more}"


def body(notice: Notice, *others: Notice) -> str:
    """Description, labels and runbook, a line each; of several of one alert a line with the labels of each."""
    if others:
        lines = [f"{' '.join(each.summary.split())} ({_labels(each)})" for each in (notice, *others)]
    else:
        lines = [notice.description]
        lines += [f"{name}: {value}" for name, value in sorted(notice.labels.items())]
    if notice.runbook:
        lines.append(f"Runbook: {notice.runbook}")
    return "\n".join(line for line in lines if line)


def _labels(notice: Notice) -> str:
    return ", ".join(f"{name}: {value}" for name, value in sorted(notice.labels.items()))


def cut(text: str, most: int) -> str:
    """`text` with at most `most` characters; an ellipsis says that there was more."""
    return text if len(text) <= most else text[: most - 1] + "\u2026"
