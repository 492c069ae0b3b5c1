"""Printing: data on standard output, prose on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from spanwise.report import console, json_document


if TYPE_CHECKING:
    from rich.table import Table


def show_json(value: object) -> None:
    """Print `value` as JSON on standard output."""
    sys.stdout.write(json_document(value) + "\n")


def show_table(table: Table) -> None:
    """Print `table` on standard output."""
    console().print(table)


def say(*sentences: str) -> None:
    """Print each of `sentences` on a line of standard error."""
    sys.stderr.write("".join(f"{sentence}\n" for sentence in sentences))
