"""No thread is inside the matcher when the interpreter ends, however the process leaves."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from spanwise.pipeline.underway import Underway


APPLICATION = """
import atexit, sys, threading
from spanwise.pipeline import Pipeline
from spanwise.pipeline.leaving import leave

pipeline, text = Pipeline(), "Write to jane.doe@example.com about card 4111 1111 1111 1111. " * 500
begun = threading.Event()

def clean():
    for _ in range({times}):
        pipeline.clean_text(text)
        begun.set()

for _ in range(3):
    threading.Thread(target=clean, daemon=True).start()
begun.wait()
{leave}
sys.exit(3)
"""


@pytest.mark.parametrize(
    ("times", "leave"),
    [("1_000_000", "atexit.register(leave, [], 0.0, lambda: None)"), ("3", "")],
    ids=["bounded exit", "plain exit"],
)
def test_the_exit_code_is_the_application_s(times: str, leave: str) -> None:
    """Threads that clean texts, in the midst of it or without an end, change neither exit code nor standard error."""
    application = APPLICATION.format(times=times, leave=leave)
    ran = subprocess.run([sys.executable, "-c", application], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (3, "")


def test_who_is_not_waited_for_gets_in_no_more() -> None:
    """After closing a daemon thread stays outside; the thread that leaves, and whoever is inside already, go on."""
    underway, inside, go, done = Underway(), threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        with underway:
            inside.set()
            go.wait()
            with underway:
                done.set()
        with underway:
            raise AssertionError

    threading.Thread(target=work, daemon=True).start()
    inside.wait()
    threading.Timer(0.05, go.set).start()
    assert underway.close()
    assert done.is_set()
    with underway:
        pass
