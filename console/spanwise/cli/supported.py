"""SDKs that are installed here, and whether an instrumentor of ours takes their version."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from packaging.requirements import Requirement

from spanwise.cli.check import Check, Verdict
from spanwise.cli.installation import installed_version
from spanwise.cli.suites import GROUP, HTTP, ours


def supported_checks(found: Iterable[EntryPoint] | None = None) -> list[Check]:
    """A finding for each SDK with an instrumentor among `found` (those installed when not given) that is here.

    A version that is not supported is a problem: the instrumentor stays out of it, so nothing is recorded. What is not
    installed is named in one line.
    """
    entries = ours(entry_points(group=GROUP) if found is None else found)
    wanted = sorted({str(entry.load().requirement) for entry in entries})
    checks, missing = [], []
    for requirement in map(Requirement, wanted):
        if version := installed_version(requirement.name):
            checks.append(_checked(requirement, version))
        else:
            missing.append(requirement.name)
    if missing:
        checks.append(Check("not installed", Verdict.OK, ", ".join(missing)))
    if not {check.name for check in checks} - HTTP - {"not installed"}:
        text = "none that makes model calls is installed beside spanwise, so only plain HTTP requests are recorded here"
        fix = "install spanwise into the environment of the application"
        checks.append(Check("provider SDK", Verdict.NOTE, text, fix))
    return checks


def _checked(requirement: Requirement, version: str) -> Check:
    if requirement.specifier.contains(version, prereleases=True):
        return Check(requirement.name, Verdict.OK, f"{version}, recorded")
    text = f"{version} is outside what is supported ({requirement.specifier}): its calls are not recorded"
    return Check(requirement.name, Verdict.PROBLEM, text, f"pip install '{requirement}'")
