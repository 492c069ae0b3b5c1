-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- What prompt caching saves: the share of input tokens read from a cache, and what they would have cost as
-- plain input, less what they did cost. Calls whose savings are unknown are counted apart.
-- clickhouse-client --param_days=7 --queries-file cache_savings.sql

SELECT Provider AS provider, Model AS model, count() AS calls,
    sum(InputTokens) AS input_tokens,
    sum(toUInt64OrNull(SpanAttributes['gen_ai.usage.cache_read.input_tokens'])) AS cached_tokens,
    cached_tokens / nullIf(input_tokens, 0) AS cached_share,
    sum(toDecimal64OrNull(SpanAttributes['spanwise.cost.cache_savings'], 9)) AS saved_usd,
    countIf(toUInt64OrZero(SpanAttributes['gen_ai.usage.cache_read.input_tokens']) > 0
        AND SpanAttributes['spanwise.cost.cache_savings'] = '') AS savings_unknown,
    sum(CostUSD) AS cost_usd
FROM otel.otel_traces
WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND IsCall
GROUP BY provider, model
ORDER BY saved_usd DESC NULLS LAST, input_tokens DESC;
