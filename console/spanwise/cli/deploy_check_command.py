"""`spanwise deploy check`: what the engines themselves say of configuration files."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.cli.output import say, show_json
from spanwise.report import plain


if TYPE_CHECKING:
    from spanwise.deploy.check import Report


WRONG: Final = 1
WRONG_USE: Final = 2

_FOLDER: Final = Path("deploy")


def check_configuration(paths: Sequence[Path], *, as_json: bool) -> int:
    """Ask the program of each file's engine, or else a schema, whether the file is right, and print every mistake.

    The exit code: 0 when all files are right; 1 when one is wrong; 2 when none is known to be wrong and a program is
    missing that had to be asked, or when there is nothing to check.
    """
    from spanwise.deploy.check import check_file, files_of

    try:
        files = files_of(paths or [_FOLDER])
        # The engines' programs do the work; as many of them at once as there are processors.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            reports = list(pool.map(lambda file: check_file(file, os.environ), files))
    except OSError as error:
        say(f"spanwise: {error.filename}: {error.strerror or type(error).__name__}{_hint(paths)}")
        return WRONG_USE
    if not reports:
        say(f"spanwise: no YAML and no JSON in {', '.join(map(str, paths or [_FOLDER]))}")
        return WRONG_USE
    if as_json:
        show_json([_document(report) for report in reports])
    else:
        _show(reports)
    if any(report.findings for report in reports):
        return WRONG
    return WRONG_USE if any(report.missing for report in reports) else 0


def _hint(paths: Sequence[Path]) -> str:
    return "" if paths else "; name files or folders, or first: spanwise deploy render all --out deploy"


def _show(reports: Sequence[Report]) -> None:
    """A line for each mistake on standard output, as compilers print them; who looked and who is missing below."""
    for report in reports:
        for finding in report.findings:
            place = f"{report.file}:{finding.line}" if finding.line else f"{report.file}"
            sys.stdout.write(f"{place}: {plain(finding.message, 400)} [{report.tool}]\n")
    say(*_sentences(reports))


def _sentences(reports: Sequence[Report]) -> list[str]:
    asked: dict[str, list[Report]] = {}
    missing: dict[str, list[Report]] = {}
    for report in reports:
        asked.setdefault(report.tool, []).append(report)
        if report.missing:
            missing.setdefault(report.missing, []).append(report)
    lines = [
        f"{tool}: {_files(len(found))}, {sum(bool(report.findings) for report in found)} wrong"
        for tool, found in asked.items()
    ]
    return lines + [f"{reason} ({_files(len(found))} not asked about)" for reason, found in missing.items()]


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


def _document(report: Report) -> dict[str, object]:
    return {
        "file": str(report.file),
        "kind": report.kind.value,
        "tool": report.tool,
        "findings": [{"line": finding.line, "message": finding.message} for finding in report.findings],
        "missing": report.missing or None,
    }
