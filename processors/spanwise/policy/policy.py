"""`Policy`: the settings of a file, and the line of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from spanwise.policy import problem
from spanwise.policy.document import MAX_BYTES, Document, parse
from spanwise.policy.error import PolicyError
from spanwise.policy.problem import Problem
from spanwise.policy.reader import Reader


T = TypeVar("T")


class Policy:
    """A policy file that could be parsed.

    Attributes:
        source: the name messages give it.
        directory: what relative paths in it are relative to.
    """

    def __init__(self, document: Document, *, source: str, directory: Path) -> None:
        self.source = source
        self.directory = directory
        self._document = document

    def line(self, path: problem.Path) -> int | None:
        """The line of the key or item at `path`, or of the nearest one around it; `None` for the file as a whole."""
        while path:
            if (line := self._document.lines.get(path)) is not None:
                return line
            path = path[:-1]
        return None

    def sections(self) -> list[str]:
        """The keys at the top of the file."""
        return Reader(self._document.value).keys()

    def place(self, path: problem.Path) -> str:
        """File and line of the setting at `path`, as `spanwise.yaml:4`."""
        line = self.line(path)
        return self.source if line is None else f"{self.source}:{line}"

    def read(self, section: Callable[[Reader], T], *, here: bool = True) -> T:
        """What `section` makes of this policy. It may be called any number of times.

        With `here` false the files and variables that it names are those of another machine, and not looked at.

        Raises:
            PolicyError: the file or what `section` read of it has mistakes; all of them are in it.
        """
        reader = Reader(self._document.value, directory=self.directory, here=here)
        settings = section(reader)
        problems: list[tuple[int | None, Problem]] = list(self._document.problems)
        refused = {found.path for _, found in self._document.problems}
        problems += [(self.line(found.path), found) for found in reader.problems if found.path not in refused]
        if problems:
            raise PolicyError(self.source, problems)
        return settings


def read_policy(file: Path | str) -> Policy:
    """The policy in `file`. Only its form is checked; `Policy.read` checks what it says.

    Raises:
        PolicyError: the file cannot be read or is no YAML mapping.
    """
    path = Path(file)
    source = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PolicyError(source, [(None, Problem((), f"cannot be read ({reason})."))]) from None
    if len(data) > MAX_BYTES:
        message = f"larger than {MAX_BYTES} bytes; the file is not read."
        raise PolicyError(source, [(None, Problem((), message))])
    return policy_of(data, source=source, directory=path.parent)


def policy_of(data: bytes, *, source: str, directory: Path) -> Policy:
    """The policy that the bytes of a file hold.

    Raises:
        PolicyError: they are no YAML mapping.
    """
    document = parse(data)
    if document.value is None or not isinstance(document.value, dict):
        problems: list[tuple[int | None, Problem]] = list(document.problems)
        if document.value is not None:
            problems.append((1, Problem((), "found a list or text; accepted is a mapping of keys.")))
        if problems:
            raise PolicyError(source, problems)
    return Policy(document, source=source, directory=directory)
