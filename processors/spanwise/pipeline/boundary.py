"""The error boundary: the one place that catches whatever goes wrong in our own code.

Steps and taps contain no broad handlers. What fails inside the boundary is logged once per place and class of error,
counted, and answered by the caller's fallback; the application never sees it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from spanwise.pipeline import counters
from spanwise.semconv import environment


P = ParamSpec("P")
R = TypeVar("R")

_logger = logging.getLogger("spanwise.pipeline")
_logged: set[tuple[str, str]] = set()


def shield(step: str, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R | None:
    """The result of `call`, or `None` when it failed.

    A failure is logged once per step and class of error, without its message, because messages quote values that
    redaction has not seen. It is counted in `spanwise.pipeline.errors`. With `SPANWISE_RAISE=1` it is raised, so that
    tests see it. `BaseException` (exit, cancellation) always passes.
    """
    try:
        return call(*args, **kwargs)
    except Exception as error:
        if os.environ.get(environment.SPANWISE_RAISE) == "1":
            raise
        _report(step, type(error).__qualname__)
        return None


def _report(step: str, error_type: str) -> None:
    if (step, error_type) not in _logged:
        _logged.add((step, error_type))
        _logger.warning("spanwise: %s failed with %s; telemetry is degraded, the application is not", step, error_type)
    counters.error(step, error_type)
