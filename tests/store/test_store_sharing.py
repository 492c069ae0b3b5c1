"""Several processes share one file, and one of them may die at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from spanwise.store import Dimension, Store, StoreConfig, StoreError, connection
from tests.store.calls import call


WRITER = """
import sys
from spanwise.store import Store
from tests.store.calls import call
path, first, batches, size = sys.argv[1], *map(int, sys.argv[2:])
store = Store(path)
for batch in range(batches):
    start = first + batch * size
    store.write([call(number, trace=start + 1, body="x" * 2000) for number in range(start + 1, start + size + 1)])
    print(start + size, flush=True)
"""

HOLDER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.readline()
"""


def writer(path: Path, first: int, batches: int, size: int) -> subprocess.Popen[str]:
    """A process that writes `batches` of `size` spans and prints how far it is after each."""
    arguments = [sys.executable, "-c", WRITER, str(path), str(first), str(batches), str(size)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment())


def environment() -> dict[str, str]:
    """This environment, with this repository importable."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}


def test_two_writers_and_a_reader(tmp_path: Path) -> None:
    """Two processes start on a missing file and write at once, a third reads beside them: all spans arrive."""
    path = tmp_path / ".spanwise" / "spanwise.duckdb"
    processes = [writer(path, first, batches=8, size=20) for first in (0, 100_000)]
    reader = Store(path)
    seen = []
    while any(process.poll() is None for process in processes):
        seen.append(reader.counts().spans)
        time.sleep(0.02)
    assert [process.wait() for process in processes] == [0, 0]
    for process in processes:
        process.communicate()
    assert reader.counts().spans == 320
    assert seen == sorted(seen)


def test_threads_share_a_store(tmp_path: Path) -> None:
    """Writes and reads from several threads of one process all succeed."""
    store = Store(tmp_path / "threads.duckdb")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: store.write([call(number)]), range(1, 9)))
        assert sum(pool.map(lambda _: store.cost(Dimension.MODEL)[0].calls, range(4))) == 32


@pytest.mark.parametrize("after_batches", [1, 3])
def test_killed_while_writing(tmp_path: Path, after_batches: int) -> None:
    """After SIGKILL in mid-write every acknowledged batch is there, whole batches only, and writing goes on."""
    path = tmp_path / "killed.duckdb"
    process = writer(path, 0, batches=1_000, size=50)
    assert process.stdout is not None
    for _ in range(after_batches):
        acknowledged = int(process.stdout.readline())
    threading.Event().wait(0.013 * after_batches)
    process.send_signal(signal.SIGKILL)
    for line in process.stdout:
        acknowledged = int(line)
    process.wait()
    process.stdout.close()
    store = Store(path)
    spans = store.counts().spans
    assert spans % 50 == 0
    assert acknowledged <= spans <= acknowledged + 50
    store.write([call(10_000_000)])
    assert store.counts().spans == spans + 1


class Clock:
    """A clock that goes on only while somebody sleeps, and wakes at once."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        """The time."""
        return self.now_s

    def sleep(self, seconds: float) -> None:
        """So much time passes."""
        self.now_s += seconds


def test_waiting_for_another_process_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that somebody keeps open for good is reported in one sentence, after the time allowed."""
    path = tmp_path / "held.duckdb"
    Store(path).write([call(1)])
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        store = Store(path, StoreConfig(lock_timeout_s=0.2))
        for use in (lambda: store.write([call(2)]), store.counts):
            clock = Clock()
            monkeypatch.setattr(connection, "time", clock)
            with pytest.raises(StoreError, match="in use by another process"):
                use()
            assert 0.2 <= clock.now_s <= 0.2 + 0.08  # the longest pause between two attempts
        holder.communicate("\n")
    Store(path).write([call(2)])
    assert Store(path).counts().spans == 2
