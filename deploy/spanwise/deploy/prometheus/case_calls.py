"""Cases of model calls."""

from __future__ import annotations

from typing import Final

from spanwise.deploy.prometheus.case import Case, Fired


_PROVIDER: Final = 'deployment_environment_name="prod", gen_ai_provider_name="openai"'
_CALL: Final = f'service_name="shop", {_PROVIDER}, gen_ai_request_model="gpt-5"'
PROVIDER: Final = {"deployment_environment_name": "prod", "gen_ai_provider_name": "openai"}
MODEL: Final = PROVIDER | {"service_name": "shop", "gen_ai_request_model": "gpt-5"}

_COUNT: Final = "gen_ai_client_inference_duration_seconds_count"
_FIRST: Final = "gen_ai_client_inference_time_to_first_chunk_seconds"
_RETRIES: Final = "spanwise_retries_total"
_ENDED: Final = "spanwise_responses_total"


def _first_chunks(early: int, most: int, each: str = "60") -> dict[str, str]:
    return {
        f'{_FIRST}_bucket{{{_CALL}, le="2.56"}}': f"0+{early}x40",
        f'{_FIRST}_bucket{{{_CALL}, le="5.12"}}': f"0+{most}x40",
        f'{_FIRST}_bucket{{{_CALL}, le="+Inf"}}': f"0+{each}x40",
        f"{_FIRST}_count{{{_CALL}}}": f"0+{each}x40",
    }


def _calls(**failed: str) -> dict[str, str]:
    bad = {f'{_COUNT}{{{_CALL}, error_type="{kind}"}}': f"0+{each}x40" for kind, each in failed.items()}
    return {f"{_COUNT}{{{_CALL}}}": "0+50x40", **bad}


def _endings(reason: str, each: str, stop: str = "90") -> dict[str, str]:
    return {
        f'{_ENDED}{{{_CALL}, spanwise_finish_reason="stop"}}': f"0+{stop}x60",
        f'{_ENDED}{{{_CALL}, spanwise_finish_reason="{reason}"}}': f"0+{each}x60",
    }


CASES: Final = (
    Case(
        "time_to_first_chunk",
        "a slow start rings",
        _first_chunks(50, 60),
        "20m",
        (Fired(MODEL, {"seconds": "4.352s"}),),
    ),
    Case("time_to_first_chunk", "a quick start does not", _first_chunks(58, 60), "20m"),
    Case("time_to_first_chunk", "few slow calls do not", _first_chunks(0, 1, "1"), "20m"),
    Case("provider_errors", "an outage rings", _calls(APIError="50"), "10m", (Fired(PROVIDER, {"percent": "50%"}),)),
    Case("provider_errors", "a few errors do not", _calls(APIError="10"), "10m"),
    Case(
        "provider_errors",
        "rate limits and cancelled calls are no outage",
        _calls(RateLimitError="50", CancelledError="50"),
        "10m",
    ),
    Case(
        "rate_limits",
        "many refusals ring",
        _calls(RateLimitError="25", ThrottlingException="25"),
        "10m",
        (Fired(PROVIDER, {"percent": "50%"}),),
    ),
    Case("rate_limits", "other errors do not", _calls(APIError="50"), "10m"),
    Case("rate_limits", "a few do not", _calls(RateLimitError="2"), "10m"),
    Case(
        "retries",
        "calls that are sent again and again ring",
        {f"{_COUNT}{{{_CALL}}}": "0+50x40", f"{_RETRIES}{{{_CALL}}}": "0+25x40"},
        "20m",
        (Fired(MODEL, {"number": "0.5"}),),
    ),
    Case("retries", "a few do not", {f"{_COUNT}{{{_CALL}}}": "0+50x40", f"{_RETRIES}{{{_CALL}}}": "0+5x40"}, "20m"),
    Case("truncation", "many cut answers ring", _endings("length", "10"), "50m", (Fired(MODEL, {"percent": "10%"}),)),
    Case("truncation", "a few do not", _endings("length", "2"), "50m"),
    Case("truncation", "few answers at all do not", _endings("length", "0.2", "0.1"), "50m"),
    Case("refusals", "many refusals ring", _endings("refusal", "10"), "50m", (Fired(MODEL, {"percent": "10%"}),)),
    Case(
        "refusals",
        "filtered answers ring",
        _endings("content_filter", "10"),
        "50m",
        (Fired(MODEL, {"percent": "10%"}),),
    ),
    Case("refusals", "cut answers do not", _endings("length", "10"), "50m"),
)
