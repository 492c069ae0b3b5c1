"""The console that reports are printed to."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Final, TextIO


if TYPE_CHECKING:
    from rich.console import Console


PIPE_WIDTH: Final = 160
"""Columns when the output is no terminal and `COLUMNS` is not set: nothing useful should be cut in a file."""


def console(stream: TextIO | None = None) -> Console:
    """A console for `stream` (standard output when not given).

    Colour only on a terminal and never with `NO_COLOR`; a character the stream cannot encode becomes `?`. Markup,
    emoji codes and highlighting are off, because stored text is not ours.
    """
    from rich.console import Console

    target = sys.stdout if stream is None else stream
    if isinstance(target, io.TextIOWrapper):
        target.reconfigure(errors="replace")
    width = None if target.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return Console(file=target, width=width, markup=False, emoji=False, highlight=False)
