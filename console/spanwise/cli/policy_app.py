"""`spanwise policy`: the commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


policy_app = typer.Typer(help="The policy file, spanwise.yaml.", no_args_is_help=True, rich_markup_mode=None)


@policy_app.command("check")
def check_policy(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The file, instead of $SPANWISE_POLICY or ./spanwise.yaml.")
    ] = None,
    *,
    elsewhere: Annotated[
        bool, typer.Option("--elsewhere", help="Leave out files and variables that it names: they are elsewhere.")
    ] = False,
) -> None:
    """Say whether a policy file can be used, and name every mistake in it."""
    from spanwise.cli.policy_command import check_policy_file

    raise typer.Exit(check_policy_file(file, here=not elsewhere))


@policy_app.command("schema")
def show_policy_schema() -> None:
    """Print the JSON Schema of a policy, for editors."""
    from spanwise.cli.policy_command import print_schema

    raise typer.Exit(print_schema())


@policy_app.command("explain")
def explain_policy_key(
    key: Annotated[
        str | None, typer.Argument(metavar="KEY", help="As budgets.limit_usd; without it, all keys.")
    ] = None,
) -> None:
    """Say what a key does, what is accepted, what holds without it, and how it is written."""
    from spanwise.cli.policy_command import explain_key

    raise typer.Exit(explain_key(key))


@policy_app.command("init")
def write_example_policy(
    example: Annotated[str, typer.Argument(metavar="EXAMPLE", help="startup, regulated or platform.")] = "startup",
) -> None:
    """Write a worked example as spanwise.yaml; a file that is there stays as it is."""
    from spanwise.cli.policy_command import write_policy

    raise typer.Exit(write_policy(example, Path()))
