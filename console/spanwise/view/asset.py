"""`Asset`: a file of the page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Final


FOLDER: Final = "page"
INDEX: Final = "index.html"

_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file's content, its media type, and a tag that changes with it."""

    content: bytes
    media_type: str
    tag: str


def read_assets() -> dict[str, Asset]:
    """The files of the page by name, about 100 KB, read once. Nothing else can be asked for."""
    found = {}
    for file in resources.files("spanwise.view").joinpath(FOLDER).iterdir():
        media_type = _TYPES.get(file.name.rpartition(".")[2])
        if media_type and file.is_file():
            content = file.read_bytes()
            found[file.name] = Asset(content, media_type, hashlib.sha256(content).hexdigest()[:20])
    return found
