"""Alertmanager and amtool, from Debian's package; unpacked, not installed."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.stack.engines.command import run
from tests.stack.engines.failure import EngineError
from tests.stack.engines.recipe import Recipe


PACKAGE = "prometheus-alertmanager"
VERSION = "0.25"
"""The oldest that will do; a newer distribution has a newer one, and the stamp says which."""


def make(work: Path, out: Path) -> str:
    """Download the package, whose signature apt verifies, and take two programs out of it. Needs no root."""
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise EngineError(
            f"Alertmanager comes from Debian's package {PACKAGE}, and there is no apt-get and dpkg on PATH. "
            "Run the stack tests on Debian or Ubuntu, or in a container of one."
        )
    package = download(work)
    run(["dpkg", "-x", package, "root"], cwd=work)
    programs = work / "root" / "usr" / "bin"
    shutil.move(programs / PACKAGE, out / "alertmanager")
    shutil.move(programs / "amtool", out / "amtool")
    return run(["dpkg-deb", "-f", package, "Version"], cwd=work).strip()


def download(work: Path) -> Path:
    """The package's file: by the machine's package lists, or, where it has none, by lists fetched into `work`."""
    options = own_state(work)
    try:
        run(["apt-get", "download", PACKAGE], cwd=work)
    except EngineError:
        try:
            run(["apt-get", *options, "update"], cwd=work)
            run(["apt-get", *options, "download", PACKAGE], cwd=work)
        except EngineError as error:
            raise EngineError(
                f"{error}\napt could not fetch {PACKAGE}. It is in Debian's `main` and Ubuntu's `universe`; "
                "look at /etc/apt/sources.list and the network."
            ) from None
    return next(work.glob(f"{PACKAGE}_*.deb"))


def own_state(work: Path) -> list[str]:
    """Options by which apt keeps lists and caches in `work`, so that anybody may run it."""
    for name in ("lists/partial", "cache/archives/partial"):
        (work / name).mkdir(parents=True)
    return [
        *("-o", f"Dir::State::lists={work / 'lists'}"),
        *("-o", f"Dir::Cache={work / 'cache'}"),
        # The folder is one user's own; apt's helper user could not write there.
        *("-o", "APT::Sandbox::User="),
    ]


ALERTMANAGER = Recipe("alertmanager", VERSION, ("alertmanager", "amtool"), make, (Path(__file__),))
