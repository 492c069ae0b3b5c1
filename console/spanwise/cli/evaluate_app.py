"""The options of `spanwise evaluate`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from spanwise.cli.option import Json, Since, StorePath, Until


def _dollars(text: str) -> Decimal:
    from spanwise.cli.evaluate_command import dollars

    try:
        return dollars(str(text))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def evaluate(  # noqa: PLR0913 - its options
    *,
    judge: Annotated[
        Path | None,
        typer.Option("--judge", metavar="FILE", help="YAML: a prompt for a model of yours, and where it is."),
    ] = None,
    call: Annotated[
        str | None, typer.Option("--call", metavar="MODULE:FUNCTION", help="A Python function that judges instead.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Name of the scores of --call; else the function's.")] = "",
    since: Since = None,
    until: Until = None,
    where: Annotated[
        list[str] | None, typer.Option("--where", metavar="KEY=VALUE", help="model, prompt, user, ...; all must hold.")
    ] = None,
    sample: Annotated[
        int, typer.Option("--sample", min=1, max=100_000, help="Calls that are judged, evenly chosen.")
    ] = 50,
    seed: Annotated[int, typer.Option("--seed", help="The same seed chooses the same calls.")] = 0,
    again: Annotated[bool, typer.Option("--again", help="Judge calls that have a score of this name, too.")] = False,
    limit_usd: Annotated[
        Decimal | None,
        typer.Option(
            "--limit-usd", parser=_dollars, metavar="USD", help="Stop before it could cost more. [default: 1]"
        ),
    ] = None,
    limit_calls: Annotated[int | None, typer.Option("--limit-calls", min=1, help="Stop after so many calls.")] = None,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, max=16, help="Calls judged at once.")] = 4,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell how many calls and what they cost; ask nobody.")
    ] = False,
    json: Json = False,
    store: StorePath = None,
) -> None:
    """Judge a sample of stored calls with a prompt or a function; scores go to the store."""
    from spanwise.cli.evaluate_command import EvaluateOptions, conditions, evaluate_store
    from spanwise.evaluate import SampleOptions
    from spanwise.store import Store

    chosen = SampleOptions(since, until, conditions(where or []), sample, seed, again)
    options = EvaluateOptions(judge, call, name, chosen, limit_usd, limit_calls, concurrency, dry_run)
    raise typer.Exit(evaluate_store(Store(store), options, as_json=json))
