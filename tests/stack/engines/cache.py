"""`Cache`: the folder that finished engines lie in, each with a stamp that says what it is."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from spanwise.semconv import environment
from tests.stack.engines.failure import EngineError
from tests.stack.engines.recipe import Recipe


ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Cache:
    """Engines below `folder`: programs in `bin`, stamps and locks in `stamps`.

    Safe with several processes at once: one builds an engine, the others wait for it and find it done.
    """

    folder: Path

    @classmethod
    def of_environment(cls) -> Self:
        """The folder that SPANWISE_ENGINES names; without it `.stack` in the repository."""
        return cls(Path(os.environ.get(environment.SPANWISE_ENGINES) or ROOT / ".stack").resolve())

    @property
    def bin(self) -> Path:
        """Where the programs are."""
        return self.folder / "bin"

    def note(self, recipe: Recipe) -> str | None:
        """What the stamp says of this very recipe's engine; `None` where it is missing or another build."""
        try:
            stamp = json.loads(self._stamp(recipe).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        complete = all(os.access(self.bin / name, os.X_OK) for name in recipe.binaries)
        return str(stamp["note"]) if complete and stamp.get("fingerprint") == recipe.fingerprint() else None

    def program(self, recipe: Recipe, name: str) -> Path:
        """The finished program; never builds.

        Raises:
            EngineError: it is not there, or the recipe has changed since.
        """
        if self.note(recipe) is None:
            raise EngineError(
                f"There is no {name} of {recipe.name} {recipe.version} in {self.bin}, or it was built by another "
                f"recipe. Build it: `make stack`, or `python -m tests.stack.engines {recipe.name}`."
            )
        return self.bin / name

    def ensure(self, recipe: Recipe) -> float | None:
        """Build the engine unless it is there; the seconds that took, `None` when there was nothing to do.

        Scratch files are gone afterwards, also after a failure; a program appears whole or not at all.

        Raises:
            EngineError: it could not be built.
        """
        with self._lock(recipe):
            if self.note(recipe) is not None:
                return None
            started = time.monotonic()
            with tempfile.TemporaryDirectory(prefix=f"{recipe.name}-", dir=self.folder) as scratch:
                work, out = Path(scratch, "work"), Path(scratch, "out")
                work.mkdir()
                out.mkdir()
                note = recipe.make(work, out)
                self._take(recipe, out)
            stamp = {"engine": recipe.name, "note": note, "fingerprint": recipe.fingerprint()}
            self._write_stamp(recipe, json.dumps(stamp, indent=2) + "\n")
            return time.monotonic() - started

    def _take(self, recipe: Recipe, out: Path) -> None:
        missing = [name for name in recipe.binaries if not (out / name).is_file()]
        if missing:
            raise EngineError(
                f"{recipe.name}: the build ended without {', '.join(missing)}. This is a mistake of ours."
            )
        self.bin.mkdir(exist_ok=True)
        for name in recipe.binaries:
            (out / name).chmod(0o755)
            shutil.move(out / name, self.bin / name)

    def _stamp(self, recipe: Recipe) -> Path:
        return self.folder / "stamps" / f"{recipe.name}.json"

    def _write_stamp(self, recipe: Recipe, text: str) -> None:
        path = self._stamp(recipe)
        beside = path.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)

    @contextlib.contextmanager
    def _lock(self, recipe: Recipe) -> Iterator[None]:
        """Held by one process at a time; the kernel lets go of it when that process dies."""
        stamps = self.folder / "stamps"
        try:
            stamps.mkdir(parents=True, exist_ok=True)
            lock = (stamps / f"{recipe.name}.lock").open("w")
        except OSError as error:
            raise EngineError(
                f"Cannot write to {stamps}: {error.strerror}. Name another folder in {environment.SPANWISE_ENGINES}."
            ) from None
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
