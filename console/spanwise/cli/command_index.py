"""The commands under headings, in the order in which one needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol

from typer.core import TyperGroup


HEADINGS: Final[Mapping[str, Sequence[str]]] = {
    "Record": ("run", "serve", "doctor"),
    "Look": ("view", "traces", "trace", "report", "sql"),
    "Money": ("budgets", "prices", "reprice", "reconcile"),
    "Quality": ("prompts", "score", "evaluate"),
    "Watch and protect": ("alerts", "redact"),
    "Set up": ("policy", "deploy", "check", "flavour"),
}


class Formatter(Protocol):
    """What of a formatter of help is used; whose it is depends on typer's version."""

    width: int

    def section(self, name: str) -> AbstractContextManager[None]:
        """What is written meanwhile stands under `name`."""

    def write_dl(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write names with what they mean."""


class CommandIndex(TyperGroup):
    """Lists the commands of `HEADINGS` in that order."""

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - typer's
        """All commands; one that has no heading comes last."""
        placed = [name for names in HEADINGS.values() for name in names if name in self.commands]
        return [*placed, *(name for name in self.commands if name not in placed)]

    def format_commands(self, ctx: object, formatter: Formatter) -> None:  # noqa: ARG002 - typer's
        """Write each heading with a line for each of its commands."""
        width = max(map(len, self.commands))
        room = formatter.width - 6 - width
        for heading, names in HEADINGS.items():
            rows = [(name.ljust(width), self.commands[name].get_short_help_str(room)) for name in names]
            with formatter.section(heading):
                formatter.write_dl(rows)
