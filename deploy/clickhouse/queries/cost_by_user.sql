-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- Who spends most, by tenant, and on which model. An empty user is calls that name none.
-- clickhouse-client --param_days=7 --queries-file cost_by_user.sql

SELECT Tenant AS tenant, UserId AS user, count() AS calls,
    countIf(CostUSD IS NULL) AS unpriced,
    countIf(SpanAttributes['spanwise.cost.status'] = 'estimated') AS estimated,
    sum(CostUSD) AS cost_usd,
    argMax(Model, CostUSD) AS model_of_dearest_call, max(CostUSD) AS dearest_call_usd
FROM otel.otel_traces
WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND IsCall
GROUP BY tenant, user
ORDER BY cost_usd DESC NULLS LAST, calls DESC
LIMIT 100;
