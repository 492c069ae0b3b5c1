"""What start-up costs: `opentelemetry-instrument python -c pass` with and without us, in turns."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path


ROUNDS = 9
VARIANTS = {
    "without us": {"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "*", "SPANWISE_PIPELINE": "off"},
    "with us": {},
}


def cpu_s(variables: dict[str, str]) -> float:
    """User and system seconds of one start."""
    environment = {
        **os.environ,
        "OTEL_TRACES_EXPORTER": "none",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        **variables,
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [str(Path(sys.executable).parent / "opentelemetry-instrument"), sys.executable, "-c", "pass"]
    subprocess.run(command, check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print medians, their difference and ratio."""
    times: dict[str, list[float]] = {name: [] for name in VARIANTS}
    for _ in range(ROUNDS):
        for name, variables in VARIANTS.items():
            times[name].append(cpu_s(variables))
    without, ours = (statistics.median(times[name]) for name in VARIANTS)
    added = statistics.median(a - b for a, b in zip(times["with us"], times["without us"], strict=True))
    print(f"start-up: {without * 1e3:.0f} ms without us, +{added * 1e3:.0f} ms with us, x{ours / without:.2f}")


if __name__ == "__main__":
    main()
