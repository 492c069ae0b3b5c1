-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- What failed: how often, which share of the model's calls, since when, and the newest of them.
-- The message is content: it is empty when that is no longer kept, or when you may not read it.
-- clickhouse-client --param_days=7 --queries-file errors.sql

SELECT f.service AS service, f.provider AS provider, f.model AS model, f.error AS error,
    f.failed AS failed, f.failed / a.calls AS share, f.first_seen AS first_seen, f.last_seen AS last_seen,
    f.trace_id AS trace_id, c.StatusMessage AS message
FROM (
    SELECT ServiceName AS service, Provider AS provider, Model AS model, ErrorType AS error, count() AS failed,
        min(Timestamp) AS first_seen, max(Timestamp) AS last_seen,
        argMax(TraceId, Timestamp) AS trace_id, argMax(SpanId, Timestamp) AS span_id
    FROM otel.otel_traces
    WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND IsCall AND ErrorType != ''
    GROUP BY service, provider, model, error
) AS f
INNER JOIN (
    SELECT ServiceName AS service, Provider AS provider, Model AS model, count() AS calls
    FROM otel.otel_traces
    WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND IsCall
    GROUP BY service, provider, model
) AS a USING (service, provider, model)
LEFT ANY JOIN otel.otel_content AS c ON c.TraceId = f.trace_id AND c.SpanId = f.span_id
ORDER BY failed DESC, last_seen DESC;
