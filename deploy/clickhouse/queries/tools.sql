-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- Which tools run, how long, and how often they fail.
-- clickhouse-client --param_days=7 --queries-file tools.sql

SELECT ServiceName AS service, SpanAttributes['gen_ai.tool.name'] AS tool, count() AS runs,
    countIf(ErrorType != '') AS failed, failed / runs AS failed_share,
    quantile(0.5)(Duration) / 1e9 AS p50_s, quantile(0.95)(Duration) / 1e9 AS p95_s, max(Timestamp) AS last_run
FROM otel.otel_traces
WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND Operation = 'execute_tool'
GROUP BY service, tool
ORDER BY failed DESC, runs DESC;
