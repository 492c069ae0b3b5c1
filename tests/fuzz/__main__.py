"""`python -m tests.fuzz`: tries every target with every driver, in turn, until the time is over."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import SystemRandom

from tests.fuzz.drivers import atheris, hypothesis, seeded
from tests.fuzz.interpreter import with_atheris
from tests.fuzz.ledger import Ledger
from tests.fuzz.targets import TARGETS


def main() -> int:
    """Run, and tell what was found; 1 when something was."""
    options = _options()
    options.work.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(options.work / "findings.jsonl")
    known = ledger.findings
    python = with_atheris(options.work / "venv") if "atheris" in options.drivers else None
    end_s = time.monotonic() + options.minutes * 60
    sys.stderr.write(f"seed {options.seed}\n")
    for turn, (driver, name) in enumerate(_turns(options.drivers, options.targets)):
        seconds = min(options.slice * TARGETS[name].share, end_s - time.monotonic())
        if seconds <= 0:
            break
        seed = f"{options.seed}:{turn}"
        if driver == "atheris" and python is not None:
            atheris(name, seconds, seed, ledger, python, options.work)
        else:
            (hypothesis if driver == "hypothesis" else seeded)(name, seconds, seed, ledger)
        _tell(ledger, driver, name)
    total = sum(ledger.executions.values())
    print(f"{total} executions: {', '.join(f'{name} {count}' for name, count in sorted(ledger.executions.items()))}")  # noqa: T201
    sys.stdout.write(
        f"{ledger.findings - known} new findings, {known} known before, {ledger.repeats} repeats; seed {options.seed}\n"
    )
    return int(ledger.findings > known)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1 << 32))
    parser.add_argument(
        "--work", type=Path, default=Path(".fuzz"), help="findings, corpora, and the environment of atheris"
    )
    parser.add_argument("--targets", nargs="+", choices=sorted(TARGETS), default=list(TARGETS))
    parser.add_argument(
        "--drivers", nargs="+", choices=("seeded", "hypothesis", "atheris"), default=["seeded", "hypothesis", "atheris"]
    )
    parser.add_argument("--slice", type=float, default=5.0, help="seconds of one turn, times the share of the target")
    return parser.parse_args()


def _turns(drivers: list[str], targets: list[str]) -> Iterator[tuple[str, str]]:
    """Every target with every driver, for ever; neighbours differ in both."""
    turns = [
        (drivers[(number + round_) % len(drivers)], name)
        for round_ in range(len(drivers))
        for number, name in enumerate(targets)
    ]
    return cycle(turns)


def _tell(ledger: Ledger, driver: str, name: str) -> None:
    sys.stderr.write(f"{driver} {name}: {ledger.executions.get(name, 0)} runs, {ledger.findings} findings\n")


if __name__ == "__main__":
    sys.exit(main())
