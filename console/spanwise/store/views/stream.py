"""How fast streams are, and what caches save."""

from __future__ import annotations

from typing import Final

from spanwise.store.views.view import Column, Kind, View, calls_counted


_MODEL: Final = Column("model", Kind.TEXT, "Model asked for, or else the one that answered.")
_PROVIDER: Final = Column("provider", Kind.TEXT, "Who was called.")

STREAMING: Final = View(
    "streaming",
    "How fast streamed answers are, one row for each model and provider that streamed.",
    (
        _MODEL,
        _PROVIDER,
        calls_counted("calls", "Calls of which a first chunk was read."),
        Column("first_chunk_p50_s", Kind.SECONDS, "Median time to the first chunk."),
        Column("first_chunk_p95_s", Kind.SECONDS, "Time that 95 of 100 calls do not exceed."),
        Column("first_chunk_max_s", Kind.SECONDS, "The longest."),
        Column("tokens_per_s_p50", Kind.SPEED, "Median of output tokens by the time after the first chunk."),
        Column("tokens_per_s_p05", Kind.SPEED, "Speed that 95 of 100 calls exceed."),
        Column("chunk_p50_s", Kind.SECONDS, "Median time from one chunk of text to the next."),
    ),
    """SELECT model, provider, count(*) AS calls, quantile_cont(time_to_first_chunk_s, 0.5) AS first_chunk_p50_s,
              quantile_cont(time_to_first_chunk_s, 0.95) AS first_chunk_p95_s,
              max(time_to_first_chunk_s) AS first_chunk_max_s, quantile_cont(speed, 0.5) AS tokens_per_s_p50,
              quantile_cont(speed, 0.05) AS tokens_per_s_p05, quantile_cont(time_per_chunk_s, 0.5) AS chunk_p50_s
       FROM (
           SELECT *, CASE WHEN duration_s > time_to_first_chunk_s
                          THEN output_tokens / (duration_s - time_to_first_chunk_s) END AS speed
           FROM calls WHERE time_to_first_chunk_s IS NOT NULL
       ) GROUP BY model, provider""",
    "first_chunk_p95_s DESC, model, provider",
)

CACHE_SAVINGS: Final = View(
    "cache_savings",
    "What input read from a provider's cache saved, one row for each model and provider.",
    (
        _MODEL,
        _PROVIDER,
        calls_counted("calls", "Model calls."),
        calls_counted("cached_calls", "Those that read from a cache."),
        Column("input_tokens", Kind.TOKENS, "Input tokens, cached ones too.", adds=True),
        Column("cache_read_tokens", Kind.TOKENS, "Part of them that was read from a cache.", adds=True),
        Column("cache_write_tokens", Kind.TOKENS, "Part of them that was written to a cache.", adds=True),
        Column("hit_rate", Kind.RATE, "Share of the input that was read from a cache; NULL without input."),
        Column("saved_usd", Kind.MONEY, "What the cached input would have cost more as plain input.", adds=True),
        calls_counted("unknown_calls", "Calls that read from a cache and whose savings are unknown."),
        Column("cache_write_usd", Kind.MONEY, "What writing to the cache cost.", adds=True),
    ),
    """SELECT model, provider, count(*) AS calls, count(*) FILTER (cache_read_tokens > 0) AS cached_calls,
              coalesce(sum(input_tokens), 0)::BIGINT AS input_tokens,
              coalesce(sum(cache_read_tokens), 0)::BIGINT AS cache_read_tokens,
              coalesce(sum(cache_write_tokens), 0)::BIGINT AS cache_write_tokens,
              coalesce(sum(cache_read_tokens), 0) / nullif(sum(input_tokens), 0) AS hit_rate,
              sum(cache_savings_usd) AS saved_usd,
              count(*) FILTER (cache_read_tokens > 0 AND cache_savings_usd IS NULL) AS unknown_calls,
              sum(cache_write_cost) FILTER (currency = 'USD') AS cache_write_usd
       FROM calls GROUP BY model, provider""",
    "saved_usd DESC NULLS LAST, cache_read_tokens DESC, model, provider",
)

STREAM_VIEWS: Final = (STREAMING, CACHE_SAVINGS)
