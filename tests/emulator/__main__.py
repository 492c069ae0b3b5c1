"""`python -m tests.emulator`: the emulator as a process of its own. The first line on stdout is its URL."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from tests.emulator.scenario import Scenario, ScenarioError
from tests.emulator.server import Emulator


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; 2 for a scenario that does not exist."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--scenario", default="default", help="for requests that name none, as in x-emulator")
    options = parser.parse_args(arguments)
    try:
        default = Scenario.parse(options.scenario)
    except ScenarioError as error:
        parser.error(str(error))
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with Emulator(port=options.port, default=default, keep_requests=0) as emulator:
        sys.stdout.write(emulator.url + "\n")
        sys.stdout.flush()
        stopped.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
