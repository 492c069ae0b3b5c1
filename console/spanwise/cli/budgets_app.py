"""`spanwise budgets`: how budgets stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


StorePath = Annotated[
    Path | None, typer.Option("--store", help="The store file that the sums are beside, not .spanwise/spanwise.duckdb.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

budgets_app = typer.Typer(help="How budgets stand, and what they will have spent.", rich_markup_mode=None)


@budgets_app.callback(invoke_without_command=True)
def budgets(context: typer.Context, *, json: Json = False, store: StorePath = None) -> None:
    """Show what each budget of the policy has spent, and what it will have when its period ends."""
    if context.invoked_subcommand is not None:
        return
    from spanwise.cli.budgets_command import show_budgets

    raise typer.Exit(show_budgets(store, as_json=json))


@budgets_app.command("test")
def test(
    budget: Annotated[str, typer.Option("--budget", metavar="NAME", help="Name of the budget in the policy.")],
) -> None:
    """Show what would be sent, and to whom, if a budget were used up now. Nothing is sent."""
    from spanwise.cli.budgets_command import show_alert

    raise typer.Exit(show_alert(budget))
