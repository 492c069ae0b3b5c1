"""`spanwise prices`: the commands and their options."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from spanwise.cli.option import Json, StorePath, moment
from spanwise.store import Store


prices_app = typer.Typer(
    help="What models cost, and why a call costs what it does.", no_args_is_help=True, rich_markup_mode=None
)


@prices_app.command("show")
def prices_show(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model, as in a call or as provider/model.")],
    *,
    provider: Annotated[str | None, typer.Option("--provider", help="Who sells it.")] = None,
    at: Annotated[
        datetime | None, typer.Option("--at", parser=moment, metavar="DATE", help="Mark what held then, not now.")
    ] = None,
    json: Json = False,
) -> None:
    """Show the prices of a model: tiers, dates, times of day, service tiers."""
    from spanwise.cli.prices_command import show_prices

    raise typer.Exit(show_prices(model, provider, at, as_json=json))


@prices_app.command("update")
def prices_update(
    *,
    release: Annotated[str | None, typer.Option("--version", metavar="V", help="This release, not the newest.")] = None,
    file: Annotated[Path | None, typer.Option("--from", metavar="FILE", help="A wheel or book; no network.")] = None,
) -> None:
    """Fetch newer prices with pip, without running any of what is fetched."""
    from spanwise.cli.prices_command import update_prices

    raise typer.Exit(update_prices(release, file))


@prices_app.command("diff")
def prices_diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="bundled, active, a file, or a version.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same.")],
    *,
    json: Json = False,
) -> None:
    """Show which prices changed between two price books."""
    from spanwise.cli.prices_command import diff_books

    raise typer.Exit(diff_books(old, new, as_json=json))


@prices_app.command("explain")
def prices_explain(
    span: Annotated[str, typer.Argument(metavar="SPAN", help="A span id, the beginning of one, or - for JSON.")],
    *,
    json: Json = False,
    store: StorePath = None,
) -> None:
    """Show which prices a call was priced with, and what was considered before."""
    from spanwise.cli.explain_command import explain_span

    raise typer.Exit(explain_span(Store(store), span, as_json=json))
