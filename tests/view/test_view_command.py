"""`spanwise view` as a user types it."""

from __future__ import annotations

import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

from spanwise.store import Store
from tests.cli.command import SPANWISE, environment, interruptible, spanwise
from tests.store.calls import call


def test_the_address_is_all_of_standard_output_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    """A script reads the address and opens it; Ctrl-C is a clean end."""
    Store(tmp_path / ".spanwise" / "spanwise.duckdb").write([call(1)])
    with interruptible():
        command = subprocess.Popen(
            [SPANWISE, "view"],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    try:
        assert command.stdout is not None
        address = command.stdout.readline().strip()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        assert b"/page/main.js" in opener.open(address, timeout=30).read()
        assert b"gpt-4.1" in opener.open(address.partition("/?")[0] + "/api/calls", timeout=30).read()
        command.send_signal(signal.SIGINT)
        rest, prose = command.communicate(timeout=30)
    finally:
        command.kill()
    assert address.startswith("http://127.0.0.1:")
    assert rest == ""
    assert "Ctrl-C ends it" in prose
    assert "Traceback" not in prose
    assert command.returncode == 0


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 2, and what to do about it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = spanwise(tmp_path, "view", "--no-open", "--port", str(port))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"port {port}" in done.stderr
    assert "leave --port out" in done.stderr


def test_a_store_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    """Nothing is served over a file that is no store."""
    (tmp_path / "notes.txt").write_text("not a store", encoding="utf-8")
    done = spanwise(tmp_path, "view", "--no-open", "--store", "notes.txt")
    assert done.returncode == 2
    assert "is not a DuckDB file" in done.stderr
