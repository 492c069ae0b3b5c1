"""`Tool`: an engine's own program that judges its configuration."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from spanwise.deploy.check.finding import Finding
from spanwise.deploy.check.kind import Kind
from spanwise.deploy.check.secret import readable
from spanwise.semconv import environment


_TIMEOUT_S: Final = 120.0
_MOST_OUTPUT: Final = 64 * 1024
_MOST_LINES: Final = 40
_LINE: Final = re.compile(r"^(\d{1,7}):\d{1,7}: |\bline (\d{1,7})\b")
"""Where a mistake is: promtool begins with line and column, readers of YAML say `line 3`."""


@dataclass(frozen=True, slots=True)
class Tool:
    """How one program is asked.

    Attributes:
        programs: Its names; the first that is found is taken.
        arguments: What stands between the program and the file.
        after: What stands after the file.
        reads_secrets: Whether it refuses a file whose secrets are not on this machine.
        source: How to get it, for a person who has not.
    """

    programs: tuple[str, ...]
    arguments: tuple[str, ...]
    source: str
    after: tuple[str, ...] = ()
    reads_secrets: bool = False

    @property
    def name(self) -> str:
        """As a person would type it: `promtool check rules`."""
        words = [word for word in (*self.arguments, *self.after) if not word.startswith("-")]
        return " ".join([self.programs[0], *words])

    def find(self, environ: Mapping[str, str]) -> str | None:
        """Where the program is: in `$SPANWISE_ENGINES/bin`, else on PATH; `None` when it is nowhere."""
        return find_engine(self.programs, environ)

    def ask(self, program: str, file: Path, environ: Mapping[str, str]) -> list[Finding]:
        """What `program` says is wrong with `file`; nothing when it is content.

        A program that does not answer in 120 s is a finding of its own. Secrets that are not here are stood in for.

        Raises:
            OSError: `file` cannot be read.
        """
        if not self.reads_secrets:
            return self._ask(program, file, environ)
        with readable(file, environ) as copy:
            return self._ask(program, copy, environ)

    def _ask(self, program: str, file: Path, environ: Mapping[str, str]) -> list[Finding]:
        command = [program, *self.arguments, str(file), *self.after]
        try:
            ended = subprocess.run(  # noqa: S603 - the tool's own words, and a file as one argument
                command,
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=False,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return [Finding(f"{self.name} did not answer in {_TIMEOUT_S:.0f} s")]
        except OSError as error:
            return [Finding(f"{self.name} cannot be run ({error.strerror or type(error).__name__})")]
        if ended.returncode == 0:
            return []
        said = (ended.stderr + b"\n" + ended.stdout)[:_MOST_OUTPUT].decode("utf-8", errors="replace")
        return _findings(said, file) or [Finding(f"{self.name} ended with {ended.returncode} and said nothing")]


def find_engine(programs: tuple[str, ...], environ: Mapping[str, str]) -> str | None:
    """The path of the first of `programs` in `$SPANWISE_ENGINES/bin`, else on PATH; `None` when there is none."""
    path = environ.get("PATH", os.defpath)
    if directory := environ.get(environment.SPANWISE_ENGINES, "").strip():
        path = os.pathsep.join([str(Path(directory).expanduser() / "bin"), path])
    return next((found for program in programs if (found := shutil.which(program, path=path))), None)


def _findings(said: str, file: Path) -> list[Finding]:
    """What was said, a finding for each line that tells something; what tells no line belongs to the one before."""
    found: list[Finding] = []
    for raw in said.splitlines():
        line = "".join(sign if sign.isprintable() else " " for sign in raw).strip()
        if not line or _is_noise(line):
            continue
        message = line.replace(f"{file}: ", "")
        number = _LINE.search(message)
        found.append(Finding(message, int(number[1] or number[2]) if number else None))
    return found[:_MOST_LINES]


def _is_noise(line: str) -> bool:
    """Whether a line tells only that a check began or failed, which the exit code says."""
    if line.startswith(("Checking ", "Found:")) or line in {"FAILED:", "Unit Testing:"}:
        return True
    return line.startswith(("- ", "SUCCESS")) or line.endswith(("SUCCESS", "is valid prometheus config file syntax"))


_PROMETHEUS: Final = "part of a Prometheus release; version 3 or newer"
_ALERTMANAGER: Final = "part of an Alertmanager release; Debian: apt install prometheus-alertmanager"

TOOLS: Final[Mapping[Kind, Tool]] = {
    Kind.COLLECTOR: Tool(
        ("otelcol", "otelcol-contrib"),
        ("validate", "--config"),
        "an OpenTelemetry Collector: a contrib release, or the one that deploy/collector/builder.yaml builds",
        reads_secrets=True,
    ),
    Kind.CONTRIB_COLLECTOR: Tool(
        ("otelcol-contrib",),
        ("validate", "--config"),
        "the OpenTelemetry Collector's contrib release",
        reads_secrets=True,
    ),
    Kind.JAEGER: Tool(
        ("jaeger",), ("validate", "--config"), "a Jaeger release, version 2 or newer", reads_secrets=True
    ),
    Kind.PROMETHEUS: Tool(("promtool",), ("check", "config"), _PROMETHEUS),
    Kind.RULES: Tool(("promtool",), ("check", "rules"), _PROMETHEUS),
    Kind.RULE_TESTS: Tool(("promtool",), ("test", "rules"), _PROMETHEUS),
    Kind.ALERTMANAGER: Tool(("amtool",), ("check-config",), _ALERTMANAGER),
    Kind.COMPOSE: Tool(
        ("docker",), ("compose", "--file"), "Docker with its compose plug-in", after=("config", "--quiet")
    ),
}
"""Who judges which kind of file; kinds that are not here have no program that runs without a server."""
