"""`spanwise --help` is a list that one can read."""

from __future__ import annotations

import typer
from typer.testing import CliRunner

from spanwise.cli.app import app
from spanwise.cli.command_index import HEADINGS, CommandIndex


def test_every_command_stands_under_one_heading() -> None:
    """No command is left out, none stands twice, and `run` is the first."""
    group = typer.main.get_command(app)
    assert isinstance(group, CommandIndex)
    placed = [name for names in HEADINGS.values() for name in names]
    assert sorted(placed) == sorted(group.commands)
    assert group.list_commands(None) == placed
    assert placed[0] == "run"


def test_no_line_is_cut() -> None:
    """What a command does fits into a terminal of 80 columns."""
    shown = CliRunner().invoke(app, ["--help"], terminal_width=80).output
    assert all(f"\n{heading}:\n" in shown for heading in HEADINGS)
    assert "..." not in shown.partition("Record:")[2]
