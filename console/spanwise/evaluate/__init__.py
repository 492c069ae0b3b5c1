"""Evaluations of stored calls, by a model of the user's or by a function."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.evaluate.error import EvaluateError
    from spanwise.evaluate.evaluation import Evaluation, Outcome
    from spanwise.evaluate.example import Example
    from spanwise.evaluate.judge import Judge, read_judge
    from spanwise.evaluate.judgement import Judgement
    from spanwise.evaluate.sample import Sample, SampleOptions, choose

__all__ = [
    "EvaluateError",
    "Evaluation",
    "Example",
    "Judge",
    "Judgement",
    "Outcome",
    "Sample",
    "SampleOptions",
    "choose",
    "read_judge",
]

_HOMES = {
    "EvaluateError": "error",
    "Evaluation": "evaluation",
    "Example": "example",
    "Judge": "judge",
    "Judgement": "judgement",
    "Outcome": "evaluation",
    "Sample": "sample",
    "SampleOptions": "sample",
    "choose": "sample",
    "read_judge": "judge",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
