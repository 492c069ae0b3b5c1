"""Scores in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from spanwise.report.text import plain
from spanwise.store import StoredScore


MAX_SHOWN: Final = 10
"""Scores told of one span; a last part says how many are left out."""

_VERDICTS: Final = {(1.0, "true"), (0.0, "false")}


def score_text(score: StoredScore) -> str:
    """One score: `helpful true (human): found it at once`. Its comment is cut to 80 characters."""
    said = [] if score.value is None or (score.value, score.label) in _VERDICTS else [f"{score.value:g}"]
    if score.label:
        said.append(plain(score.label, 40))
    if not said:
        said.append(f"failed with {plain(score.error_type or 'an unknown error', 40)}")
    by = f" ({plain(score.source, 20)})" if score.source else ""
    why = f": {plain(score.comment, 80)}" if score.comment else ""
    return f"{plain(score.name, 40)} {' '.join(said)}{by}{why}"


def score_notes(scores: Sequence[StoredScore]) -> list[str]:
    """Scores of one span or trace, the last ones first."""
    found = [f"scored {score_text(score)}" for score in reversed(scores)]
    more = [f"and {len(found) - MAX_SHOWN:,} more scores"] if len(found) > MAX_SHOWN else []
    return found[:MAX_SHOWN] + more


def by_span(scores: Sequence[StoredScore]) -> dict[str | None, list[StoredScore]]:
    """`scores` of one trace by the span that they are about; under `None` those of the whole trace."""
    found: dict[str | None, list[StoredScore]] = defaultdict(list)
    for score in scores:
        found[score.span_id].append(score)
    return dict(found)
