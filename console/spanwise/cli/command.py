"""Finding the program that is to be run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final


NOT_FOUND: Final = 127
NOT_EXECUTABLE: Final = 126


class CommandError(Exception):
    """A program cannot be run. `exit_code` is what a shell would end with: 127 not found, 126 not executable."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def find_program(name: str, environ: Mapping[str, str]) -> str:
    """The path of the program `name`, looked up as a shell does.

    Raises:
        CommandError: there is none, or it is not executable.
    """
    if found := shutil.which(name, path=environ.get("PATH", os.defpath)):
        return found
    if not name:
        raise CommandError("the command is empty", NOT_FOUND)
    path = Path(name)
    if path.is_dir():
        raise CommandError(f"{name}: is a directory", NOT_EXECUTABLE)
    if path.suffix == ".py" and path.is_file():
        raise CommandError(f"{name}: not executable (did you mean: spanwise run python {name})", NOT_EXECUTABLE)
    if os.sep in name and path.exists():
        raise CommandError(f"{name}: not executable", NOT_EXECUTABLE)
    raise CommandError(f"{name}: command not found", NOT_FOUND)
