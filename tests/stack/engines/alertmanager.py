"""Alertmanager and amtool, from their module.

Debian's package cannot be used unpacked: its Alertmanager reads templates from /usr/share, which takes root, and its
version (0.25) does not know keys that rendered files have.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.stack.engines.recipe import Recipe
from tests.stack.engines.toolchain import GoToolchain


MODULE = "github.com/prometheus/alertmanager"
VERSION = "0.35.0"
BINARIES = ("amtool", "alertmanager")
PAGES = ("ui/app/dist/elm/index.html", "ui/app/dist/mantine/index.html")
PAGE = "<p>This build is for tests: it has the API of Alertmanager and not its pages.</p>\n"


def make(work: Path, out: Path) -> str:
    """Build both in a copy of the module, with its own go.mod and go.sum.

    The copy has a page in place of the user interface, which a release makes with npm and a module does not contain.
    Nothing else is changed.
    """
    go = GoToolchain.find()
    fetched = json.loads(go.go("mod", "download", "-json", f"{MODULE}@v{VERSION}", cwd=work))
    source = work / "alertmanager"
    # Copied without modes: the module cache is read-only.
    shutil.copytree(fetched["Dir"], source, copy_function=shutil.copyfile)
    for folder in [source, *(path for path in source.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)
    for name in PAGES:
        page = source / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(PAGE, encoding="utf-8")
    texts = {"github.com/prometheus/common/version.Version": VERSION}
    for name in BINARIES:
        go.build(f"./cmd/{name}", out / name, cwd=source, flags=["-mod=readonly"], texts=texts)
    return VERSION


ALERTMANAGER = Recipe("alertmanager", VERSION, BINARIES, make, (Path(__file__),))
