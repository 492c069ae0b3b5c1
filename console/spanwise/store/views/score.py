"""What evaluations made of answers, and which prompt the answers came from."""

from __future__ import annotations

from typing import Final

from spanwise.store import schema
from spanwise.store.score import TABLE, on_spans
from spanwise.store.views.view import Column, Kind, View


HIGH_SCORE: Final = 0.7
"""A score from here on is high: below it the alert `low_score` rings."""

Z: Final = 1.959963984540054
"""Standard deviations to each side that hold 95 % of a normal distribution."""

SCORES_COLUMNS: Final = frozenset({"time", "trace_id", "span_id", "response_id", "name", "value", "label"})
"""What the table of scores must have to be read; absent in files that never had one, and less of it in old ones."""

_FROM_EVENTS: Final = f"""
    SELECT make_timestamp(time_unix_nano // 1000) AS time, trace_id, span_id, response_id, name, value, label, source
    FROM ({on_spans(schema.TABLE, "duplicate_of IS NULL AND {period}")})
"""  # noqa: S608 - constants of this module

FROM_TABLE: Final = f"""
    UNION ALL
    SELECT time, nullif(trace_id, ''), nullif(span_id, ''), nullif(response_id, ''), name, value, label, source
    FROM {TABLE}
"""  # noqa: S608 - constants of this module
"""What a file with the table of scores adds to `evaluations`."""

EVALUATIONS: Final = View(
    "evaluations",
    "One row for each score: evaluation events of spans, and scores that came later.",
    (
        Column("time", Kind.MOMENT, "When it was given."),
        Column("trace_id", Kind.ID, "Trace that it is about."),
        Column("span_id", Kind.ID, "Span that it is about; NULL where it is about the whole trace."),
        Column("response_id", Kind.TEXT, "Id of the answer that it is about, where it was given by that."),
        Column("name", Kind.TEXT, "What was judged."),
        Column("value", Kind.NUMBER, "The score, most often from 0 to 1; NULL where it is a verdict in words."),
        Column("label", Kind.TEXT, "The verdict in words."),
        Column("source", Kind.TEXT, "Who judged: human, code, llm or check."),
    ),
    _FROM_EVENTS,
    "time, name",
)

_ONE: Final = "HAVING min(prompt) = max(prompt)"

PROMPT_EVALUATIONS: Final = View(
    "prompt_evaluations",
    "One row for each score, with the prompt that led to the answer. A score of a whole trace is about a prompt where "
    "the calls of the trace have one prompt and version.",
    (
        Column("prompt", Kind.TEXT, "Prompt as `name@version`; NULL where there is none, or more than one."),
        Column("name", Kind.TEXT, "What was judged."),
        Column("value", Kind.NUMBER, "The score; NULL where it is a verdict in words."),
        Column("label", Kind.TEXT, "The verdict in words."),
        Column("source", Kind.TEXT, "Who judged: human, code, llm or check."),
    ),
    f"""
    WITH called AS MATERIALIZED (SELECT trace_id, span_id, prompt FROM calls),
         of_span AS (SELECT trace_id, span_id, any_value(prompt) AS prompt FROM called GROUP BY trace_id, span_id),
         of_trace AS (SELECT trace_id, any_value(prompt) AS prompt FROM called GROUP BY trace_id {_ONE}),
         of_answer AS (
             SELECT response_id, any_value(prompt) AS prompt FROM calls
             SEMI JOIN (SELECT response_id FROM evaluations WHERE response_id IS NOT NULL) AS named USING (response_id)
             GROUP BY response_id {_ONE}
         )
    SELECT * FROM (
        SELECT CASE WHEN of_span.span_id IS NOT NULL THEN of_span.prompt
                    WHEN of_answer.response_id IS NOT NULL THEN of_answer.prompt ELSE of_trace.prompt END AS prompt,
               name, value, label, source
        FROM evaluations
        LEFT JOIN of_span ON of_span.trace_id = evaluations.trace_id AND of_span.span_id = evaluations.span_id
        LEFT JOIN of_answer ON of_answer.response_id = evaluations.response_id
        LEFT JOIN of_trace ON of_trace.trace_id = evaluations.trace_id
    )
    """,  # noqa: S608 - constants of this module
    "prompt NULLS LAST, name",
)

IN_RANGE: Final = "value BETWEEN 0 AND 1"
"""A score that can be high or low. Others have scales that only their makers know."""

RATE_COLUMNS: Final = (
    Column("scores", Kind.COUNT, "Scores from 0 to 1.", adds=True, of="scores"),
    Column("score_mean", Kind.SCORE, "Their mean."),
    Column("high_scores", Kind.COUNT, f"Those of at least {HIGH_SCORE:g}.", adds=True, of="scores"),
    Column("high_rate", Kind.RATE, "Share of high scores."),
    Column("high_rate_low", Kind.RATE, "The share is at least this with 95 % confidence (Wilson's interval)."),
    Column("high_rate_high", Kind.RATE, "The share is at most this with 95 % confidence."),
)


def rates_sql(high: str, all_: str) -> str:
    """SQL for a share and Wilson's interval around it (E. B. Wilson, 1927), NULL of nothing.

    Args:
        high: how many of them.
        all_: of how many.
    """
    n, square = f"nullif({all_}, 0)", Z * Z
    middle = f"({high} + {square / 2}) / ({n} + {square})"
    half = f"{Z} / ({n} + {square}) * sqrt({high} * ({n} - {high}) / {n} + {square / 4})"
    return (
        f"{high} / {n} AS high_rate, CASE WHEN {all_} > 0 THEN greatest({middle} - {half}, 0.0) END AS high_rate_low, "
        f"CASE WHEN {all_} > 0 THEN least({middle} + {half}, 1.0) END AS high_rate_high"
    )


SCORE_VIEWS: Final = (EVALUATIONS, PROMPT_EVALUATIONS)
