"""`spanwise alerts`: what rings over the store, and whether receivers hear."""

from __future__ import annotations

from typing import Annotated

import typer

from spanwise.cli.option import Json, StorePath


alerts_app = typer.Typer(help="Alerts over the store, and who hears of them.", rich_markup_mode=None)


@alerts_app.callback(invoke_without_command=True)
def alerts(
    context: typer.Context,
    *,
    whole: Annotated[bool, typer.Option("--all", help="Also what is calm, and what cannot be evaluated here.")] = False,
    json: Json = False,
    store: StorePath = None,
) -> None:
    """Evaluate the alerts of the policy on the store now, and show which ring. Nobody is told."""
    if context.invoked_subcommand is not None:
        return
    from spanwise.cli.alerts_command import show_alerts
    from spanwise.store import Store

    raise typer.Exit(show_alerts(Store(store), whole=whole, as_json=json))


@alerts_app.command("test")
def send_test(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An alert, as spend_rate.")],
    *,
    receiver: Annotated[
        str | None, typer.Option("--receiver", metavar="NAME", help="Who is told, instead of whom the policy says.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be sent, and send nothing.")] = False,
) -> None:
    """Send a test notice the real way, and its end, and say what the other side answered; exit code 1 if it refused."""
    from spanwise.cli.alerts_test_command import test_alert

    raise typer.Exit(test_alert(name, receiver, dry_run=dry_run))
