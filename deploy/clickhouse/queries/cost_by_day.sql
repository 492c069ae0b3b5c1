-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- What each day cost, by service, and its change to the day before.
-- clickhouse-client --param_days=7 --queries-file cost_by_day.sql

SELECT toDate(Timestamp) AS day, ServiceName AS service, count() AS calls,
    countIf(CostUSD IS NULL) AS unpriced,
    countIf(SpanAttributes['spanwise.cost.status'] = 'estimated') AS estimated,
    sum(CostUSD) AS cost_usd,
    cost_usd - lagInFrame(cost_usd) OVER (PARTITION BY service ORDER BY day
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS change_usd
FROM otel.otel_traces
WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND IsCall
GROUP BY day, service
ORDER BY day DESC, service;
