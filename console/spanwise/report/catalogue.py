"""Every report that is read from one view."""

from __future__ import annotations

from typing import Final

from spanwise.report.report import ESTIMATED, Plot, Report, Shown
from spanwise.store import Dimension


_COST: Final = (
    Shown("calls", "calls"),
    Shown("errors", "errors"),
    Shown("input_tokens", "input"),
    Shown("cache_read_tokens", "cached"),
    Shown("output_tokens", "output"),
    Shown("cost_usd", "cost", ESTIMATED),
    Shown("unpriced_calls", "unpriced"),
    Shown("p50_s", "p50"),
    Shown("p95_s", "p95"),
)


def cost_view(by: Dimension) -> str:
    """The name of the view of what calls cost by one thing."""
    return f"cost_by_{by.value}"


def cost_report(by: Dimension) -> Report:
    """What model calls cost by one thing."""
    from spanwise.store.views.cost import KEYS

    key, days = KEYS[by].name, by is Dimension.DAY
    other = Dimension.USER if by is Dimension.MODEL else Dimension.MODEL
    return Report(
        name="cost",
        title=f"What model calls cost, by {by.value}",
        shown=(Shown(key, "day (UTC)" if days else by.value), *_COST),
        plot=Plot(f"Cost by {by.value}, in US dollars", (key,), "cost_usd", over_time=days),
        next=f"spanwise report cost --by {other.value}, or spanwise traces",
        view_name=cost_view(by),
        top=1000 if days else 50,
    )


def _report(  # noqa: PLR0913, PLR0917 - the texts of a report
    name: str, title: str, shown: dict[str, str], plot: Plot, view: str, next_: str, **more: str
) -> Report:
    columns = tuple(Shown(column, heading, ESTIMATED if heading == "cost" else "") for column, heading in shown.items())
    return Report(
        name=name,
        title=title,
        shown=columns,
        plot=plot,
        next=next_,
        next_id=more.get("next_id", ""),
        empty=more.get("empty", "no model calls"),
        view_name=view,
    )


USERS: Final = Report(
    name="users",
    title="Who spends most",
    shown=(Shown("user_id", "user"), *_COST),
    plot=Plot("Cost by user, in US dollars", ("user_id",), "cost_usd"),
    next="spanwise report cost --by session, or spanwise report cost --by feature",
    view_name=cost_view(Dimension.USER),
    top=20,
)

EXPENSIVE_CALLS: Final = Report(
    name="expensive",
    title="The dearest model calls",
    shown=(
        Shown("start", "start (UTC)"),
        Shown("model", "model"),
        Shown("user_id", "user"),
        Shown("prompt", "prompt"),
        Shown("input_tokens", "input"),
        Shown("output_tokens", "output"),
        Shown("cost_usd", "cost", "estimated"),
        Shown("duration_s", "time"),
        Shown("trace_id", "trace"),
    ),
    plot=Plot("The dearest calls, in US dollars", ("start", "model"), "cost_usd"),
    next="spanwise trace {id}, or spanwise report expensive --by prompt",
    next_id="trace_id",
    view_name="calls",
    top=20,
)

EXPENSIVE_PROMPTS: Final = Report(
    name="expensive",
    title="The dearest prompts",
    shown=(Shown("prompt", "prompt"), *_COST),
    plot=Plot("Cost by prompt, in US dollars", ("prompt",), "cost_usd"),
    next="spanwise report prompts",
    view_name=cost_view(Dimension.PROMPT),
    top=20,
)

PROMPTS: Final = _report(
    "prompts",
    "How versions of prompts do",
    {
        "prompt": "prompt",
        "calls": "calls",
        "few": "few",
        "score": "score",
        "scores": "scores",
        "score_mean": "mean",
        "high_rate": "high",
        "high_rate_low": "from",
        "high_rate_high": "to",
        "cost_per_call_usd": "per call",
        "p50_s": "p50",
        "p95_s": "p95",
        "input_tokens_per_call": "input",
        "output_tokens_per_call": "output",
        "cost_usd": "cost",
        "unpriced_calls": "unpriced",
        "errors": "errors",
    },
    Plot("Mean cost of a call, in US dollars", ("prompt",), "cost_per_call_usd"),
    "prompt_performance",
    "spanwise report scores, or spanwise prompts diff NAME@OLD NAME@NEW",
    empty="no call of a prompt; name one with spanwise.prompts or spanwise.context(prompt=...)",
)

SCORES: Final = _report(
    "scores",
    "How answers are judged, by score and prompt",
    {
        "name": "score",
        "prompt": "prompt",
        "judged": "judged",
        "few": "few",
        "mean": "mean",
        "least": "least",
        "most": "most",
        "high_rate": "high",
        "high_rate_low": "from",
        "high_rate_high": "to",
    },
    Plot("Mean score", ("name", "prompt"), "mean"),
    "prompt_scores",
    "spanwise report prompts",
    empty="no score; spanwise.score or spanwise score gives one",
)

SLOW: Final = _report(
    "slow",
    "Which operations take long",
    {
        "name": "operation",
        "runs": "runs",
        "errors": "errors",
        "p50_s": "p50",
        "p95_s": "p95",
        "max_s": "max",
        "total_s": "in all",
        "slowest_trace_id": "slowest in trace",
    },
    Plot("95th percentile of the duration, in seconds", ("name",), "p95_s"),
    "slow_operations",
    "spanwise trace {id}",
    next_id="slowest_trace_id",
)

LATENCY: Final = _report(
    "latency",
    "How long model calls take",
    {
        "model": "model",
        "calls": "calls",
        "p50_s": "p50",
        "p95_s": "p95",
        "max_s": "max",
        "first_chunk_p50_s": "first chunk p50",
        "first_chunk_p95_s": "first chunk p95",
        "output_tokens_per_s": "tokens/s",
    },
    Plot("95th percentile of the duration, in seconds", ("model",), "p95_s"),
    "latency",
    "spanwise report slow, or spanwise report streaming",
)

ERRORS: Final = _report(
    "errors",
    "Which model calls failed, and why",
    {
        "error_type": "error",
        "model": "model",
        "provider": "provider",
        "calls": "calls",
        "error_rate": "of all",
        "retries": "retries",
        "last": "last (UTC)",
        "last_trace_id": "in trace",
    },
    Plot("Failed calls", ("error_type", "model"), "calls"),
    "errors",
    "spanwise trace {id}, or spanwise report rate-limits",
    next_id="last_trace_id",
    empty="no model call failed",
)

RATE_LIMITS: Final = _report(
    "rate-limits",
    "Rate limits and retries",
    {
        "model": "model",
        "provider": "provider",
        "calls": "calls",
        "limited": "limited",
        "limited_rate": "of all",
        "retried": "retried",
        "retries": "retries",
        "last_limited": "last limited (UTC)",
        "last_trace_id": "in trace",
    },
    Plot("Calls that ended with a rate limit or quota", ("model", "provider"), "limited"),
    "rate_limits",
    "spanwise report errors",
    empty="no model call met a rate limit, and none was sent again",
)

STREAMING: Final = _report(
    "streaming",
    "How fast streamed answers are",
    {
        "model": "model",
        "provider": "provider",
        "calls": "calls",
        "first_chunk_p50_s": "first chunk p50",
        "first_chunk_p95_s": "p95",
        "first_chunk_max_s": "max",
        "tokens_per_s_p50": "tokens/s p50",
        "tokens_per_s_p05": "p5",
        "chunk_p50_s": "between chunks",
    },
    Plot("95th percentile of the time to the first chunk, in seconds", ("model", "provider"), "first_chunk_p95_s"),
    "streaming",
    "spanwise report latency",
    empty="no model call was streamed",
)

CACHE: Final = _report(
    "cache",
    "What caches of providers save",
    {
        "model": "model",
        "provider": "provider",
        "calls": "calls",
        "cached_calls": "cached",
        "input_tokens": "input",
        "cache_read_tokens": "read",
        "cache_write_tokens": "written",
        "hit_rate": "hit rate",
        "saved_usd": "saved",
        "cache_write_usd": "writing cost",
        "unknown_calls": "unknown",
    },
    Plot("Saved by caches, in US dollars", ("model", "provider"), "saved_usd"),
    "cache_savings",
    "spanwise report cost --by model",
)

UNPRICED: Final = _report(
    "unpriced",
    "Which model calls have no price, and why",
    {
        "reason": "reason",
        "model": "model",
        "provider": "provider",
        "calls": "calls",
        "failed": "failed",
        "input_tokens": "input",
        "output_tokens": "output",
        "last": "last (UTC)",
        "last_span_id": "span",
    },
    Plot("Calls without a price", ("reason", "model"), "calls"),
    "unpriced",
    "spanwise prices explain {id}",
    next_id="last_span_id",
    empty="every model call has a price",
)

AGENTS: Final = _report(
    "agents",
    "What runs of agents do and cost",
    {
        "agent": "agent",
        "runs": "runs",
        "errors": "errors",
        "steps_per_run": "steps/run",
        "most_steps": "most",
        "calls": "calls",
        "tool_calls": "tools",
        "cost_usd": "cost",
        "cost_per_run_usd": "per run",
        "most_usd": "dearest",
        "unpriced_calls": "unpriced",
        "p95_s": "p95",
        "dearest_trace_id": "dearest in trace",
    },
    Plot("Mean cost of a run, in US dollars", ("agent",), "cost_per_run_usd"),
    "agents",
    "spanwise trace {id}",
    next_id="dearest_trace_id",
    empty="no agent ran",
)

REPORTS: Final = (
    USERS,
    PROMPTS,
    SCORES,
    SLOW,
    LATENCY,
    ERRORS,
    RATE_LIMITS,
    STREAMING,
    CACHE,
    UNPRICED,
    AGENTS,
)
"""Every report that needs no choice. Those of cost and of what is dear are made for what they go by."""
