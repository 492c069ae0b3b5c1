"""The budgets of `spanwise run`: its collector adds up what the program and those that it starts have spent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.pipeline import Pipeline
    from spanwise.pipeline.keeper import Keeper


def beside_store(environ: Mapping[str, str], store: Path, pipeline: Pipeline) -> Mapping[str, str]:
    """`environ`, in which the file of sums is the one beside `store`, for this process and for what it starts."""
    if pipeline.budget is None or environ.get(environment.SPANWISE_BUDGETS):
        return environ
    from spanwise.budget.sums_file import FILE

    return {**environ, environment.SPANWISE_BUDGETS: str((store.parent / FILE).absolute())}


def kept(pipeline: Pipeline, environ: Mapping[str, str]) -> Keeper | None:
    """What keeps the sums of the collector; `None` when the policy has no budgets. Close it after the collector."""
    from spanwise.pipeline.budgets import keep_budgets

    return keep_budgets(pipeline, environ, collects=True)


def told(pipeline: Pipeline) -> Callable[[], bytes] | None:
    """What the collector answers a process that asks for sums; `None` when there are none."""
    if pipeline.budget is None:
        return None
    from spanwise.budget.document import written

    ledger = pipeline.budget.ledger
    return lambda: written(ledger.entries(), time())
