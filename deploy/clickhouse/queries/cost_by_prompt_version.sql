-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- What each version of a prompt costs and how it does: money, tokens, seconds, failures, mean score.
-- clickhouse-client --param_days=7 --queries-file cost_by_prompt_version.sql

SELECT PromptName AS prompt, PromptVersion AS version,
    min(Timestamp) AS first_seen, count() AS calls, countIf(ErrorType != '') AS failed,
    countIf(CostUSD IS NULL) AS unpriced,
    countIf(SpanAttributes['spanwise.cost.status'] = 'estimated') AS estimated,
    sum(CostUSD) AS cost_usd,
    avg(CostUSD) AS usd_per_priced_call, avg(InputTokens) AS input_tokens_per_call,
    avg(OutputTokens) AS output_tokens_per_call, quantile(0.95)(Duration) / 1e9 AS p95_s,
    avgArray(arrayMap(a -> toFloat64OrNull(a['gen_ai.evaluation.score.value']),
        arrayFilter((a, n) -> n = 'gen_ai.evaluation.result', `Events.Attributes`, `Events.Name`))) AS mean_score
FROM otel.otel_traces
WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND IsCall AND PromptName != ''
GROUP BY prompt, version
ORDER BY prompt, first_seen;
