"""An interpreter that has atheris and the packages of this one."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path


def with_atheris(folder: Path) -> Path:
    """This interpreter when it has atheris, else one of an environment in `folder`, made at first use.

    Raises:
        subprocess.CalledProcessError: atheris cannot be installed here.
    """
    if importlib.util.find_spec("atheris") is not None:
        return Path(sys.executable)
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "atheris"], check=True)
    packages = sysconfig.get_path("purelib")
    own = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    Path(own, "borrowed.pth").write_text(f"{packages}\n", "utf-8")
    return python
