"""`overlay`: a rendered configuration with the few values that a test run has to have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import yaml


Yaml: TypeAlias = Any
"""A parsed YAML document."""

Change: TypeAlias = Mapping[tuple[str | int, ...], Yaml]
"""Where, and what stands there instead."""


def overlay(text: str, changes: Change) -> str:
    """The YAML document `text` with some values replaced: ports, folders, waiting times.

    Values are replaced where they stand and nowhere else; nothing is added or removed. A change of a value that is not
    there is a mistake: what the test believes of the rendered file is no longer so.

    Raises:
        AssertionError: nothing stands at one of the places.
    """
    document = yaml.safe_load(text)
    for path, value in changes.items():
        owner = document
        for step in path[:-1]:
            owner = _inner(owner, step, path)
        _inner(owner, path[-1], path)
        owner[path[-1]] = value
    return yaml.safe_dump(document, sort_keys=False, width=1000)


def _inner(owner: Yaml, step: str | int, path: tuple[str | int, ...]) -> Yaml:
    here = isinstance(owner, list) if isinstance(step, int) else isinstance(owner, dict)
    there = here and (step in owner if isinstance(step, str) else step < len(owner))
    assert there, f"the rendered file has nothing at {'/'.join(map(str, path))}; see what became of {step!r}"
    return owner[step]
