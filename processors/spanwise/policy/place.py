"""Which file is the policy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from spanwise.semconv import environment


FILE_NAME: Final = "spanwise.yaml"
"""The policy of a working directory."""


def find_policy(environ: Mapping[str, str], directory: Path | None = None) -> Path | None:
    """`$SPANWISE_POLICY`, else `spanwise.yaml` in `directory` (the working directory) when it exists, else `None`.

    A file that the variable names need not exist: reading it then is an error, because somebody asked for it.
    """
    if named := environ.get(environment.SPANWISE_POLICY, "").strip():
        return Path(named).expanduser()
    file = (directory or Path()) / FILE_NAME
    return file if file.is_file() else None
