"""`make bench`: every benchmark, one after the other. Each prints ratios against a baseline of the same run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Run each `bench_*` module in a process of its own; the instruction count only where valgrind is installed."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    for name in names:
        print(f"== {name.removeprefix('bench_')}", flush=True)
        subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=True)
    if shutil.which("valgrind"):
        for name in ("call", "start"):
            print(f"== {name}, instructions", flush=True)
            subprocess.run([sys.executable, "-m", f"tests.bench.bench_{name}", "--instructions"], check=True)
    else:
        print("instructions are not counted: valgrind is not installed (apt-get install valgrind)")


if __name__ == "__main__":
    main()
