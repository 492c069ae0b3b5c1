"""`Artefact`: one file that a target is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from spanwise.deploy.header import is_ours


@dataclass(frozen=True, slots=True)
class Artefact:
    """The text of one rendered file, and where it stands below the folder of its target.

    Attributes:
        path: Relative, without `..`: `rules/slo.yaml`.
        text: All of it; carries the mark of `spanwise.deploy.header` near its beginning, ends with a newline.
    """

    path: PurePosixPath
    text: str

    def __post_init__(self) -> None:
        """Refuse what could not be written, or not be recognised afterwards.

        Raises:
            ValueError: the path leads out of the folder, or the text has no mark or no newline at its end.
        """
        if self.path.is_absolute() or ".." in self.path.parts or not self.path.parts:
            raise ValueError(f"found the path {str(self.path)!r}; accepted is one below the target's folder")
        if not is_ours(self.text):
            raise ValueError(f"{self.path}: the text does not begin with a header; see spanwise.deploy.header")
        if not self.text.endswith("\n"):
            raise ValueError(f"{self.path}: the text does not end with a newline")
