"""`spanwise` typed in this process: the same command line without a second of starting Python."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from spanwise.cli import main
from spanwise.prompts import folder, registry_copy
from tests.cli.command import environment


def typed(
    directory: Path, *arguments: str | Path, given: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """`spanwise` with `arguments` in `directory`, finished; `given` is its standard input.

    For commands that read and write files: one that starts threads, catches signals or prints from below Python is
    tried by `spanwise` of `command`.
    """
    words = ["spanwise", *map(str, arguments)]
    out, err = _Stream(), _Stream()
    before = Path.cwd()
    # A process that starts has looked at no prompts yet.
    folder._folders.clear()
    registry_copy._copies.clear()
    os.chdir(directory)
    try:
        with (
            mock.patch.dict(os.environ, environment(**variables), clear=True),
            mock.patch.object(sys, "argv", words),
            mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()))),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = main()
    finally:
        os.chdir(before)
    return subprocess.CompletedProcess(words, code, out.text, err.text)


class _Stream(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    @property
    def text(self) -> str:
        """What was written."""
        held = self.buffer
        assert isinstance(held, io.BytesIO)
        return held.getvalue().decode()
