"""The registry's copy: a file beside the store, which is all of the registry that an application reads."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from spanwise.prompts.document import Json, document_of, prompt_of
from spanwise.prompts.prompt import Prompt
from spanwise.semconv import environment


FILE: Final = "prompts.json"
FRESH_S: Final = 10.0
"""For so long the copy is not looked at again."""

MOST_BYTES: Final = 32 << 20

_FORM: Final = 1
_DIRECTORY: Final = ".spanwise"
_STORE: Final = "spanwise.duckdb"
_MAGIC: Final = slice(8, 12)
_logger = logging.getLogger("spanwise.prompts")


def store_path(environ: Mapping[str, str]) -> Path:
    """The store that has the registry: `SPANWISE_STORE`, else the one of this directory."""
    named = environ.get(environment.SPANWISE_STORE, "")
    return Path(named).expanduser() if named else Path(_DIRECTORY) / _STORE


def write_copy(store: Path, prompts: Sequence[Prompt]) -> None:
    """Put `prompts` in the file beside `store`, mode 0600, in one step: a reader finds the old copy or the new one.

    Raises:
        OSError: it cannot be written; the old copy stays.
        ValueError: it would be larger than `MOST_BYTES`.
    """
    said = [{**document_of(prompt), "labels": list(prompt.labels)} for prompt in prompts]
    data = json.dumps({"form": _FORM, "prompts": said}, default=str).encode()
    if len(data) > MOST_BYTES:
        raise ValueError(f"the prompts of the registry are {len(data)} bytes together; accepted: {MOST_BYTES}")
    handle, made = mkstemp(prefix=f".{FILE}-", dir=store.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(made).replace(store.with_name(FILE))
    except OSError:
        Path(made).unlink(missing_ok=True)
        raise


def read_copy(file: Path) -> list[Prompt]:
    """The prompts in the copy at `file`, versions in the order in which they were pushed.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no copy of a registry, or is damaged.
    """
    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES} bytes")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    if not isinstance(document, dict) or document.get("form") != _FORM:
        raise ValueError("it is no copy of a registry that this version reads")
    found = document.get("prompts")
    if not isinstance(found, list):
        raise ValueError("it has no list of prompts")  # noqa: TRY004 - of the file, not of the caller
    return [prompt_of(said, labels=_labels(said), source=f"registry {file}") for said in found]


def _labels(said: Json) -> tuple[str, ...]:
    labels = said.get("labels") if isinstance(said, dict) else None
    return tuple(map(str, labels)) if isinstance(labels, list) else ()


class RegistryCopy:
    """The copy beside one store, looked at at most every ten seconds and read when it has changed. Thread-safe.

    What was read stays in use, with one warning, when the copy is damaged or gone; and the copy stays in use, with one
    warning, when the registry that it was made of is.
    """

    def __init__(self, store: Path) -> None:
        self.store = store
        self.path = store.with_name(FILE)
        self._prompts: list[Prompt] = []
        self._stamp: tuple[int, int, int] | None = None
        self._looked_s = float("-inf")
        self._warned = ""
        self._lock = threading.Lock()

    def prompts(self) -> list[Prompt]:
        """What the copy holds."""
        if time.monotonic() - self._looked_s < FRESH_S:
            return self._prompts
        with self._lock:
            if time.monotonic() - self._looked_s >= FRESH_S:
                self._look()
                self._looked_s = time.monotonic()
            return self._prompts

    def _look(self) -> None:
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp != self._stamp:
                self._prompts = read_copy(self.path)
                self._stamp = stamp
        except FileNotFoundError:
            if self._stamp is not None:
                self._warn(f"{self.path}: it is gone; what was read of it stays in use")
            return
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else str(error)
            kept = "what was read of it before stays in use" if self._stamp else "no prompt of the registry is known"
            self._warn(f"{self.path}: {said}; {kept}. spanwise prompts list writes it again.")
            return
        if problem := _problem(self.store):
            self._warn(f"the registry in {self.store} cannot be read ({problem}); its last copy, {self.path}, is used")
        else:
            self._warned = ""

    def _warn(self, message: str) -> None:
        """Once for each trouble, until it is over."""
        if message != self._warned:
            self._warned = message
            _logger.warning("%s", message)


def _problem(store: Path) -> str:
    """Why the store cannot be read, as far as its first bytes tell; a busy one can."""
    try:
        with store.open("rb") as file:
            return "" if file.read(_MAGIC.stop)[_MAGIC] == b"DUCK" else "it is not a store"
    except OSError as error:
        return error.strerror or type(error).__name__


_copies: Final[dict[Path, RegistryCopy]] = {}


def registry() -> RegistryCopy:
    """The copy of the registry in the store of this process."""
    path = store_path(os.environ).absolute()
    return _copies.get(path) or _copies.setdefault(path, RegistryCopy(path))
