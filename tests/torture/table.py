"""The table: one row for each promise, one column for each suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.torture.verdict import FAILED, PASSED, UNSUPPORTED, Verdict


def rows(verdicts: Mapping[str, Sequence[Verdict]]) -> list[tuple[str, list[str]]]:
    """Each promise, in order, with a cell for each suite: passed of tried, and how many are not supported."""
    promises = list(dict.fromkeys(verdict.promise for found in verdicts.values() for verdict in found))
    return [(promise, [_cell(found, promise) for found in verdicts.values()]) for promise in (*promises, "")]


def text(verdicts: Mapping[str, Sequence[Verdict]]) -> str:
    """The table for a terminal."""
    wide = max((len(promise) for promise, _ in rows(verdicts)), default=0)
    lines = ["".ljust(wide) + "".join(name.rjust(26) for name in verdicts)]
    lines += [
        (promise or "all").ljust(wide) + "".join(cell.rjust(26) for cell in cells) for promise, cells in rows(verdicts)
    ]
    return "\n".join(lines)


def markdown(verdicts: Mapping[str, Sequence[Verdict]]) -> str:
    """The table for the README."""
    lines = [f"| promise | {' | '.join(verdicts)} |", f"|---|{'---|' * len(verdicts)}"]
    lines += [f"| {promise or '**all**'} | {' | '.join(cells)} |" for promise, cells in rows(verdicts)]
    return "\n".join(lines)


def faults(verdicts: Mapping[str, Sequence[Verdict]]) -> str:
    """A line for each case that failed."""
    return "\n".join(
        f"{suite}: {verdict.sdk}: {verdict.case}: {'; '.join(verdict.faults)[:300]}"
        for suite, found in verdicts.items()
        for verdict in found
        if verdict.outcome == FAILED
    )


def _cell(found: Sequence[Verdict], promise: str) -> str:
    outcomes = [verdict.outcome for verdict in found if promise in ("", verdict.promise)]
    passed, failed, not_there = (outcomes.count(outcome) for outcome in (PASSED, FAILED, UNSUPPORTED))
    if not passed + failed:
        return f"not supported ({not_there})" if not_there else "-"
    said = f"{passed} of {passed + failed}"
    return f"{said}, {not_there} not supported" if not_there else said
