"""The first lines of a rendered file, by which it is known as one."""

from __future__ import annotations

import textwrap
from typing import Final


MARK: Final = "Written by spanwise deploy render"
"""Stands near the beginning of every rendered file. A file without it is somebody else's and is never written to.

JSON has no comments: there it stands in a text that the engine shows to people, such as a description.
"""

KEEP: Final = "Edit spanwise.yaml and render again. To keep edits of this file, delete this line: it is then yours."
"""What the header tells a reader about edits."""

_SEARCHED: Final = 4096
_WIDTH: Final = 116


def header(*about: str, comment: str = "#") -> str:
    """The lines that open a rendered file: the mark, then a paragraph for each of `about`.

    `comment` is what begins a comment in the file's language; the lines end with a newline. Long paragraphs are
    wrapped.
    """
    lines = [f"{MARK}. {KEEP}"]
    for paragraph in about:
        for line in paragraph.splitlines():
            lines += textwrap.wrap(line, _WIDTH - len(comment), break_long_words=False, break_on_hyphens=False) or [""]
    return "".join(f"{comment} {line}".rstrip() + "\n" for line in lines)


def is_ours(text: str) -> bool:
    """Whether a file with this text was rendered: the mark stands in its first 4,096 characters."""
    return MARK in text[:_SEARCHED]
