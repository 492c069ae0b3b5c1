"""What is tried with every SDK: one module for each kind of promise, each with a function `cases`.

These modules run where spanwise is not installed. They import the standard library and OpenTelemetry, SDKs not at all.
"""

from __future__ import annotations

from inspect import iscoroutinefunction

from tests.torture.case import (
    calls,
    context,
    crowds,
    errors,
    lifecycle,
    privacy,
    streams,
    tokens,
    transparency,
)
from tests.torture.case.case import Case, Expect, Scene
from tests.torture.sdk import TriedSdk


__all__ = ["Case", "Expect", "Scene", "cases"]

_KINDS = (calls, tokens, streams, context, errors, transparency, privacy, crowds, lifecycle)


def cases(sdk: TriedSdk) -> dict[str, Case]:
    """Every case there is for `sdk`, by its id, in the order they are run and reported."""
    return {case.id: case for kind in _KINDS for case in kind.cases(sdk) if sdk.has_sync or _is_async(case)}


def _is_async(case: Case) -> bool:
    return iscoroutinefunction(case.run) or case.name.endswith(" async")
