"""How versions of prompts do."""

from __future__ import annotations

from typing import Final

from spanwise.semconv import values
from spanwise.store.views.score import HIGH_SCORE, IN_RANGE, RATE_COLUMNS, rates_sql
from spanwise.store.views.view import Column, Kind, View, calls_counted


FEW: Final = 30
"""Calls or scores below which a figure says little."""

_CHECK: Final = values.SPANWISE_SCORE_SOURCE_CHECK

_PROMPT: Final = Column("prompt", Kind.TEXT, "Prompt as `name@version`.")

_UNVERSIONED: Final = """
    CASE WHEN count(*) OVER (PARTITION BY prompt_fingerprint) > 1 THEN 'unversioned ' || prompt_fingerprint
         WHEN prompt_fingerprint IS NOT NULL THEN 'unversioned, seen once' END
"""
"""Instructions into which names or documents are put have a fingerprint for each call: these are one row."""

PROMPT_PERFORMANCE: Final = View(
    "prompt_performance",
    "How each version of each prompt does: cost, speed, tokens, failures, and the score that was given most often to "
    "answers of the prompt, by whomever but checks of ours. All scores are in `prompt_scores`. Calls of no "
    "named prompt are told by the fingerprint of their instruction, without scores; those without one are in no row.",
    (
        Column("prompt", Kind.TEXT, "Prompt as `name@version`, or `unversioned` and a fingerprint."),
        calls_counted("calls", "Model calls."),
        Column("few", Kind.FLAG, f"Whether there are fewer than {FEW} calls, so that the figures say little."),
        calls_counted("errors", "Those that failed."),
        calls_counted("refusals", "Those that the model declined to answer."),
        Column("cost_usd", Kind.COST, "Sum of the calls priced in US dollars; NULL where there is none.", adds=True),
        calls_counted("estimated_calls", "Calls in `cost_usd` whose price is an estimate."),
        calls_counted("unpriced_calls", "Calls without a price, which have no part in the sum."),
        calls_counted("foreign_calls", "Calls priced in other currencies."),
        Column("cost_per_call_usd", Kind.COST, "Mean cost of the priced calls, to 12 decimals."),
        Column("p50_s", Kind.SECONDS, "Median duration."),
        Column("p95_s", Kind.SECONDS, "Duration that 95 of 100 calls do not exceed."),
        Column("input_tokens_per_call", Kind.TOKENS, "Mean input of the calls that said how much."),
        Column("output_tokens_per_call", Kind.TOKENS, "Mean output of the calls that said how much."),
        Column("score", Kind.TEXT, "The score that all versions of the prompt are held against; the rest is about it."),
        *RATE_COLUMNS,
    ),
    f"""
    WITH known AS (
        SELECT * REPLACE (coalesce(prompt, {_UNVERSIONED}) AS prompt) FROM calls
    ), called AS (
        SELECT prompt, count(*) AS calls, count(*) < {FEW} AS few, count(error_type) AS errors,
               count(*) FILTER (refused) AS refusals, sum(cost_usd) AS cost_usd,
               count(*) FILTER (estimated) AS estimated_calls, count(*) FILTER (unpriced) AS unpriced_calls,
               count(*) FILTER (currency <> 'USD') AS foreign_calls,
               (sum(cost_usd) / count(cost_usd))::DECIMAL(18,12) AS cost_per_call_usd,
               quantile_cont(duration_s, 0.5) AS p50_s, quantile_cont(duration_s, 0.95) AS p95_s,
               avg(input_tokens) AS input_tokens_per_call, avg(output_tokens) AS output_tokens_per_call
        FROM known WHERE prompt IS NOT NULL GROUP BY prompt
    ), numbers AS (
        SELECT *, regexp_replace(prompt, '@[^@]*$', '') AS named FROM prompt_evaluations
        WHERE {IN_RANGE} AND source IS DISTINCT FROM '{_CHECK}'
    ), chosen AS (
        SELECT named, name FROM numbers GROUP BY named, name
        QUALIFY row_number() OVER (PARTITION BY named ORDER BY count(*) DESC, name) = 1
    ), judged AS (
        SELECT prompt, any_value(name) AS score, count(*) AS scores, avg(value) AS score_mean,
               count(*) FILTER (value >= {HIGH_SCORE}) AS high_scores
        FROM numbers SEMI JOIN chosen USING (named, name) GROUP BY prompt
    )
    SELECT called.*, score, coalesce(scores, 0) AS scores, score_mean, coalesce(high_scores, 0) AS high_scores,
           {rates_sql("high_scores", "scores")}
    FROM called LEFT JOIN judged USING (prompt)
    """,  # noqa: S608 - constants of these modules
    "prompt",
)

PROMPT_SCORES: Final = View(
    "prompt_scores",
    "How answers are judged, one row for each name of a score and each version of a prompt; answers that came of no "
    "prompt have rows, too.",
    (
        Column("prompt", Kind.TEXT, "Prompt as `name@version`; NULL for answers of none."),
        Column("name", Kind.TEXT, "What was judged."),
        Column("judged", Kind.COUNT, "Judgements, those in words too.", adds=True, of="scores"),
        Column("few", Kind.FLAG, f"Whether there are fewer than {FEW}, so that the figures say little."),
        Column("mean", Kind.SCORE, "Mean of all numbers, whatever their scale; NULL where there is none."),
        Column("least", Kind.SCORE, "The lowest."),
        Column("most", Kind.SCORE, "The highest."),
        *RATE_COLUMNS,
    ),
    f"""
    WITH judged AS (
        SELECT prompt, name, count(*) AS judged, count(*) < {FEW} AS few, avg(value) AS mean, min(value) AS least,
               max(value) AS most, count(*) FILTER ({IN_RANGE}) AS scores, avg(value) FILTER ({IN_RANGE}) AS score_mean,
               count(*) FILTER ({IN_RANGE} AND value >= {HIGH_SCORE}) AS high_scores
        FROM prompt_evaluations GROUP BY prompt, name
    )
    SELECT *, {rates_sql("high_scores", "scores")} FROM judged
    """,  # noqa: S608 - constants of these modules
    "name, prompt NULLS LAST",
)

PROMPT_VIEWS: Final = (PROMPT_PERFORMANCE, PROMPT_SCORES)
