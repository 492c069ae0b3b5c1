"""Options that several commands have."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from spanwise.cli import since as since_option


def moment(text: str) -> datetime:
    """What `text` means as a point in time.

    Raises:
        typer.BadParameter: nothing; the message says what is accepted.
    """
    try:
        return since_option.moment(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Since: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--since", parser=moment, metavar="AGE", help="Only calls since: 30m, 24h, 7d, or a date."),
]
Until: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--until", parser=moment, metavar="AGE", help="Only calls before: 30m, 24h, 7d, or a date."),
]
StorePath: TypeAlias = Annotated[
    Path | None, typer.Option("--store", help="The store file, instead of .spanwise/spanwise.duckdb.")
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
