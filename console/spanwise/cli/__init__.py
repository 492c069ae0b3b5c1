"""The `spanwise` command. Importing this costs nothing: the command line is built when it is called."""

from __future__ import annotations


__all__ = ["main"]


def main() -> int:
    """Run the command line with `sys.argv`; the exit code."""
    from spanwise.cli.app import main as run_command_line

    return run_command_line()
