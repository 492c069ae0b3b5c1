"""`spanwise prompts`: the prompt files of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


Name = Annotated[str, typer.Argument(metavar="NAME[@VERSION]", help="A prompt; without a version the one in use.")]
Folder = Annotated[
    Path | None,
    typer.Option("--dir", metavar="DIR", help="Where the files are, instead of $SPANWISE_PROMPTS or ./prompts."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

prompts_app = typer.Typer(help="The prompt files of this project.", no_args_is_help=True, rich_markup_mode=None)


@prompts_app.command("list")
def list_prompts(*, directory: Folder = None, json: Json = False) -> None:
    """List every version of every prompt, and what is wrong with files; exit code 2 when something is."""
    from spanwise.cli.prompts_command import show_prompts

    raise typer.Exit(show_prompts(directory, as_json=json))


@prompts_app.command("show")
def show(name: Name, *, directory: Folder = None, json: Json = False) -> None:
    """Show one prompt: its messages, variables and settings."""
    from spanwise.cli.prompts_command import show_prompt

    raise typer.Exit(show_prompt(name, directory, as_json=json))


@prompts_app.command("diff")
def diff(old: Name, new: Name, *, directory: Folder = None) -> None:
    """Show how one version differs from another; exit code 1 when they do."""
    from spanwise.cli.prompts_command import show_difference

    raise typer.Exit(show_difference(old, new, directory))
