"""What a call costs its thread: CPU time in paired rounds, and instructions under callgrind.

`python -m tests.bench.bench_call` measures time; `--instructions` counts under valgrind (Debian: `valgrind`).
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.workload import CHUNKS, SHAPES, WATCHERS, call, providers, sdk, watched


ROUNDS = 30


def measure_time() -> None:
    """Print microseconds over bare, as the median of paired rounds, and the ratio."""
    provider, client = providers(), sdk()
    for shape in SHAPES:
        repeats = 3 if "chunks" in shape else 20
        times: dict[str, list[float]] = {watcher: [] for watcher in WATCHERS}
        for _ in range(ROUNDS):
            for watcher in WATCHERS:
                with watched(watcher, call(client, shape), provider) as run:
                    run()
                    start_s = time.thread_time()
                    for _ in range(repeats):
                        run()
                    times[watcher].append((time.thread_time() - start_s) / repeats * 1e6)
        bare = statistics.median(times["bare"])
        print(f"{shape}: bare {bare:.0f} us of CPU")
        for watcher in WATCHERS[1:]:
            added = statistics.median(a - b for a, b in zip(times[watcher], times["bare"], strict=True))
            print(f"  {watcher:24} +{added:7.0f} us  x{(bare + added) / bare:.2f}")


def count() -> None:
    """The measured half of the instruction count: one section per watcher and shape, marked for callgrind."""
    provider, client = providers(), sdk()
    gc.disable()
    for shape in SHAPES:
        for watcher in WATCHERS:
            with watched(watcher, call(client, shape), provider) as run:
                for _ in range(3):
                    run()
                os.getpgid(0)  # callgrind sets its counters to zero here
                for _ in range(5):
                    run()
                os.getsid(0)  # and writes them here


def measure_instructions() -> None:
    """Print instructions per call and per chunk, over bare and against the floor."""
    if (valgrind := shutil.which("valgrind")) is None:
        sys.exit("bench_call --instructions needs valgrind (apt-get install valgrind)")
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/count"
        command = [valgrind, "--tool=callgrind", f"--callgrind-out-file={out}", "--zero-before=getpgid"]
        command += ["--dump-before=getsid", sys.executable, "-m", "tests.bench.bench_call", "--count"]
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL, env=environment)
        dumps = sorted(Path(folder).glob("count.*"), key=lambda path: int(path.suffix[1:]))
        totals = [int(re.search(r"(?:summary|totals): (\d+)", path.read_text())[1]) / 5 for path in dumps]  # type: ignore[index]
    cells = iter(totals)
    for shape in SHAPES:
        found = {watcher: next(cells) for watcher in WATCHERS}
        bare, floor = found["bare"], found["floor"] - found["bare"]
        print(f"{shape}: bare {bare / 1e6:.2f} M instructions, floor +{floor / 1e6:.2f} M")
        for watcher in WATCHERS[2:]:
            added = found[watcher] - bare
            ratios = f"x{found[watcher] / bare:.2f} bare, x{added / floor:.2f} floor"
            chunk = f", {(added - floor) / CHUNKS / 1e3:.1f} k per chunk over it" if "chunks" in shape else ""
            print(f"  {watcher:24} +{added / 1e6:.2f} M  {ratios}{chunk}")


if __name__ == "__main__":
    {"--count": count, "--instructions": measure_instructions}.get(sys.argv[-1], measure_time)()
