-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- Agents that may run in circles: traces with the most model calls and tool runs, and what they cost.
-- clickhouse-client --param_days=7 --queries-file loops.sql

SELECT TraceId AS trace_id, any(ServiceName) AS service, min(Timestamp) AS began,
    countIf(IsCall) AS calls, countIf(Operation = 'execute_tool') AS tool_runs,
    uniqIf(SpanAttributes['gen_ai.tool.name'], Operation = 'execute_tool') AS tools,
    sumIf(CostUSD, IsCall) AS cost_usd
FROM otel.otel_traces
WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND (IsCall OR Operation = 'execute_tool')
GROUP BY trace_id
HAVING calls + tool_runs >= 20
ORDER BY calls + tool_runs DESC
LIMIT 50;
