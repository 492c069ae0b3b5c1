-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- The slowest calls, with the time to their first chunk, and where to look.
-- clickhouse-client --param_days=7 --queries-file slow.sql

SELECT Timestamp AS at, ServiceName AS service, Provider AS provider, Model AS model,
    Duration / 1e9 AS seconds,
    toFloat64OrNull(SpanAttributes['gen_ai.response.time_to_first_chunk']) AS first_chunk_s,
    toUInt32OrZero(SpanAttributes['http.request.resend_count']) AS retries,
    InputTokens AS input_tokens, OutputTokens AS output_tokens, CostUSD AS cost_usd, TraceId AS trace_id
FROM otel.otel_traces
WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND IsCall
ORDER BY Duration DESC
LIMIT 50;
