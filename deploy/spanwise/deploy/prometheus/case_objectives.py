"""Cases of objectives, for the default ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from spanwise.deploy.prometheus.case import Case, Fired


SHOP: Final = {"service_name": "shop", "deployment_environment_name": "prod"}
_IN: Final = 'service_name="shop", deployment_environment_name="prod"'
_COUNT: Final = "gen_ai_client_inference_duration_seconds_count"
_BUCKET: Final = "gen_ai_client_inference_duration_seconds_bucket"
_FIRST: Final = "gen_ai_client_inference_time_to_first_chunk_seconds"

# How long each pair of windows needs, and shares of bad calls that are too many and just few enough.
_HOUR: Final = ("90m", 100)
_SIX_HOURS: Final = ("7h", 430)
_THREE_DAYS: Final = ("8h", 490)  # so young a Prometheus takes what it has for the three days


def _errors(bad: str, steps: int) -> Mapping[str, str]:
    return {
        f"{_COUNT}{{{_IN}}}": f"0+60x{steps}",
        f'{_COUNT}{{{_IN}, error_type="APIError"}}': f"0+{bad}x{steps}",
        # Whoever ends a call itself has no reason to complain.
        f'{_COUNT}{{{_IN}, error_type="CancelledError"}}': f"0+0x{steps}",
    }


def _latency(good: str, steps: int) -> Mapping[str, str]:
    return {
        f"{_COUNT}{{{_IN}}}": f"0+60x{steps}",
        f'{_BUCKET}{{{_IN}, le="10.24"}}': f"0+{good}x{steps}",
        # Failed calls are slow or fast for reasons of their own.
        f'{_COUNT}{{{_IN}, error_type="APITimeoutError"}}': f"0+60x{steps}",
        f'{_BUCKET}{{{_IN}, error_type="APITimeoutError", le="10.24"}}': f"0+0x{steps}",
    }


def _first(good: str, steps: int) -> Mapping[str, str]:
    return {f"{_FIRST}_count{{{_IN}}}": f"0+60x{steps}", f'{_FIRST}_bucket{{{_IN}, le="2.56"}}': f"0+{good}x{steps}"}


def _cases() -> Iterator[Case]:
    for burn, (at, steps), errors, slow in (
        ("burn_fast", _HOUR, (("30", "33.33%"), "3"), (("15", "75%"), "30")),
        ("burn_slow", _SIX_HOURS, (("6", "9.091%"), "2"), (("36", "40%"), "48")),
        ("burn_creep", _THREE_DAYS, (("1", "1.639%"), "0.5"), (("54", "10%"), "58")),
    ):
        for rule, series, (loud, quiet) in (
            (f"errors_{burn}/errors", _errors, errors),
            (f"latency_{burn}/latency", _latency, slow),
            (f"first_chunk_{burn}/first-chunk", _first, slow),
        ):
            fired = Fired(SHOP | {"slo": rule.partition("/")[2]}, {"percent": loud[1]})
            yield Case(rule, "too many bad calls ring", series(loud[0], steps), at, (fired,))
            yield Case(rule, "a few do not", series(quiet, steps), at)
    over = {
        f"{_COUNT}{{{_IN}}}": "0+60x100",
        f'{_COUNT}{{{_IN}, error_type="APIError"}}': "0+30x60 1800x40",
    }
    yield Case("errors_burn_fast/errors", "a burst that is over does not ring", over, "70m")
    cancelled = {f"{_COUNT}{{{_IN}}}": "0+60x100", f'{_COUNT}{{{_IN}, error_type="CancelledError"}}': "0+60x100"}
    yield Case("errors_burn_fast/errors", "calls that their caller ended do not ring", cancelled, "90m")
    rare = {f"{_COUNT}{{{_IN}}}": "0+0.1x100", f'{_COUNT}{{{_IN}, error_type="APIError"}}': "0+0.1x100"}
    yield Case("errors_burn_fast/errors", "too few calls do not ring", rare, "90m")


CASES: Final = tuple(_cases())
