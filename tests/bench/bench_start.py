"""What start-up costs: `opentelemetry-instrument python -c pass` with and without us, in turns.

`python -m tests.bench.bench_start` measures CPU time; `--instructions` counts under valgrind (Debian: `valgrind`) what
the instrumented process does, which does not vary with the load of the machine.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
from pathlib import Path


ROUNDS = 9
VARIANTS = {
    "without us": {"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "*", "SPANWISE_PIPELINE": "off"},
    "with us": {},
}
INITIALIZE = "from opentelemetry.instrumentation.auto_instrumentation import initialize; initialize()"
"""What `opentelemetry-instrument` has the process do that it starts."""


def environment(variables: dict[str, str]) -> dict[str, str]:
    """The environment of one start. Bytecode is kept: an installer makes it, or else the first start does."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    signals = ("TRACES", "METRICS", "LOGS")
    return {**kept, **{f"OTEL_{signal}_EXPORTER": "none" for signal in signals}, **variables}


def cpu_s(variables: dict[str, str]) -> float:
    """User and system seconds of one start."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [str(Path(sys.executable).parent / "opentelemetry-instrument"), sys.executable, "-c", "pass"]
    subprocess.run(command, check=True, env=environment(variables))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_time() -> None:
    """Print medians, their difference and ratio."""
    times: dict[str, list[float]] = {name: [] for name in VARIANTS}
    for variables in VARIANTS.values():
        cpu_s(variables)
    for _ in range(ROUNDS):
        for name, variables in VARIANTS.items():
            times[name].append(cpu_s(variables))
    without, ours = (statistics.median(times[name]) for name in VARIANTS)
    added = statistics.median(a - b for a, b in zip(times["with us"], times["without us"], strict=True))
    print(f"start-up: {without * 1e3:.0f} ms without us, +{added * 1e3:.0f} ms with us, x{ours / without:.2f}")


def instructions(valgrind: str, variables: dict[str, str]) -> int:
    """Instructions of one instrumented process that does nothing else."""
    command = [valgrind, "--tool=callgrind", f"--callgrind-out-file={os.devnull}", sys.executable, "-c", INITIALIZE]
    started = environment({**variables, "PYTHONHASHSEED": "0"})
    run = subprocess.run(command, check=True, env=started, capture_output=True, text=True)
    if (counted := re.search(r"Collected : (\d+)", run.stderr)) is None:
        sys.exit("bench_start: valgrind printed no count")
    return int(counted[1])


def measure_instructions() -> None:
    """Print instructions of a start, their difference and ratio."""
    if (valgrind := shutil.which("valgrind")) is None:
        sys.exit("bench_start --instructions needs valgrind (apt-get install valgrind)")
    without, ours = (instructions(valgrind, variables) for variables in VARIANTS.values())
    added = ours - without
    print(f"start-up: {without / 1e6:.0f} M without us, +{added / 1e6:.0f} M with us, x{ours / without:.2f}")


if __name__ == "__main__":
    measure_instructions() if "--instructions" in sys.argv[1:] else measure_time()
