-- Written by spanwise deploy render. Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours.
-- Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster.

-- Spans arrive in otel_traces_inbox, which keeps nothing. Two views divide each of them: what the convention calls
-- content (messages, instructions, arguments and results of tools, texts of exceptions) goes to otel_content and is
-- kept 7 days; the rest goes to otel_traces and is kept 30 days. Content is 80 to 97 % of the
-- bytes. Tell the Collector's exporter: traces_table_name: otel_traces_inbox, logs_table_name: otel_logs, create_schema: false.
-- Running this file again is safe: it adds what is missing and sets retention and views to what the policy says.

CREATE DATABASE IF NOT EXISTS otel;

CREATE TABLE IF NOT EXISTS otel.otel_traces_inbox (
    Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TraceId String CODEC(ZSTD(1)),
    SpanId String CODEC(ZSTD(1)),
    ParentSpanId String CODEC(ZSTD(1)),
    TraceState String CODEC(ZSTD(1)),
    SpanName LowCardinality(String) CODEC(ZSTD(1)),
    SpanKind LowCardinality(String) CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion String CODEC(ZSTD(1)),
    SpanAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    Duration UInt64 CODEC(T64, ZSTD(1)),
    StatusCode LowCardinality(String) CODEC(ZSTD(1)),
    StatusMessage String CODEC(ZSTD(1)),
    Events Nested (Timestamp DateTime64(9), Name LowCardinality(String),
                   Attributes Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    Links Nested (TraceId String, SpanId String, TraceState String,
                  Attributes Map(LowCardinality(String), String)) CODEC(ZSTD(1))
) ENGINE = Null;

CREATE TABLE IF NOT EXISTS otel.otel_traces (
    Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TraceId String CODEC(ZSTD(1)),
    SpanId String CODEC(ZSTD(1)),
    ParentSpanId String CODEC(ZSTD(1)),
    TraceState String CODEC(ZSTD(1)),
    SpanName LowCardinality(String) CODEC(ZSTD(1)),
    SpanKind LowCardinality(String) CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion String CODEC(ZSTD(1)),
    SpanAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    Duration UInt64 CODEC(T64, ZSTD(1)),
    StatusCode LowCardinality(String) CODEC(ZSTD(1)),
    StatusMessage String CODEC(ZSTD(1)),
    Events Nested (Timestamp DateTime64(9), Name LowCardinality(String),
                   Attributes Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    Links Nested (TraceId String, SpanId String, TraceState String,
                  Attributes Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    -- Worked out when a row is inserted, so that questions read a few bytes instead of the whole map.
    -- NULL is unknown: an absent token count or price is not zero.
    Operation LowCardinality(String) MATERIALIZED SpanAttributes['gen_ai.operation.name'],
    Provider LowCardinality(String) MATERIALIZED SpanAttributes['gen_ai.provider.name'],
    Model LowCardinality(String) MATERIALIZED if(SpanAttributes['gen_ai.request.model'] != '',
        SpanAttributes['gen_ai.request.model'], SpanAttributes['gen_ai.response.model']),
    Tenant String MATERIALIZED SpanAttributes['spanwise.tenant'],
    UserId String MATERIALIZED SpanAttributes['user.id'],
    PromptName LowCardinality(String) MATERIALIZED SpanAttributes['gen_ai.prompt.name'],
    PromptVersion LowCardinality(String) MATERIALIZED SpanAttributes['gen_ai.prompt.version'],
    ErrorType LowCardinality(String) MATERIALIZED SpanAttributes['error.type'],
    InputTokens Nullable(UInt64) MATERIALIZED toUInt64OrNull(SpanAttributes['gen_ai.usage.input_tokens']),
    OutputTokens Nullable(UInt64) MATERIALIZED toUInt64OrNull(SpanAttributes['gen_ai.usage.output_tokens']),
    CostUSD Nullable(Decimal(18, 9)) MATERIALIZED if(SpanAttributes['gen_ai.usage.cost.currency'] IN ('', 'USD'),
        toDecimal64OrNull(SpanAttributes['gen_ai.usage.cost.amount'], 9), NULL),
    -- One span of each call: the others repeat it.
    IsCall Bool MATERIALIZED Operation IN ('chat', 'generate_content', 'text_completion', 'embeddings') AND SpanAttributes['spanwise.duplicate_of'] = '',
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_span_attribute_key mapKeys(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_span_attribute_value mapValues(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_duration Duration TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toDate(Timestamp)
PRIMARY KEY (ServiceName, SpanName, toDateTime(Timestamp))
ORDER BY (ServiceName, SpanName, toDateTime(Timestamp), Timestamp)
TTL toDateTime(Timestamp) + toIntervalDay(30)
SETTINGS ttl_only_drop_parts = 1;  -- a day is dropped as a whole, nothing is rewritten

ALTER TABLE otel.otel_traces MODIFY TTL toDateTime(Timestamp) + toIntervalDay(30);

CREATE TABLE IF NOT EXISTS otel.otel_content (
    Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TraceId String CODEC(ZSTD(1)),
    SpanId String CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    StatusMessage String CODEC(ZSTD(1)),
    Attributes Map(LowCardinality(String), String) CODEC(ZSTD(3)),
    EventNames Array(LowCardinality(String)) CODEC(ZSTD(1)),
    EventAttributes Array(Map(LowCardinality(String), String)) CODEC(ZSTD(3)),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toDate(Timestamp)
ORDER BY (TraceId, SpanId, Timestamp)
TTL toDateTime(Timestamp) + toIntervalDay(7)
SETTINGS ttl_only_drop_parts = 1;

ALTER TABLE otel.otel_content MODIFY TTL toDateTime(Timestamp) + toIntervalDay(7);

-- Log records: the convention sends content as events when it is not to stand on spans, so they are kept as content is.
CREATE TABLE IF NOT EXISTS otel.otel_logs (
    Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TraceId String CODEC(ZSTD(1)),
    SpanId String CODEC(ZSTD(1)),
    TraceFlags UInt8,
    SeverityText LowCardinality(String) CODEC(ZSTD(1)),
    SeverityNumber UInt8,
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    Body String CODEC(ZSTD(3)),
    ResourceSchemaUrl LowCardinality(String) CODEC(ZSTD(1)),
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeSchemaUrl LowCardinality(String) CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion LowCardinality(String) CODEC(ZSTD(1)),
    ScopeAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    LogAttributes Map(LowCardinality(String), String) CODEC(ZSTD(3)),
    EventName String CODEC(ZSTD(1)),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toDate(Timestamp)
ORDER BY (ServiceName, EventName, toDateTime(Timestamp), Timestamp)
TTL toDateTime(Timestamp) + toIntervalDay(7)
SETTINGS ttl_only_drop_parts = 1;

ALTER TABLE otel.otel_logs MODIFY TTL toDateTime(Timestamp) + toIntervalDay(7);

-- When a trace was, for tools that look it up by its id.
CREATE TABLE IF NOT EXISTS otel.otel_traces_trace_id_ts (
    TraceId String CODEC(ZSTD(1)),
    Start DateTime CODEC(Delta(4), ZSTD(1)),
    End DateTime CODEC(Delta(4), ZSTD(1)),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toDate(Start)
ORDER BY (TraceId, Start)
TTL Start + toIntervalDay(30)
SETTINGS ttl_only_drop_parts = 1;

ALTER TABLE otel.otel_traces_trace_id_ts MODIFY TTL Start + toIntervalDay(30);

CREATE MATERIALIZED VIEW IF NOT EXISTS otel.otel_traces_mv TO otel.otel_traces AS
WITH [
    'url.full',
    'exception.message',
    'exception.stacktrace',
    'gen_ai.request.stop_sequences',
    'gen_ai.agent.description',
    'gen_ai.main_agent.description',
    'gen_ai.tool.description',
    'gen_ai.tool.call.arguments',
    'gen_ai.tool.call.result',
    'gen_ai.tool.definitions',
    'gen_ai.retrieval.query.text',
    'gen_ai.retrieval.documents',
    'gen_ai.memory.query.text',
    'gen_ai.memory.records',
    'gen_ai.system_instructions',
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.evaluation.explanation',
    'gen_ai.prompt.variable',
    'gen_ai.skill.description',
    'gen_ai.skill.source.uri',
    'mcp.resource.uri',
    'spanwise.request.output_schema',
    'spanwise.observe.input',
    'spanwise.observe.output'
] AS content_keys
SELECT * EXCEPT (SpanAttributes, StatusMessage, `Events.Attributes`), '' AS StatusMessage,
    mapFilter((k, v) -> NOT (has(content_keys, k) OR startsWith(k, 'gen_ai.prompt.variable.') OR startsWith(k, 'spanwise.metadata.')), SpanAttributes) AS SpanAttributes,
    arrayMap(a -> mapFilter((k, v) -> NOT (has(content_keys, k) OR startsWith(k, 'gen_ai.prompt.variable.') OR startsWith(k, 'spanwise.metadata.')), a), `Events.Attributes`) AS `Events.Attributes`
FROM otel.otel_traces_inbox;

CREATE MATERIALIZED VIEW IF NOT EXISTS otel.otel_content_mv TO otel.otel_content AS
WITH [
    'url.full',
    'exception.message',
    'exception.stacktrace',
    'gen_ai.request.stop_sequences',
    'gen_ai.agent.description',
    'gen_ai.main_agent.description',
    'gen_ai.tool.description',
    'gen_ai.tool.call.arguments',
    'gen_ai.tool.call.result',
    'gen_ai.tool.definitions',
    'gen_ai.retrieval.query.text',
    'gen_ai.retrieval.documents',
    'gen_ai.memory.query.text',
    'gen_ai.memory.records',
    'gen_ai.system_instructions',
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.evaluation.explanation',
    'gen_ai.prompt.variable',
    'gen_ai.skill.description',
    'gen_ai.skill.source.uri',
    'mcp.resource.uri',
    'spanwise.request.output_schema',
    'spanwise.observe.input',
    'spanwise.observe.output'
] AS content_keys
SELECT Timestamp, TraceId, SpanId, ServiceName, StatusMessage, `Events.Name` AS EventNames,
    mapFilter((k, v) -> has(content_keys, k) OR startsWith(k, 'gen_ai.prompt.variable.') OR startsWith(k, 'spanwise.metadata.'), SpanAttributes) AS Attributes,
    arrayMap(a -> mapFilter((k, v) -> has(content_keys, k) OR startsWith(k, 'gen_ai.prompt.variable.') OR startsWith(k, 'spanwise.metadata.'), a), `Events.Attributes`) AS EventAttributes
FROM otel.otel_traces_inbox
WHERE notEmpty(Attributes) OR StatusMessage != '' OR arrayExists(a -> notEmpty(a), EventAttributes);

CREATE MATERIALIZED VIEW IF NOT EXISTS otel.otel_traces_trace_id_ts_mv TO otel.otel_traces_trace_id_ts AS
SELECT TraceId, toDateTime(min(Timestamp)) AS Start, toDateTime(max(Timestamp)) AS End
FROM otel.otel_traces_inbox WHERE TraceId != '' GROUP BY TraceId;

ALTER TABLE otel.otel_traces_mv MODIFY QUERY
WITH [
    'url.full',
    'exception.message',
    'exception.stacktrace',
    'gen_ai.request.stop_sequences',
    'gen_ai.agent.description',
    'gen_ai.main_agent.description',
    'gen_ai.tool.description',
    'gen_ai.tool.call.arguments',
    'gen_ai.tool.call.result',
    'gen_ai.tool.definitions',
    'gen_ai.retrieval.query.text',
    'gen_ai.retrieval.documents',
    'gen_ai.memory.query.text',
    'gen_ai.memory.records',
    'gen_ai.system_instructions',
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.evaluation.explanation',
    'gen_ai.prompt.variable',
    'gen_ai.skill.description',
    'gen_ai.skill.source.uri',
    'mcp.resource.uri',
    'spanwise.request.output_schema',
    'spanwise.observe.input',
    'spanwise.observe.output'
] AS content_keys
SELECT * EXCEPT (SpanAttributes, StatusMessage, `Events.Attributes`), '' AS StatusMessage,
    mapFilter((k, v) -> NOT (has(content_keys, k) OR startsWith(k, 'gen_ai.prompt.variable.') OR startsWith(k, 'spanwise.metadata.')), SpanAttributes) AS SpanAttributes,
    arrayMap(a -> mapFilter((k, v) -> NOT (has(content_keys, k) OR startsWith(k, 'gen_ai.prompt.variable.') OR startsWith(k, 'spanwise.metadata.')), a), `Events.Attributes`) AS `Events.Attributes`
FROM otel.otel_traces_inbox;

ALTER TABLE otel.otel_content_mv MODIFY QUERY
WITH [
    'url.full',
    'exception.message',
    'exception.stacktrace',
    'gen_ai.request.stop_sequences',
    'gen_ai.agent.description',
    'gen_ai.main_agent.description',
    'gen_ai.tool.description',
    'gen_ai.tool.call.arguments',
    'gen_ai.tool.call.result',
    'gen_ai.tool.definitions',
    'gen_ai.retrieval.query.text',
    'gen_ai.retrieval.documents',
    'gen_ai.memory.query.text',
    'gen_ai.memory.records',
    'gen_ai.system_instructions',
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.evaluation.explanation',
    'gen_ai.prompt.variable',
    'gen_ai.skill.description',
    'gen_ai.skill.source.uri',
    'mcp.resource.uri',
    'spanwise.request.output_schema',
    'spanwise.observe.input',
    'spanwise.observe.output'
] AS content_keys
SELECT Timestamp, TraceId, SpanId, ServiceName, StatusMessage, `Events.Name` AS EventNames,
    mapFilter((k, v) -> has(content_keys, k) OR startsWith(k, 'gen_ai.prompt.variable.') OR startsWith(k, 'spanwise.metadata.'), SpanAttributes) AS Attributes,
    arrayMap(a -> mapFilter((k, v) -> has(content_keys, k) OR startsWith(k, 'gen_ai.prompt.variable.') OR startsWith(k, 'spanwise.metadata.'), a), `Events.Attributes`) AS EventAttributes
FROM otel.otel_traces_inbox
WHERE notEmpty(Attributes) OR StatusMessage != '' OR arrayExists(a -> notEmpty(a), EventAttributes);
