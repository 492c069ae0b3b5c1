-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- Which prompts the money goes to: by name and version, or, where calls name none, by their instructions.
-- What content is kept no longer for has no name here; its calls are one row.
-- clickhouse-client --param_days=7 --queries-file expensive_prompts.sql

SELECT if(s.PromptName != '', concat(s.PromptName, '@', s.PromptVersion),
        if(c.Attributes['gen_ai.system_instructions'] = '', '',
            concat('instructions ', lower(hex(sipHash64(c.Attributes['gen_ai.system_instructions'])))))) AS prompt,
    count() AS calls, countIf(s.CostUSD IS NULL) AS unpriced, sum(s.CostUSD) AS cost_usd,
    avg(s.InputTokens) AS input_tokens_per_call, max(s.CostUSD) AS dearest_call_usd,
    argMax(s.TraceId, s.CostUSD) AS dearest_trace_id,
    substringUTF8(anyLast(c.Attributes['gen_ai.system_instructions']), 1, 200) AS instructions
FROM (
    SELECT TraceId, SpanId, PromptName, PromptVersion, CostUSD, InputTokens
    FROM otel.otel_traces
    WHERE Timestamp >= now() - toIntervalDay({days:UInt32}) AND IsCall
) AS s
LEFT ANY JOIN otel.otel_content AS c ON c.TraceId = s.TraceId AND c.SpanId = s.SpanId
GROUP BY prompt
ORDER BY cost_usd DESC NULLS LAST, calls DESC
LIMIT 100;
