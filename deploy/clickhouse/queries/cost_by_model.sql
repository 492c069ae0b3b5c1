-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- What each model cost. Calls without a known price are counted apart: they are not in the sum.
-- clickhouse-client --param_days=7 --queries-file cost_by_model.sql

SELECT Provider AS provider, Model AS model,
    count() AS calls, countIf(ErrorType != '') AS failed,
    countIf(CostUSD IS NULL) AS unpriced,
    countIf(SpanAttributes['spanwise.cost.status'] = 'estimated') AS estimated,
    sum(CostUSD) AS cost_usd,
    sum(CostUSD) / nullIf(countIf(CostUSD IS NOT NULL), 0) AS usd_per_priced_call,
    sum(InputTokens) AS input_tokens, sum(OutputTokens) AS output_tokens
FROM otel.otel_traces
WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND IsCall
GROUP BY provider, model
ORDER BY cost_usd DESC NULLS LAST, calls DESC;
