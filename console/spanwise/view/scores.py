"""Scores as the page asks for them: those on spans, and those that came later."""

from __future__ import annotations

from typing import Final

from spanwise.store.score import TABLE, select
from spanwise.view.source import Question


MAX_SCORES: Final = 500

_OF_TRACE: Final = """
    SELECT span_id, name, value, label, comment, source, "user", error_type FROM ({}) WHERE trace_id = ?
    ORDER BY time, name LIMIT ?
"""
_OF_PROMPTS: Final = """
    SELECT prompt_name AS name, prompt_version AS version, name AS score, avg(value) AS mean, count(*) AS count
    FROM ({}) WHERE value IS NOT NULL AND prompt_name IS NOT NULL AND ({})
    GROUP BY ALL ORDER BY score
"""


def of_trace(trace_id: str) -> Question:
    """What was said of a trace and its spans."""
    with_table, without = (_OF_TRACE.format(select(table=table)) for table in (True, False))
    return Question(with_table, (trace_id, MAX_SCORES), table=TABLE, without=without)


def of_prompts(calls: str, parameters: tuple[object, ...]) -> Question:
    """Mean and number of each score by prompt and version, of the calls that `calls` selects the span ids of."""
    chosen = f"span_id IN ({calls})"
    with_table, without = (_OF_PROMPTS.format(select(table=table), chosen) for table in (True, False))
    return Question(with_table, parameters, table=TABLE, without=without)
