"""What a reader of a report must know: what its sums leave out or estimate, and what is not shown."""

from __future__ import annotations

from spanwise.report.quantity import counted
from spanwise.store import Answer


def notes(answer: Answer) -> list[str]:
    """Sentences about `answer`, none where there is nothing to say."""
    found = []
    if answer.all_rows is not None and (hidden := answer.all_rows - len(answer.rows)) > 0:
        found.append(f"{counted(hidden, 'row')} more not shown" + (", but in the total" if answer.totals else ""))
    if unpriced := _count(answer, "unpriced_calls"):
        verb = "has" if unpriced == 1 else "have"
        found.append(f"{counted(unpriced, 'call')} {verb} no known price and {verb} no part in the sums")
    if estimated := _count(answer, "estimated_calls"):
        found.append(f"~ includes {counted(estimated, 'call')} whose price is an estimate")
    if foreign := _count(answer, "foreign_calls"):
        found.append(f"{counted(foreign, 'call')} priced in another currency left out of the sums")
    if blocked := _count(answer, "blocked_calls"):
        found.append(
            f"{counted(blocked, 'call')} {'was' if blocked == 1 else 'were'} refused by a budget and never made"
        )
    if unknown := _count(answer, "unknown_calls"):
        found.append(f"{counted(unknown, 'call')} read from a cache, and what that saved is unknown")
    return found


def _count(answer: Answer, name: str) -> int:
    value = answer.totals.get(name)
    return value if isinstance(value, int) else 0
