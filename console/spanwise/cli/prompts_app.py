"""`spanwise prompts`: the prompt files of a project, and the registry in its store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spanwise.cli.option import StorePath


Name = Annotated[str, typer.Argument(metavar="NAME[@VERSION]", help="A prompt; without a version the one in use.")]
By = Annotated[str, typer.Option("--by", help="Who does it, for the history; by default the user of this shell.")]
Folder = Annotated[
    Path | None,
    typer.Option("--dir", metavar="DIR", help="Where the files are, instead of $SPANWISE_PROMPTS or ./prompts."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

prompts_app = typer.Typer(
    help="The prompt files of this project, and the registry in its store.", no_args_is_help=True, rich_markup_mode=None
)


@prompts_app.command("list")
def list_prompts(*, directory: Folder = None, json: Json = False, store: StorePath = None) -> None:
    """List every version of every prompt, where it is and what differs; exit code 2 when a file is broken."""
    from spanwise.cli.prompts_command import show_prompts

    raise typer.Exit(show_prompts(directory, store, as_json=json))


@prompts_app.command("show")
def show(name: Name, *, directory: Folder = None, json: Json = False, store: StorePath = None) -> None:
    """Show one prompt, of the files or else of the registry: messages, variables, settings, history of labels."""
    from spanwise.cli.prompts_command import show_prompt

    raise typer.Exit(show_prompt(name, directory, store, as_json=json))


@prompts_app.command("diff")
def diff(
    old: Name,
    new: Annotated[
        str, typer.Argument(metavar="[NAME[@VERSION]]", help="Another; without it, OLD in the registry and in files.")
    ] = "",
    *,
    directory: Folder = None,
    store: StorePath = None,
) -> None:
    """Show how one version differs from another, or files from the registry; exit code 1 when they do."""
    from spanwise.cli.prompts_command import show_difference

    raise typer.Exit(show_difference(old, new, directory, store))


@prompts_app.command("push")
def push(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A prompt; without it all.")] = None,
    *,
    directory: Folder = None,
    by: By = "",
    store: StorePath = None,
) -> None:
    """Put versions of files into the registry; one that is there never changes."""
    from spanwise.cli.prompts_registry import push_prompts

    raise typer.Exit(push_prompts(name, directory, store, by))


@prompts_app.command("label")
def label(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A prompt of the registry.")],
    version: Annotated[str, typer.Argument(metavar="VERSION", help="A version of it.")],
    label: Annotated[str, typer.Argument(metavar="LABEL", help="As production; another version loses it.")],
    *,
    by: By = "",
    store: StorePath = None,
) -> None:
    """Put a label on a version in the registry."""
    from spanwise.cli.prompts_registry import label_prompt

    raise typer.Exit(label_prompt(name, version, label, store, by))


@prompts_app.command("pull")
def pull(
    name: Annotated[str, typer.Argument(metavar="NAME[@VERSION|:LABEL]", help="A prompt of the registry.")],
    *,
    directory: Folder = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that has this version otherwise.")] = False,
    store: StorePath = None,
) -> None:
    """Write a version of the registry as a file with front matter."""
    from spanwise.cli.prompts_registry import pull_prompt

    raise typer.Exit(pull_prompt(name, directory, store, force=force))
