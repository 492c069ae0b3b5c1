"""Where the store is and how much it keeps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from spanwise.semconv import environment


DIRECTORY: Final = ".spanwise"
FILE: Final = "spanwise.duckdb"


@dataclass(frozen=True, slots=True)
class StoreConfig:
    """Limits of a store.

    `max_bytes` caps the file, `keep_days` the age of spans; beyond either the oldest go first. About half of the cap
    holds spans, the rest is room to rewrite them. `lock_timeout_s` is how long to wait for another process to let go
    of the file: usually 50 ms, but 7 s were measured where DuckDB merged 225 MB of message content.
    `prune_interval_s` is the least time between two looks at the limits.
    """

    max_bytes: int = 512 * 1024 * 1024
    keep_days: float = 7
    lock_timeout_s: float = 10
    prune_interval_s: float = 60


def default_path(environ: Mapping[str, str] | None = None) -> Path:
    """The store's path: `SPANWISE_STORE` when set and not empty, else `.spanwise/spanwise.duckdb` in this directory."""
    named = (os.environ if environ is None else environ).get(environment.SPANWISE_STORE, "")
    return Path(named).expanduser() if named else Path(DIRECTORY) / FILE
