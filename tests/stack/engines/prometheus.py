"""Prometheus and promtool, from a module of their own."""

from __future__ import annotations

from pathlib import Path

from tests.stack.engines.recipe import Recipe
from tests.stack.engines.toolchain import GoToolchain


MODULE = "github.com/prometheus/prometheus"
VERSION = "3.16.0"
MODULE_VERSION = "v0.316.0"
"""How Prometheus numbers version 3.16.0 as a Go module."""
BINARIES = ("promtool", "prometheus")
TAGS = "remove_all_sd,enable_dns_sd,enable_kubernetes_sd"
"""Without the service discovery of twenty clouds, whose client libraries take most of the time to compile."""


def make(work: Path, out: Path) -> str:
    """Build both as tools of a throw-away module.

    `go install MODULE@VERSION` refuses: Prometheus' own go.mod replaces and excludes modules.
    """
    go = GoToolchain.find()
    go.go("mod", "init", "tools", cwd=work)
    go.go("get", "-tool", *(f"{MODULE}/cmd/{name}@{MODULE_VERSION}" for name in BINARIES), cwd=work)
    for name in BINARIES:
        texts = {"github.com/prometheus/common/version.Version": VERSION}
        go.build(f"{MODULE}/cmd/{name}", out / name, cwd=work, flags=["-tags", TAGS], texts=texts)
    return VERSION


PROMETHEUS = Recipe("prometheus", VERSION, BINARIES, make, (Path(__file__),))
