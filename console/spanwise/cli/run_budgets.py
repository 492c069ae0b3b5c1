"""The budgets of `spanwise run` and `spanwise serve`: their collector adds up what programs have spent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from spanwise.cli.command import CommandError
from spanwise.cli.redact_options import WRONG_USE
from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.collector.bearer import Bearer
    from spanwise.pipeline import Pipeline, PipelineConfig
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
    from spanwise.budget.telling import Telling

    return Telling(pipeline.budget.ledger)


def bearer(config: PipelineConfig, environ: Mapping[str, str]) -> Bearer | None:
    """Who is told of other machines; `None` when the policy names no token, so that nobody is.

    Raises:
        CommandError: the token that the policy names cannot be used; the message never quotes it.
    """
    if config.fleet is None or not config.budgets:
        return None
    from spanwise.collector.bearer import Bearer
    from spanwise.pipeline.fleet_token import FleetTokenError, fleet_tokens

    try:
        return Bearer(fleet_tokens(config.fleet, environ))
    except FleetTokenError as error:
        raise CommandError(f"budget_collector: {error}", WRONG_USE) from None
