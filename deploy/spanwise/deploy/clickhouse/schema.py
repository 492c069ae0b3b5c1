"""The tables."""

from __future__ import annotations

from typing import Final


_COLUMNS: Final = """
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
                  Attributes Map(LowCardinality(String), String)) CODEC(ZSTD(1))"""
"""What the Collector's exporter inserts, in contrib 0.165."""

_TRACES_VIEW: Final = """
WITH [$content_keys] AS content_keys
SELECT * EXCEPT (SpanAttributes, StatusMessage, `Events.Attributes`), '' AS StatusMessage,
    mapFilter((k, v) -> NOT ($is_content), SpanAttributes) AS SpanAttributes,
    arrayMap(a -> mapFilter((k, v) -> NOT ($is_content), a), `Events.Attributes`) AS `Events.Attributes`
FROM $database.$inbox;
"""

_CONTENT_VIEW: Final = """
WITH [$content_keys] AS content_keys
SELECT Timestamp, TraceId, SpanId, ServiceName, StatusMessage, `Events.Name` AS EventNames,
    mapFilter((k, v) -> $is_content, SpanAttributes) AS Attributes,
    arrayMap(a -> mapFilter((k, v) -> $is_content, a), `Events.Attributes`) AS EventAttributes
FROM $database.$inbox
WHERE notEmpty(Attributes) OR StatusMessage != '' OR arrayExists(a -> notEmpty(a), EventAttributes);
"""

SCHEMA: Final = "".join(
    (
        """
-- Spans arrive in $inbox, which keeps nothing. Two views divide each of them: what the convention calls
-- content (messages, instructions, arguments and results of tools, texts of exceptions) goes to $content and is
-- kept $content_days days; the rest goes to $traces and is kept $traces_days days. Content is 80 to 97 % of the
-- bytes. Tell the Collector's exporter: traces_table_name: $inbox, logs_table_name: $events, create_schema: false.
-- Running this file again is safe: it adds what is missing and sets retention and views to what the policy says.

CREATE DATABASE IF NOT EXISTS $database;

CREATE TABLE IF NOT EXISTS $database.$inbox (""",
        _COLUMNS,
        """
) ENGINE = Null;

CREATE TABLE IF NOT EXISTS $database.$traces (""",
        _COLUMNS,
        """,
    -- Worked out when a row is inserted, so that questions read a few bytes instead of the whole map.
    -- NULL is unknown: an absent token count or price is not zero.
    Operation LowCardinality(String) MATERIALIZED SpanAttributes[$GEN_AI_OPERATION_NAME],
    Provider LowCardinality(String) MATERIALIZED SpanAttributes[$GEN_AI_PROVIDER_NAME],
    Model LowCardinality(String) MATERIALIZED if(SpanAttributes[$GEN_AI_REQUEST_MODEL] != '',
        SpanAttributes[$GEN_AI_REQUEST_MODEL], SpanAttributes[$GEN_AI_RESPONSE_MODEL]),
    Tenant String MATERIALIZED SpanAttributes[$SPANWISE_TENANT],
    UserId String MATERIALIZED SpanAttributes[$USER_ID],
    PromptName LowCardinality(String) MATERIALIZED SpanAttributes[$GEN_AI_PROMPT_NAME],
    PromptVersion LowCardinality(String) MATERIALIZED SpanAttributes[$GEN_AI_PROMPT_VERSION],
    ErrorType LowCardinality(String) MATERIALIZED SpanAttributes[$ERROR_TYPE],
    InputTokens Nullable(UInt64) MATERIALIZED toUInt64OrNull(SpanAttributes[$GEN_AI_USAGE_INPUT_TOKENS]),
    OutputTokens Nullable(UInt64) MATERIALIZED toUInt64OrNull(SpanAttributes[$GEN_AI_USAGE_OUTPUT_TOKENS]),
    CostUSD Nullable(Decimal(18, 9)) MATERIALIZED if(SpanAttributes[$GEN_AI_USAGE_COST_CURRENCY] IN ('', 'USD'),
        toDecimal64OrNull(SpanAttributes[$GEN_AI_USAGE_COST_AMOUNT], 9), NULL),
    -- One span of each call: the others repeat it.
    IsCall Bool MATERIALIZED Operation IN ($calls) AND SpanAttributes[$SPANWISE_DUPLICATE_OF] = '',
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_span_attribute_key mapKeys(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_span_attribute_value mapValues(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_duration Duration TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toDate(Timestamp)
PRIMARY KEY (ServiceName, SpanName, toDateTime(Timestamp))
ORDER BY (ServiceName, SpanName, toDateTime(Timestamp), Timestamp)
TTL toDateTime(Timestamp) + toIntervalDay($traces_days)
SETTINGS ttl_only_drop_parts = 1;  -- a day is dropped as a whole, nothing is rewritten

ALTER TABLE $database.$traces MODIFY TTL toDateTime(Timestamp) + toIntervalDay($traces_days);

CREATE TABLE IF NOT EXISTS $database.$content (
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
TTL toDateTime(Timestamp) + toIntervalDay($content_days)
SETTINGS ttl_only_drop_parts = 1;

ALTER TABLE $database.$content MODIFY TTL toDateTime(Timestamp) + toIntervalDay($content_days);

-- Log records: the convention sends content as events when it is not to stand on spans, so they are kept as content is.
CREATE TABLE IF NOT EXISTS $database.$events (
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
TTL toDateTime(Timestamp) + toIntervalDay($content_days)
SETTINGS ttl_only_drop_parts = 1;

ALTER TABLE $database.$events MODIFY TTL toDateTime(Timestamp) + toIntervalDay($content_days);

-- When a trace was, for tools that look it up by its id.
CREATE TABLE IF NOT EXISTS $database.${traces}_trace_id_ts (
    TraceId String CODEC(ZSTD(1)),
    Start DateTime CODEC(Delta(4), ZSTD(1)),
    End DateTime CODEC(Delta(4), ZSTD(1)),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toDate(Start)
ORDER BY (TraceId, Start)
TTL Start + toIntervalDay($traces_days)
SETTINGS ttl_only_drop_parts = 1;

ALTER TABLE $database.${traces}_trace_id_ts MODIFY TTL Start + toIntervalDay($traces_days);

CREATE MATERIALIZED VIEW IF NOT EXISTS $database.${traces}_mv TO $database.$traces AS""",
        _TRACES_VIEW,
        """
CREATE MATERIALIZED VIEW IF NOT EXISTS $database.${content}_mv TO $database.$content AS""",
        _CONTENT_VIEW,
        """
CREATE MATERIALIZED VIEW IF NOT EXISTS $database.${traces}_trace_id_ts_mv TO $database.${traces}_trace_id_ts AS
SELECT TraceId, toDateTime(min(Timestamp)) AS Start, toDateTime(max(Timestamp)) AS End
FROM $database.$inbox WHERE TraceId != '' GROUP BY TraceId;

ALTER TABLE $database.${traces}_mv MODIFY QUERY""",
        _TRACES_VIEW,
        """
ALTER TABLE $database.${content}_mv MODIFY QUERY""",
        _CONTENT_VIEW,
    )
)
"""All tables and views, as a template of `spanwise.deploy.clickhouse.name.filled`."""
