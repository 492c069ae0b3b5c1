"""Questions to the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Query:
    """One question. `text` is a template of `spanwise.deploy.clickhouse.name.filled`; its parameter is `days`."""

    name: str
    about: str
    sql: str

    @property
    def text(self) -> str:
        """The question with what it answers above it, and how to ask it."""
        head = "".join(f"-- {line}\n" for line in self.about.strip().splitlines())
        return f"{head}-- clickhouse-client --param_days=7 --queries-file {self.name}.sql\n\n{self.sql.strip()}\n"


QUERIES: Final = (
    Query(
        "cost_by_model",
        "What each model cost. Calls without a known price are counted apart: they are not in the sum.",
        """
SELECT Provider AS provider, Model AS model,
    count() AS calls, countIf(ErrorType != '') AS failed,
    $money,
    sum(CostUSD) / nullIf(countIf(CostUSD IS NOT NULL), 0) AS usd_per_priced_call,
    sum(InputTokens) AS input_tokens, sum(OutputTokens) AS output_tokens
FROM $database.$traces
WHERE $since AND IsCall
GROUP BY provider, model
ORDER BY cost_usd DESC NULLS LAST, calls DESC;
""",
    ),
    Query(
        "cost_by_day",
        "What each day cost, by service, and its change to the day before.",
        """
SELECT toDate(Timestamp) AS day, ServiceName AS service, count() AS calls,
    $money,
    cost_usd - lagInFrame(cost_usd) OVER (PARTITION BY service ORDER BY day
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS change_usd
FROM $database.$traces
WHERE $since AND IsCall
GROUP BY day, service
ORDER BY day DESC, service;
""",
    ),
    Query(
        "cost_by_user",
        "Who spends most, by tenant, and on which model. An empty user is calls that name none.",
        """
SELECT Tenant AS tenant, UserId AS user, count() AS calls,
    $money,
    argMax(Model, CostUSD) AS model_of_dearest_call, max(CostUSD) AS dearest_call_usd
FROM $database.$traces
WHERE $since AND IsCall
GROUP BY tenant, user
ORDER BY cost_usd DESC NULLS LAST, calls DESC
LIMIT 100;
""",
    ),
    Query(
        "cost_by_prompt_version",
        "What each version of a prompt costs and how it does: money, tokens, seconds, failures, mean score.",
        """
SELECT PromptName AS prompt, PromptVersion AS version,
    min(Timestamp) AS first_seen, count() AS calls, countIf(ErrorType != '') AS failed,
    $money,
    avg(CostUSD) AS usd_per_priced_call, avg(InputTokens) AS input_tokens_per_call,
    avg(OutputTokens) AS output_tokens_per_call, quantile(0.95)(Duration) / 1e9 AS p95_s,
    avgArray(arrayMap(a -> toFloat64OrNull(a[$GEN_AI_EVALUATION_SCORE_VALUE]),
        arrayFilter((a, n) -> n = $GEN_AI_EVALUATION_RESULT, `Events.Attributes`, `Events.Name`))) AS mean_score
FROM $database.$traces
WHERE $since AND IsCall AND PromptName != ''
GROUP BY prompt, version
ORDER BY prompt, first_seen;
""",
    ),
    Query(
        "slow",
        "The slowest calls, with the time to their first chunk, and where to look.",
        """
SELECT Timestamp AS at, ServiceName AS service, Provider AS provider, Model AS model,
    Duration / 1e9 AS seconds,
    toFloat64OrNull(SpanAttributes[$GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]) AS first_chunk_s,
    toUInt32OrZero(SpanAttributes[$HTTP_REQUEST_RESEND_COUNT]) AS retries,
    InputTokens AS input_tokens, OutputTokens AS output_tokens, CostUSD AS cost_usd, TraceId AS trace_id
FROM $database.$traces
WHERE $since AND IsCall
ORDER BY Duration DESC
LIMIT 50;
""",
    ),
    Query(
        "errors",
        "What failed: how often, which share of the model's calls, since when, and the newest of them.\n"
        "The message is content: it is empty when that is no longer kept, or when you may not read it.",
        """
SELECT f.service AS service, f.provider AS provider, f.model AS model, f.error AS error,
    f.failed AS failed, f.failed / a.calls AS share, f.first_seen AS first_seen, f.last_seen AS last_seen,
    f.trace_id AS trace_id, c.StatusMessage AS message
FROM (
    SELECT ServiceName AS service, Provider AS provider, Model AS model, ErrorType AS error, count() AS failed,
        min(Timestamp) AS first_seen, max(Timestamp) AS last_seen,
        argMax(TraceId, Timestamp) AS trace_id, argMax(SpanId, Timestamp) AS span_id
    FROM $database.$traces
    WHERE $since AND IsCall AND ErrorType != ''
    GROUP BY service, provider, model, error
) AS f
INNER JOIN (
    SELECT ServiceName AS service, Provider AS provider, Model AS model, count() AS calls
    FROM $database.$traces
    WHERE $since AND IsCall
    GROUP BY service, provider, model
) AS a USING (service, provider, model)
LEFT ANY JOIN $database.$content AS c ON c.TraceId = f.trace_id AND c.SpanId = f.span_id
ORDER BY failed DESC, last_seen DESC;
""",
    ),
    Query(
        "expensive_prompts",
        "Which prompts the money goes to: by name and version, or, where calls name none, by their instructions.\n"
        "What content is kept no longer for has no name here; its calls are one row.",
        """
SELECT if(s.PromptName != '', concat(s.PromptName, '@', s.PromptVersion),
        if(c.Attributes[$GEN_AI_SYSTEM_INSTRUCTIONS] = '', '',
            concat('instructions ', lower(hex(sipHash64(c.Attributes[$GEN_AI_SYSTEM_INSTRUCTIONS])))))) AS prompt,
    count() AS calls, countIf(s.CostUSD IS NULL) AS unpriced, sum(s.CostUSD) AS cost_usd,
    avg(s.InputTokens) AS input_tokens_per_call, max(s.CostUSD) AS dearest_call_usd,
    argMax(s.TraceId, s.CostUSD) AS dearest_trace_id,
    substringUTF8(anyLast(c.Attributes[$GEN_AI_SYSTEM_INSTRUCTIONS]), 1, 200) AS instructions
FROM (
    SELECT TraceId, SpanId, PromptName, PromptVersion, CostUSD, InputTokens
    FROM $database.$traces
    WHERE $since AND IsCall
) AS s
LEFT ANY JOIN $database.$content AS c ON c.TraceId = s.TraceId AND c.SpanId = s.SpanId
GROUP BY prompt
ORDER BY cost_usd DESC NULLS LAST, calls DESC
LIMIT 100;
""",
    ),
    Query(
        "cache_savings",
        "What prompt caching saves: the share of input tokens read from a cache, and what they would have cost as\n"
        "plain input, less what they did cost. Calls whose savings are unknown are counted apart.",
        """
SELECT Provider AS provider, Model AS model, count() AS calls,
    sum(InputTokens) AS input_tokens,
    sum(toUInt64OrNull(SpanAttributes[$GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS])) AS cached_tokens,
    cached_tokens / nullIf(input_tokens, 0) AS cached_share,
    sum(toDecimal64OrNull(SpanAttributes[$SPANWISE_COST_CACHE_SAVINGS], 9)) AS saved_usd,
    countIf(toUInt64OrZero(SpanAttributes[$GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]) > 0
        AND SpanAttributes[$SPANWISE_COST_CACHE_SAVINGS] = '') AS savings_unknown,
    sum(CostUSD) AS cost_usd
FROM $database.$traces
WHERE $since AND IsCall
GROUP BY provider, model
ORDER BY saved_usd DESC NULLS LAST, input_tokens DESC;
""",
    ),
    Query(
        "tools",
        "Which tools run, how long, and how often they fail.",
        """
SELECT ServiceName AS service, SpanAttributes[$GEN_AI_TOOL_NAME] AS tool, count() AS runs,
    countIf(ErrorType != '') AS failed, failed / runs AS failed_share,
    quantile(0.5)(Duration) / 1e9 AS p50_s, quantile(0.95)(Duration) / 1e9 AS p95_s, max(Timestamp) AS last_run
FROM $database.$traces
WHERE $since AND Operation = $GEN_AI_OPERATION_NAME_EXECUTE_TOOL
GROUP BY service, tool
ORDER BY failed DESC, runs DESC;
""",
    ),
    Query(
        "loops",
        "Agents that may run in circles: traces with the most model calls and tool runs, and what they cost.",
        """
SELECT TraceId AS trace_id, any(ServiceName) AS service, min(Timestamp) AS began,
    countIf(IsCall) AS calls, countIf(Operation = $GEN_AI_OPERATION_NAME_EXECUTE_TOOL) AS tool_runs,
    uniqIf(SpanAttributes[$GEN_AI_TOOL_NAME], Operation = $GEN_AI_OPERATION_NAME_EXECUTE_TOOL) AS tools,
    sumIf(CostUSD, IsCall) AS cost_usd
FROM $database.$traces
WHERE $since AND (IsCall OR Operation = $GEN_AI_OPERATION_NAME_EXECUTE_TOOL)
GROUP BY trace_id
HAVING calls + tool_runs >= 20
ORDER BY calls + tool_runs DESC
LIMIT 50;
""",
    ),
)
"""Every question, in the order of the documentation."""
