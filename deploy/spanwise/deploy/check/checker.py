"""`check_file`: which kind a file is, who judges it, and what they say."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from spanwise.deploy.check import schema
from spanwise.deploy.check.document import Documents, parse
from spanwise.deploy.check.finding import Finding, Report
from spanwise.deploy.check.kind import Kind, kind_of
from spanwise.deploy.check.tool import TOOLS, Tool


_ENDINGS: Final = frozenset({".yaml", ".yml", ".json"})
_MOST_FILES: Final = 2_000
_HEADER_BYTES: Final = 2_000
_MOST_BYTES: Final = 16 * 1024 * 1024


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files that `paths` name, each once: a file as it is, of a folder all YAML and JSON below it, 2,000 at most.

    Hidden folders and links to folders are not entered.

    Raises:
        FileNotFoundError: there is nothing at a path.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(_below(path))
        elif path.exists():
            found[path] = None
        else:
            raise FileNotFoundError(2, "No such file or directory", str(path))
    return list(found)[:_MOST_FILES]


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(names) if Path(name).suffix in _ENDINGS)


def check_file(file: Path, environ: Mapping[str, str]) -> Report:
    """What is wrong with `file`, as the program of its engine says it, or else a parser and a schema.

    Raises:
        OSError: it cannot be read.
    """
    if file.suffix not in _ENDINGS:
        return Report(file, Kind.OTHER, "nobody")
    if file.stat().st_size > _MOST_BYTES:
        return Report(file, Kind.OTHER, "size", (Finding(f"larger than {_MOST_BYTES:,} bytes; no engine reads that"),))
    text = file.read_bytes()
    documents = parse(text, is_json=file.suffix == ".json")
    if isinstance(documents, Finding):
        return Report(file, Kind.JSON if file.suffix == ".json" else Kind.YAML, "parser", (documents,))
    kind = kind_of(file.name, documents.values, beginning=text[:_HEADER_BYTES])
    tool = TOOLS.get(kind)
    program = None if tool is None else tool.find(environ)
    if tool is None or program is None or (kind is Kind.COMPOSE and not _has_compose(program, environ)):
        return _by_ourselves(file, kind, documents, tool)
    findings = [_placed(finding, documents) for finding in tool.ask(program, file, environ)]
    return Report(file, kind, tool.name, tuple(findings))


def _by_ourselves(file: Path, kind: Kind, documents: Documents, tool: Tool | None) -> Report:
    """A check without an engine's program. `tool` is the one that was not found; `None` when there is none at all."""
    missing = "" if tool is None else f"{tool.programs[0]} was not found: {tool.source}"
    if kind is Kind.POLICY:
        return Report(file, kind, "spanwise policy check", tuple(_policy(file)), missing)
    if kind in schema.SCHEMAS:
        return Report(file, kind, "schema", tuple(schema.findings(kind, documents)), missing)
    return Report(file, kind, "parser", (), missing)


def _policy(file: Path) -> Iterator[Finding]:
    from spanwise.plan import Plan
    from spanwise.policy import PolicyError, read_policy

    try:
        Plan.from_policy(read_policy(file))
    except PolicyError as error:
        yield from (Finding(line) for line in error.lines)


def _placed(finding: Finding, documents: Documents) -> Finding:
    """`finding` with the line of the setting that its message names, where whoever found it gave none."""
    if finding.line is not None:
        return finding
    return Finding(finding.message, documents.line_of_message(finding.message))


def _has_compose(docker: str, environ: Mapping[str, str]) -> bool:
    """Whether the plug-in is there: Docker without it takes `compose` for a mistake in the command."""
    asked = [docker, "compose", "version"]
    try:
        ended = subprocess.run(  # noqa: S603 - three fixed words
            asked, capture_output=True, timeout=30, check=False, env=dict(environ), stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
