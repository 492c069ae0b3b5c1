"""`spanwise score`: scores of calls that were made before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from typer.core import TyperGroup

from spanwise.cli.score_source import ScoreSource


_ADD: Final = "add"


class ScoreGroup(TyperGroup):
    """A group whose first command is meant where none is named: `spanwise score TRACE helpful=1`."""

    def parse_args(self, ctx: object, args: list[str]) -> list[str]:
        """The arguments, with the name of the first command before them unless a command or help is asked for."""
        if args and args[0] not in self.commands and args[0] not in {"-h", "--help"}:
            args = [_ADD, *args]
        return super().parse_args(ctx, args)  # type: ignore[arg-type] # typer's own click


Store = Annotated[Path | None, typer.Option("--store", help="The store file, instead of .spanwise/spanwise.duckdb.")]

score_app = typer.Typer(
    cls=ScoreGroup,
    help="Give scores to calls that were made before: spanwise score TRACE helpful=1, or from a file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@score_app.command(_ADD)
def add(  # noqa: PLR0913 - its options
    said: Annotated[
        list[str],
        typer.Argument(
            metavar="[TRACE] NAME=VALUE...",
            help="A trace id, the beginning of one, or last; then scores: helpful=1, safe=true, tone=formal.",
        ),
    ],
    *,
    span: Annotated[str, typer.Option("--span", metavar="ID", help="A span of the trace, not all of it.")] = "",
    response_id: Annotated[
        str, typer.Option("--response-id", metavar="ID", help="The provider's id of the answer; without TRACE too.")
    ] = "",
    comment: Annotated[str, typer.Option("--comment", help="Why. It is redacted as all content is.")] = "",
    source: Annotated[ScoreSource, typer.Option("--source", help="Who gives the score.")] = ScoreSource.HUMAN,
    user: Annotated[str, typer.Option("--user", help="An id of the person who gives it.")] = "",
    store: Store = None,
) -> None:
    """Score a trace, a span of it, or an answer. The word add may be left out."""
    from spanwise.cli.score_command import ScoreOptions, give_scores

    raise typer.Exit(give_scores(said, ScoreOptions(span, response_id, comment, source, user, store)))


@score_app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with a header, or JSON lines.")],
    *,
    source: Annotated[
        ScoreSource, typer.Option("--source", help="Who gave the scores of lines that do not say.")
    ] = ScoreSource.HUMAN,
    store: Store = None,
) -> None:
    """Score from a file: name, value, and trace_id (with span_id) or response_id; comment, label, source, user, time.

    Bad lines are named and the others kept: exit code 1. It is 2, and nothing is written, when no line is good.
    """
    from spanwise.cli.score_command import import_scores

    raise typer.Exit(import_scores(file, source, store))
