"""`spanwise deploy`: its subcommands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer


deploy_app = typer.Typer(
    help="Configuration of stock engines out of one policy.", no_args_is_help=True, rich_markup_mode=None
)

PolicyFile: TypeAlias = Annotated[
    Path | None, typer.Option("--policy", help="The policy, instead of $SPANWISE_POLICY or ./spanwise.yaml.")
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@deploy_app.command("list")
def deploy_list(*, policy: PolicyFile = None, json: Json = False) -> None:
    """List the engines that files are rendered for, and the files."""
    from spanwise.cli.deploy_command import list_targets

    raise typer.Exit(list_targets(policy, as_json=json))


@deploy_app.command("render")
def deploy_render(
    names: Annotated[list[str], typer.Argument(metavar="TARGET|all...", help="As spanwise deploy list names them.")],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where a folder for each target stands.")],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; print what would change, exit code 1 when anything would.")
    ] = False,
    policy: PolicyFile = None,
    json: Json = False,
) -> None:
    """Write the configuration of engines, from the policy or its defaults. Files of your own are never touched."""
    from spanwise.cli.deploy_command import render_targets

    raise typer.Exit(render_targets(names, out, policy, check=check, as_json=json))


@deploy_app.command("check")
def deploy_check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE|DIR...", help="What to check; without one, ./deploy.")
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Ask the engines' own tools whether configuration files are right; exit code 2 when a tool is missing."""
    from spanwise.cli.deploy_check_command import check_configuration

    raise typer.Exit(check_configuration(files or (), as_json=json))


@deploy_app.command("up")
def deploy_up(
    *,
    local: Annotated[bool, typer.Option("--local", help="Without containers: the engines on this machine.")] = False,
    directory: Annotated[
        Path | None, typer.Option("--dir", help="Where files and data are, instead of .spanwise/stack.")
    ] = None,
    offset: Annotated[int, typer.Option("--offset", min=0, max=9000, help="Added to every port.")] = 0,
    policy: PolicyFile = None,
    json: Json = False,
) -> None:
    """Start Collector, Jaeger, Prometheus and Alertmanager, as far as they are here; Ctrl-C stops all."""
    from spanwise.cli.deploy_up_command import start_stack

    raise typer.Exit(start_stack(policy, directory, offset, is_local=local, as_json=json))
