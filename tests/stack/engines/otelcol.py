"""The OpenTelemetry Collector of `deploy/collector/builder.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import yaml

from tests.stack.engines.command import run
from tests.stack.engines.failure import EngineError
from tests.stack.engines.recipe import Recipe
from tests.stack.engines.toolchain import GoToolchain


MANIFEST = Path(__file__).resolve().parents[3] / "deploy" / "collector" / "builder.yaml"
BUILDER = "go.opentelemetry.io/collector/cmd/builder"


def version() -> str:
    """The Collector's version that the manifest names; the builder's is the same."""
    manifest = cast("dict[str, dict[str, str]]", yaml.safe_load(MANIFEST.read_text(encoding="utf-8")))
    return manifest["dist"]["version"]


def make(work: Path, out: Path) -> str:
    """Write the sources with the Collector Builder, then build them."""
    go = GoToolchain.find()
    go.go("install", f"{BUILDER}@v{version()}", cwd=work, env={"GOBIN": str(work)})
    sources = work / "_build"
    write_sources(work, sources)
    go.build(".", out / "otelcol", cwd=sources, flags=["-mod=mod"])
    return version()


def write_sources(work: Path, sources: Path) -> None:
    """Run the builder for the sources alone.

    It ends with `go mod tidy`, which fetches what only the tests of other modules need; some of these modules are
    not published. Without a registry that step ends at once; what has been written by then is all that is needed.
    """
    (work / "builder.yaml").write_bytes(MANIFEST.read_bytes())
    try:
        run([work / "builder", "--config", "builder.yaml", "--skip-compilation"], cwd=work, env={"GOPROXY": "off"})
    except EngineError:
        if not all((sources / name).is_file() for name in ("go.mod", "main.go", "components.go")):
            raise


OTELCOL = Recipe("otelcol", version(), ("otelcol",), make, (Path(__file__), MANIFEST))
