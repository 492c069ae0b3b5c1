"""`spanwise deploy up --local`: the stack on this machine, without containers."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.cli.deploy_command import plan_of
from spanwise.cli.output import say, show_json
from spanwise.report import plain


if TYPE_CHECKING:
    from types import FrameType

    from spanwise.deploy.stack import Stack


BROKEN: Final = 1
WRONG_USE: Final = 2

_DIRECTORY: Final = Path(".spanwise", "stack")
_CAUGHT: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def start_stack(policy: Path | None, directory: Path | None, offset: int, *, is_local: bool, as_json: bool) -> int:
    """Start the engines that are here, print where they listen, and run until Ctrl-C or SIGTERM.

    The exit code: 0 when it was asked to stop; 1 when an engine did not start or ended by itself; 2 for wrong use,
    which is also when no engine is here.

    Raises:
        PolicyError: the policy has mistakes; nothing was started.
    """
    if not is_local:
        say(
            "spanwise: accepted is --local, which starts the engines that are on this machine; "
            "with containers: docker compose -f deploy/compose/compose.yaml up --wait"
        )
        return WRONG_USE
    from spanwise.deploy.stack import Ports, Stack, StackError

    plan, source = plan_of(policy)
    with (
        _interruptions() as interrupted,
        Stack(plan, directory or _DIRECTORY, Ports.shifted(offset), os.environ) as stack,
    ):
        try:
            stack.start(interrupted)
            if not interrupted.is_set():
                _tell(stack, source, as_json=as_json)
            stack.watch(interrupted)
        except StackError as error:
            say(f"spanwise: {error.lines[0]}", *(plain(line, 400) for line in error.lines[1:]))
            return BROKEN if error.is_failure else WRONG_USE
        say("stopping")
    return 0


@contextmanager
def _interruptions() -> Iterator[threading.Event]:
    """An event that Ctrl-C, SIGTERM and SIGHUP set, in place of ending this process before its children."""
    event = threading.Event()

    def note(_: int, __: FrameType | None) -> None:
        event.set()

    before = {number: signal.signal(number, note) for number in _CAUGHT}
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(stack: Stack, source: str, *, as_json: bool) -> None:
    addresses = stack.addresses()
    if as_json:
        show_json({"engines": addresses, "missing": [engine.name for engine in stack.missing]})
    else:
        for name, places in addresses.items():
            sys.stdout.write("".join(f"{name:13} {what:10} {url}\n" for what, url in places.items()))
    sys.stdout.flush()
    for engine in stack.missing:
        say(f"{engine.name} was not found: {engine.source}")
    say(
        f"by {source}, on loopback only: receivers of alerts are left out, every trace is kept; Ctrl-C stops all",
        *_next(addresses.get("collector", {}).get("OTLP/HTTP")),
    )


def _next(endpoint: str | None) -> list[str]:
    if endpoint is None:
        return []
    settings = f"OTEL_EXPORTER_OTLP_ENDPOINT={endpoint} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"
    return [f"next: {settings} opentelemetry-instrument python app.py"]
