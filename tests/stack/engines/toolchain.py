"""`GoToolchain`: the Go that most engines are built with."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.stack.engines.command import run
from tests.stack.engines.failure import EngineError


OLDEST = (1, 26)
"""What Jaeger's and Prometheus' modules ask for."""


@dataclass(frozen=True, slots=True)
class GoToolchain:
    """A `go` command. Its caches, proxy and flags stay as its owner set them."""

    program: str

    @classmethod
    def find(cls) -> Self:
        """The one on PATH.

        Raises:
            EngineError: there is none, or it is too old.
        """
        program = shutil.which("go")
        if program is None:
            raise EngineError(
                "There is no `go` on PATH. The engines are built from their sources: install Go "
                f"{OLDEST[0]}.{OLDEST[1]} or newer (https://go.dev/dl) and ask again."
            )
        text = run([program, "version"], cwd=Path.cwd())
        found = re.search(r"go(\d+)\.(\d+)", text)
        if found is None or (int(found[1]), int(found[2])) < OLDEST:
            raise EngineError(
                f"{program} is {text.strip()!r}; the engines need Go {OLDEST[0]}.{OLDEST[1]} or newer "
                "(https://go.dev/dl)."
            )
        return cls(program)

    def go(self, *arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
        """What `go ARGUMENTS` printed.

        Raises:
            EngineError: it failed; where modules could not be fetched, the message says how to name a registry.
        """
        try:
            return run([self.program, *arguments], cwd=cwd, env=env)
        except EngineError as error:
            if not re.search(
                r"dial tcp|no such host|connection refused|i/o timeout|: 40[34] |proxyconnect", str(error)
            ):
                raise
            raise EngineError(
                f"{error}\nGo could not fetch a module. It needs a module registry (GOPROXY) and the checksum database "
                "(GOSUMDB); `go env GOPROXY GOSUMDB` shows which ones it asks."
            ) from None

    def build(
        self, package: str, out: Path, *, cwd: Path, flags: Sequence[str] = (), texts: Mapping[str, str] | None = None
    ) -> None:
        """Build a package of the module in `cwd` into `out`: static, without symbols, without this machine's paths.

        `texts` sets variables of packages, as releases do with their version.

        Raises:
            EngineError: it does not build.
        """
        linked = " ".join(["-s -w", *(f"-X {name}={text}" for name, text in (texts or {}).items())])
        self.go(
            "build", *flags, "-trimpath", "-buildvcs=false", "-ldflags", linked, "-o", out, package,
            cwd=cwd, env={"CGO_ENABLED": "0"},
        )  # fmt: skip
