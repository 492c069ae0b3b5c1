"""What a call costs its thread: CPU time in paired rounds, and instructions under callgrind.

`python -m tests.bench.bench_call` measures time; `--instructions` counts under valgrind (Debian: `valgrind`). Names of
SDKs (`openai`, `anthropic`, `google-genai`, `boto3`) choose; without one it is all that are installed.

What is counted is what the thread of the application does. Metrics are handed to the SDK by whoever exports or
collects; `handed on later` is what that takes for each call.
"""

from __future__ import annotations

import gc
import importlib.util
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from spanwise.measure.held import HELD
from tests.bench.provider import CHUNKS, MODULES, PROVIDERS
from tests.bench.workload import SHAPES, WATCHERS, call, providers, watched


ROUNDS = 30
WARM_CALLS, WARM_STREAMS = 20, 10
"""Calls before those that are counted: CPython makes a function faster after it has run eight times.

Many functions of an SDK run once for a stream. With fewer streams before them, those counted first cost up to 2 k
instructions more for each chunk than those counted last, and which watcher that is held against is chance.
"""
SHORT = 20
"""Chunks of a short stream: what a long one costs beyond it is the cost of its chunks, and not of a call."""


def measure_time(name: str) -> None:
    """Print microseconds over bare, as the median of paired rounds, and the ratio."""
    sdk, provider = PROVIDERS[name](), providers()
    client, instrumentor = sdk.client(), sdk.instrumentor()
    print(f"{name}:")
    for shape in SHAPES:
        repeats = 3 if "chunks" in shape else 20
        times: dict[str, list[float]] = {watcher: [] for watcher in WATCHERS}
        for _ in range(ROUNDS):
            for watcher in WATCHERS:
                with watched(watcher, call(sdk, client, shape), provider, instrumentor) as run:
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


def count(name: str) -> None:
    """The measured half of the instruction count: one section per watcher and shape, marked for callgrind."""
    sdk, provider = PROVIDERS[name](), providers()
    client, instrumentor = sdk.client(), sdk.instrumentor()
    gc.disable()
    for shape in SHAPES if CHUNKS != SHORT else SHAPES[-1:]:
        for watcher in WATCHERS:
            with watched(watcher, call(sdk, client, shape), provider, instrumentor) as run:
                for _ in range(WARM_STREAMS if "chunks" in shape else WARM_CALLS):
                    run()
                HELD.flush()
                os.getpgid(0)  # callgrind sets its counters to zero here
                for _ in range(5):
                    run()
                os.getsid(0)  # and writes them here
                HELD.flush()
                os.getsid(0)  # and once more, for what was handed on


def counted(valgrind: str, name: str, chunks: int) -> list[float]:
    """Instructions of each section, per call, in the order of `count`."""
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/count"
        command = [valgrind, "--tool=callgrind", f"--callgrind-out-file={out}", "--zero-before=getpgid"]
        command += ["--dump-before=getsid", sys.executable, "-m", "tests.bench.bench_call", "--count", name]
        environment = {**os.environ, "PYTHONHASHSEED": "0", "BENCH_CHUNKS": str(chunks)}
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL, env=environment)
        dumps = sorted(Path(folder).glob("count.*"), key=lambda path: int(path.suffix[1:]))
        return [int(re.search(r"(?:summary|totals): (\d+)", path.read_text())[1]) / 5 for path in dumps]  # type: ignore[index]


def measure_instructions(name: str) -> None:
    """Print instructions per call and per chunk, over bare and against the floor."""
    if (valgrind := shutil.which("valgrind")) is None:
        sys.exit("bench_call --instructions needs valgrind (apt-get install valgrind)")
    cells = iter(counted(valgrind, name, CHUNKS))
    short = dict(zip(WATCHERS, counted(valgrind, name, SHORT)[::2], strict=True))
    print(f"{name}:")
    for shape in SHAPES:
        found, later = {}, {}
        for watcher in WATCHERS:
            found[watcher], later[watcher] = next(cells), next(cells)
        bare, floor = found["bare"], found["floor"] - found["bare"]
        print(f"{shape}: bare {bare / 1e6:.2f} M instructions, floor +{floor / 1e6:.2f} M")
        for watcher in WATCHERS[2:]:
            added = found[watcher] - bare
            ratios = f"x{found[watcher] / bare:.2f} bare, x{added / floor:.2f} floor"
            chunk = ""
            if "chunks" in shape:
                more = (added - (short[watcher] - short["bare"])) / (CHUNKS - SHORT) / 1e3
                chunk = f", {(added - floor) / CHUNKS / 1e3:.1f} k per chunk over it, {more:.1f} k for one more chunk"
            print(f"  {watcher:24} +{added / 1e6:.2f} M  {ratios}{chunk}; {later[watcher] / 1e6:.2f} M handed on later")


def main() -> None:
    """Measure what the command line names, each SDK in a process of its own."""
    named = [name for name in sys.argv[1:] if not name.startswith("-")]
    options = [option for option in sys.argv[1:] if option.startswith("-")]
    if len(named) == 1:
        modes = {"--count": count, "--instructions": measure_instructions}
        next((modes[option] for option in options if option in modes), measure_time)(named[0])
        return
    for name in named or PROVIDERS:
        if importlib.util.find_spec(MODULES.get(name, name)) is None:
            print(f"{name}: not installed here, not measured")
            continue
        subprocess.run([sys.executable, "-m", "tests.bench.bench_call", *options, name], check=True)


if __name__ == "__main__":
    main()
