"""`python -m tests.torture`: try a suite, or all four, and print the table.

Exit code 0 when every case that is supported passed, 1 when one failed, 2 for a name that does not exist.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from importlib.metadata import version

from tests.emulator import Emulator
from tests.torture import table
from tests.torture.runner import Runner
from tests.torture.sdk import NAMES
from tests.torture.suite import OWN, SUITES, Suite, sdk_distribution, suite
from tests.torture.verdict import FAILED, Verdict


def main(arguments: list[str] | None = None) -> int:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--suite", choices=[*SUITES, OWN], default=OWN)
    parser.add_argument("--all", action="store_true", help="all four suites beside each other")
    parser.add_argument("--sdk", default=",".join(NAMES), help=f"of {', '.join(NAMES)}; separated by commas")
    parser.add_argument("--json", action="store_true", help="one JSON object for each case instead of the table")
    parser.add_argument("--markdown", action="store_true", help="the table as the README has it, with versions")
    parser.add_argument("--quick", action="store_true", help="leave out what needs a process of its own")
    options = parser.parse_args(arguments)
    sdks = tuple(options.sdk.split(","))
    if unknown := [name for name in sdks if name not in NAMES]:
        parser.error(f"no SDK {unknown[0]!r}; there are: {', '.join(NAMES)}")
    chosen = [suite(name, sdks) for name in ((*SUITES, OWN) if options.all else (options.suite,))]
    verdicts, starts = _try(chosen, sdks, quick=options.quick)
    failed = any(verdict.outcome == FAILED for found in verdicts.values() for verdict in found)
    if options.json:
        for name, found in verdicts.items():
            for verdict in found:
                sys.stdout.write(json.dumps({"suite": name, **asdict(verdict)}) + "\n")
    elif options.markdown:
        sys.stdout.write(f"{table.markdown(verdicts)}\n\n{_starts(starts)}\n\n{_versions(chosen, sdks)}\n")
    else:
        sys.stdout.write(f"{table.text(verdicts)}\n\n{_starts(starts)}\n\n{table.faults(verdicts)}\n")
    return 1 if failed else 0


def _try(
    chosen: list[Suite], sdks: tuple[str, ...], *, quick: bool
) -> tuple[dict[str, list[Verdict]], dict[str, dict[str, float]]]:
    verdicts: dict[str, list[Verdict]] = {}
    starts: dict[str, dict[str, float]] = {}
    with Emulator() as emulator:
        for one in chosen:
            for sdk in sdks:
                runner = Runner(one, sdk, emulator)
                verdicts.setdefault(one.name, []).extend(runner.run(runner.shared() if quick else None))
                if runner.start_ratio is not None:
                    starts.setdefault(one.name, {})[sdk] = runner.start_ratio
    return verdicts, starts


def _starts(starts: dict[str, dict[str, float]]) -> str:
    said = (
        f"{name} {', '.join(f'{ratio:.2f} ({sdk})' for sdk, ratio in found.items())}" for name, found in starts.items()
    )
    if not starts:
        return "Starts were not measured."
    return f"CPU of a start with the suite over one without: {'; '.join(said)}."


def _versions(chosen: list[Suite], sdks: tuple[str, ...]) -> str:
    lines = [f"SDKs: {', '.join(sdk_distribution(sdk) for sdk in sdks)}."]
    for one in chosen:
        pins = [pin for sdk in sdks if sdk in one.sdks for pin in one.sdks[sdk].distributions]
        lines.append(f"{one.name}: {', '.join(dict.fromkeys(pins)) or 'spanwise ' + version('spanwise')}.")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
