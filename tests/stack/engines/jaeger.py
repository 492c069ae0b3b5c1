"""Jaeger v2, unmodified, from its module."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.stack.engines.recipe import Recipe
from tests.stack.engines.toolchain import GoToolchain


MODULE = "github.com/jaegertracing/jaeger"
VERSION = "2.13.0"
MODULE_VERSION = "v1.76.0"
"""The module of which `cmd/jaeger` is Jaeger 2.13; the modules of v2 tags cannot be fetched: no /v2 in their path."""


def make(work: Path, out: Path) -> str:
    """Build it in a throw-away module that repeats Jaeger's own go.mod and go.sum.

    `go install MODULE@VERSION` refuses: Jaeger's go.mod replaces a module. Every checksum is verified: the module's
    own against the checksum database by `go mod download`, the others against Jaeger's go.sum.
    """
    go = GoToolchain.find()
    fetched = json.loads(go.go("mod", "download", "-json", f"{MODULE}@{MODULE_VERSION}", cwd=work))
    source = Path(fetched["Dir"])
    (work / "go.mod").write_text(go_mod((source / "go.mod").read_text(encoding="utf-8")), encoding="utf-8")
    sums = (source / "go.sum").read_text(encoding="utf-8")
    sums += f"{MODULE} {MODULE_VERSION} {fetched['Sum']}\n{MODULE} {MODULE_VERSION}/go.mod {fetched['GoModSum']}\n"
    (work / "go.sum").write_text(sums, encoding="utf-8")
    go.build(f"{MODULE}/cmd/jaeger", out / "jaeger", cwd=work, flags=["-mod=readonly"])
    return VERSION


def go_mod(text: str) -> str:
    """Jaeger's go.mod as one of a module that requires Jaeger; the toolchain is the user's choice."""
    rest = re.sub(r"(?m)^(module|toolchain) .*\n", "", text)
    return f"module jaeger-for-tests\n{rest}\nrequire {MODULE} {MODULE_VERSION}\n"


JAEGER = Recipe("jaeger", VERSION, ("jaeger",), make, (Path(__file__),))
