"""How fast the local page is over 100,000 spans: each answer, and the first page in Chromium."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from demo.browser import browser
from demo.traffic import Shop
from spanwise.store import Store, StoreConfig
from spanwise.view import Source, ViewServer
from spanwise.view.answer import answer
from spanwise.view.source import Question


SPANS = 100_000
BATCH = 5_000
ROUNDS = 5
QUESTIONS = (
    ("overview", ""),
    ("facets", ""),
    ("calls", ""),
    ("calls", "status=error&q=refund"),
    ("calls", "q=nobody said this"),
    ("traces", ""),
    ("trace/last", ""),
    ("sessions", ""),
    ("prompts", ""),
    ("reports", ""),
    ("reports", "range=24h"),
    ("alerts", ""),
)


def main() -> None:
    """Print milliseconds and ratios."""
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(Path(scratch) / "spanwise.duckdb", StoreConfig(max_bytes=4 << 30))
        fill(store)
        source = Source(store)
        bare_s = median_s(lambda: Source(store).ask(Question("SELECT 1")))
        print(f"{store.counts().spans:,} spans; opening and closing the store: {bare_s * 1e3:.0f} ms")
        for path, query in QUESTIONS:
            took_s = median_s(lambda path=path, query=query: answer(Source(store), path, query))  # type: ignore[misc]
            name = f"{path}?{query}" if query else path
            print(f"{name:>32}: {took_s * 1e3:6.0f} ms, x{took_s / bare_s:.1f}")
        with ViewServer(source) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            print(f"first page in Chromium, from the address to the first row: {first_page_s(server) * 1e3:.0f} ms")
            server.shutdown()


def fill(store: Store) -> None:
    """A week with more than `SPANS` spans."""
    batch, stored = [], 0
    for trace in Shop(time.time(), per_day=SPANS // 7).traces():
        batch += trace
        if len(batch) >= BATCH or stored + len(batch) >= SPANS:
            store.write(batch)
            stored += len(batch)
            batch = []
        if stored >= SPANS:
            return


def median_s(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    took_s = []
    for _ in range(ROUNDS):
        begun_s = time.perf_counter()
        work()
        took_s.append(time.perf_counter() - begun_s)
    return statistics.median(took_s)


def first_page_s(server: ViewServer) -> float:
    """Seconds from an empty tab to the first row, nothing being in a cache."""
    took_s = []
    for _ in range(ROUNDS):
        server.source.forget()
        with browser() as page:
            page.get(server.gate.url.replace("?", "alerts?"))
            page.execute_cdp_cmd("Network.clearBrowserCache", {})
            page.get(f"http://127.0.0.1:{server.server_port}/calls")
            took_ms = page.execute_async_script(
                "const done = arguments[0];"
                "const look = () => document.querySelector('.list tbody tr')"
                " ? done(performance.now()) : setTimeout(look, 5);"
                "look();"
            )
            took_s.append(float(took_ms) / 1e3)
    return statistics.median(took_s)


if __name__ == "__main__":
    main()
