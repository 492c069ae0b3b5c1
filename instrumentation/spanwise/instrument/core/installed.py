"""Versions of what is installed, and whether they are in a range that is supported."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, version
from typing import Final

from opentelemetry.instrumentation.dependencies import DependencyConflict
from packaging.requirements import Requirement


_VERSION: Final = re.compile(r"^version:[ \t]*(\S+)[ \t]*$", re.IGNORECASE | re.MULTILINE)


def conflict_with(requirement: str) -> DependencyConflict | None:
    """Why an SDK cannot be instrumented; `None` when one is installed in the range of `requirement`.

    Costs some tenths of a millisecond, most of it for finding the SDK, or that there is none. The loader's own check
    has a mail parser read the whole metadata of an SDK, with its README: up to 8 ms for each.
    """
    wanted = Requirement(requirement)
    found = installed_version(wanted.name)
    if found is None:
        return DependencyConflict(requirement)
    return None if wanted.specifier.contains(found) else DependencyConflict(requirement, f"{wanted.name} {found}")


def installed_version(name: str) -> str | None:
    """The version of the distribution `name`, from the first lines of its metadata; `None` when it is not installed."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    # Headers end at the first empty line; a README below may hold anything.
    head = (found.read_text("METADATA") or "").partition("\n\n")[0]
    line = _VERSION.search(head)
    return line[1] if line else found.version


@cache
def own_version() -> str:
    """The version of this distribution."""
    return version("spanwise")
