"""Cases of models' answers, agents and tools."""

from __future__ import annotations

from typing import Final

from spanwise.deploy.prometheus.case import Case, Fired


_IN: Final = 'service_name="shop", deployment_environment_name="prod"'
SHOP: Final = {"service_name": "shop", "deployment_environment_name": "prod"}
_RUNS: Final = "gen_ai_invoke_agent_inference_calls"
_TOOL: Final = "gen_ai_execute_tool_duration_seconds_count"
_AGENT: Final = 'gen_ai_agent_name="planner"'
_SEARCH: Final = 'gen_ai_tool_name="search"'


def _scores(total: str, count: str) -> dict[str, str]:
    labels = f'{_IN}, gen_ai_evaluation_name="relevance"'
    return {f"spanwise_score_sum{{{labels}}}": f"0+{total}x90", f"spanwise_score_count{{{labels}}}": f"0+{count}x90"}


def _runs(runs: str, calm: str, bound: str = "50") -> dict[str, str]:
    return {
        f"{_RUNS}_count{{{_IN}, {_AGENT}}}": runs,
        f'{_RUNS}_bucket{{{_IN}, {_AGENT}, le="{bound}"}}': calm,
        f'{_RUNS}_bucket{{{_IN}, {_AGENT}, le="25"}}': "0x60",
    }


def _tools(good: str, bad: str) -> dict[str, str]:
    return {
        f"{_TOOL}{{{_IN}, {_SEARCH}}}": f"0+{good}x60",
        f'{_TOOL}{{{_IN}, {_SEARCH}, error_type="TimeoutError"}}': f"0+{bad}x60",
    }


CASES: Final = (
    Case(
        "low_score",
        "poor answers ring",
        _scores("0.5", "1"),
        "80m",
        (Fired(SHOP | {"gen_ai_evaluation_name": "relevance"}, {"number": "0.5"}),),
    ),
    Case("low_score", "good answers do not", _scores("0.8", "1"), "80m"),
    Case("low_score", "few evaluations do not", _scores("0.05", "0.1"), "80m"),
    Case(
        "agent_loop",
        "two long runs ring",
        _runs("10x20 11x10 12x30", "10x60"),
        "34m",
        (Fired(SHOP | {"gen_ai_agent_name": "planner"}, {"count": "2"}),),
    ),
    Case(
        "agent_loop",
        "a first run that is long rings, with a scraped bound",
        _runs("_x20 1x40", "_x20 0x40", "50.0"),
        "25m",
        (Fired(SHOP | {"gen_ai_agent_name": "planner"}, {"count": "1"}),),
    ),
    Case("agent_loop", "many short runs do not", _runs("0+7x60", "0+7x60"), "35m"),
    Case(
        "tool_failures",
        "a tool that fails rings",
        _tools("3", "3"),
        "30m",
        (Fired(SHOP | {"gen_ai_tool_name": "search"}, {"percent": "50%"}),),
    ),
    Case("tool_failures", "a tool that fails now and then does not", _tools("9", "1"), "30m"),
    Case("tool_failures", "a tool that hardly runs does not", _tools("0.1", "0.1"), "30m"),
)
