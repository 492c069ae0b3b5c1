"""What takes long, and what agents do."""

from __future__ import annotations

from typing import Final

from spanwise.semconv import values
from spanwise.store.views.view import Column, Kind, View, calls_counted


SLOW_OPERATIONS: Final = View(
    "slow_operations",
    "How long operations take, by their kind and name: model calls, tools, agents, retrievals, steps of the "
    "application.",
    (
        Column("operation", Kind.TEXT, "As `gen_ai.operation.name`; NULL for other spans."),
        Column("name", Kind.TEXT, "Name of the span."),
        Column("runs", Kind.COUNT, "How often it ran.", adds=True, of="spans"),
        Column("errors", Kind.COUNT, "How often it failed.", adds=True, of="spans"),
        Column("p50_s", Kind.SECONDS, "Median duration."),
        Column("p95_s", Kind.SECONDS, "Duration that 95 of 100 runs do not exceed."),
        Column("max_s", Kind.SECONDS, "The longest."),
        Column("total_s", Kind.SECONDS, "All of them together, with what ran inside; so they do not add up."),
        Column("slowest_trace_id", Kind.ID, "Trace of the longest."),
    ),
    """SELECT operation, name, count(*) AS runs, count(error_type) AS errors, quantile_cont(duration_s, 0.5) AS p50_s,
              quantile_cont(duration_s, 0.95) AS p95_s, max(duration_s) AS max_s, sum(duration_s) AS total_s,
              arg_max(trace_id, duration_s) AS slowest_trace_id
       FROM operations GROUP BY operation, name""",
    "p95_s DESC, name",
)

LATENCY: Final = View(
    "latency",
    "How long model calls take, one row for each model.",
    (
        Column("model", Kind.TEXT, "Model asked for, or else the one that answered."),
        calls_counted("calls", "Model calls."),
        Column("p50_s", Kind.SECONDS, "Median duration."),
        Column("p95_s", Kind.SECONDS, "Duration that 95 of 100 calls do not exceed."),
        Column("max_s", Kind.SECONDS, "The longest."),
        Column("first_chunk_p50_s", Kind.SECONDS, "Median time to the first chunk, of calls that streamed."),
        Column("first_chunk_p95_s", Kind.SECONDS, "Time that 95 of 100 of them do not exceed."),
        Column("output_tokens_per_s", Kind.SPEED, "Output tokens of all calls by the time that they took."),
    ),
    """SELECT model, count(*) AS calls, quantile_cont(duration_s, 0.5) AS p50_s,
              quantile_cont(duration_s, 0.95) AS p95_s, max(duration_s) AS max_s,
              quantile_cont(time_to_first_chunk_s, 0.5) AS first_chunk_p50_s,
              quantile_cont(time_to_first_chunk_s, 0.95) AS first_chunk_p95_s,
              sum(output_tokens) FILTER (duration_s > 0)
                / nullif(sum(duration_s) FILTER (output_tokens IS NOT NULL AND duration_s > 0), 0)
                AS output_tokens_per_s
       FROM calls GROUP BY model""",
    "p95_s DESC, model",
)

_RUN: Final = f"operation = '{values.GEN_AI_OPERATION_NAME_INVOKE_AGENT}'"
_TOOL: Final = f"operation = '{values.GEN_AI_OPERATION_NAME_EXECUTE_TOOL}'"

AGENTS: Final = View(
    "agents",
    "What runs of agents did, one row for each agent. A step counts to the nearest agent around it, so that an agent "
    "inside another has its own.",
    (
        Column("agent", Kind.TEXT, "Name of the agent."),
        Column("runs", Kind.COUNT, "Runs.", adds=True, of="runs"),
        Column("errors", Kind.COUNT, "Runs that failed.", adds=True, of="runs"),
        calls_counted("calls", "Model calls in them."),
        Column("tool_calls", Kind.COUNT, "Tools run in them.", adds=True, of="spans"),
        Column("steps", Kind.COUNT, "All spans in them.", adds=True, of="spans"),
        Column("steps_per_run", Kind.NUMBER, "Mean of these."),
        Column("most_steps", Kind.COUNT, "The most in one run.", of="spans"),
        Column("cost_usd", Kind.COST, "Sum of the calls priced in US dollars; NULL where there is none.", adds=True),
        calls_counted("estimated_calls", "Calls in `cost_usd` whose price is an estimate."),
        calls_counted("unpriced_calls", "Calls without a price, which have no part in the sum."),
        calls_counted("foreign_calls", "Calls priced in other currencies."),
        Column("cost_per_run_usd", Kind.COST, "`cost_usd` by the number of runs, to 12 decimals."),
        Column("most_usd", Kind.COST, "The dearest run."),
        Column("dearest_trace_id", Kind.ID, "Its trace."),
        Column("p50_s", Kind.SECONDS, "Median duration of a run."),
        Column("p95_s", Kind.SECONDS, "Duration that 95 of 100 runs do not exceed."),
    ),
    f"""
    WITH RECURSIVE run AS (
        SELECT trace_id, span_id, agent, duration_s, error_type FROM operations WHERE {_RUN}
    ), span AS (
        SELECT trace_id, span_id, parent_span_id, coalesce({_RUN}, false) AS is_run,
               coalesce({_TOOL}, false) AS is_tool, model_call, cost_usd, currency, estimated, unpriced
        FROM operations SEMI JOIN run USING (trace_id)
    ), inside (trace_id, run_id, span_id) AS (
        SELECT trace_id, span_id, span_id FROM run
        UNION
        SELECT span.trace_id, inside.run_id, span.span_id
        FROM inside JOIN span ON span.trace_id = inside.trace_id AND span.parent_span_id = inside.span_id
        WHERE NOT span.is_run
    ), done AS (
        SELECT run.trace_id, run.span_id, count(span.span_id) AS steps,
               count(*) FILTER (span.model_call) AS calls, count(*) FILTER (span.is_tool) AS tool_calls,
               sum(span.cost_usd) FILTER (span.model_call) AS cost_usd,
               count(*) FILTER (span.model_call AND span.estimated) AS estimated_calls,
               count(*) FILTER (span.model_call AND span.unpriced) AS unpriced_calls,
               count(*) FILTER (span.model_call AND span.currency <> 'USD') AS foreign_calls
        FROM run
        LEFT JOIN inside ON inside.trace_id = run.trace_id AND inside.run_id = run.span_id
                         AND inside.span_id <> run.span_id
        LEFT JOIN span ON span.trace_id = inside.trace_id AND span.span_id = inside.span_id
        GROUP BY run.trace_id, run.span_id
    )
    SELECT agent, count(*) AS runs, count(error_type) AS errors, sum(calls)::BIGINT AS calls,
           sum(tool_calls)::BIGINT AS tool_calls, sum(steps)::BIGINT AS steps, avg(steps) AS steps_per_run,
           max(steps) AS most_steps, sum(cost_usd) AS cost_usd, sum(estimated_calls)::BIGINT AS estimated_calls,
           sum(unpriced_calls)::BIGINT AS unpriced_calls, sum(foreign_calls)::BIGINT AS foreign_calls,
           (sum(cost_usd) / count(*))::DECIMAL(18,12) AS cost_per_run_usd, max(cost_usd) AS most_usd,
           arg_max(trace_id, cost_usd) AS dearest_trace_id,
           quantile_cont(duration_s, 0.5) AS p50_s, quantile_cont(duration_s, 0.95) AS p95_s
    FROM run JOIN done USING (trace_id, span_id) GROUP BY agent
    """,  # noqa: S608 - constants of this module
    "cost_usd DESC NULLS LAST, runs DESC, agent",
)

OPERATION_VIEWS: Final = (SLOW_OPERATIONS, LATENCY, AGENTS)
