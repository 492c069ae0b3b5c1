"""Whether a browser should be opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final


_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY")
_REMOTE: Final = ("CI", "SSH_CONNECTION", "SSH_TTY")


def has_browser(environ: Mapping[str, str] | None = None, *, terminal: bool, platform: str = sys.platform) -> bool:
    """Whether a person sits here who sees a browser that opens: a terminal, a display, and neither CI nor SSH."""
    known = os.environ if environ is None else environ
    if not terminal or any(known.get(name) for name in _REMOTE):
        return False
    return platform == "darwin" or any(known.get(name) for name in _DISPLAYS)
