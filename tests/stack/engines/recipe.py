"""`Recipe`: how one engine comes to be."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Recipe:
    """One engine.

    Attributes:
        name: As on the command line.
        version: The one that is built; part of the stamp.
        binaries: The programs that `make` leaves in its second argument.
        make: Called with an empty scratch folder and the folder for the finished programs; gives what to note in the
            stamp beside the version, such as the package's full version.
        sources: Files that decide what is built. An edit of one means a new build.
    """

    name: str
    version: str
    binaries: tuple[str, ...]
    make: Callable[[Path, Path], str]
    sources: tuple[Path, ...]

    def fingerprint(self) -> str:
        """Changes with the version, the machine's kind and the text of every source."""
        digest = hashlib.sha256(f"{self.name} {self.version} {platform.system()} {platform.machine()}".encode())
        for source in self.sources:
            digest.update(b"\0" + source.read_bytes())
        return digest.hexdigest()
