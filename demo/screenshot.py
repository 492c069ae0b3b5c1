"""`python -m demo.screenshot [FOLDER [NAME...]]`: pictures of the local page over a filled store, in docs or FOLDER."""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as condition
from selenium.webdriver.support.wait import WebDriverWait

from demo.browser import browser
from demo.traffic import Shop
from spanwise.store import Store
from spanwise.view import Source, ViewServer


FOLDER: Final = Path(__file__).resolve().parents[1] / "docs"
WAIT_S: Final = 20
SHOWN: Final = "/trace/last?span=the-answer"
"""The trace of the first picture; the span is put in when it is known."""

SHOTS: Final = {
    "view": (SHOWN, ".panel .answer", "light"),
    "view-dark": (SHOWN, ".panel .answer", "dark"),
    "view-calls": ("/calls", ".list tbody tr", "light"),
    "view-traces": ("/traces", ".list tbody tr", "light"),
    "view-sessions": ("/sessions", ".list tbody tr", "light"),
    "view-prompts": ("/prompts", ".plain tbody tr", "light"),
    "view-reports": ("/reports?range=7d", ".chart", "light"),
    "view-reports-dark": ("/reports?range=7d", ".chart", "dark"),
    "view-alerts": ("/alerts", ".card", "light"),
}
"""By the picture's name: the address, what must be there, and the theme."""


def main(arguments: list[str]) -> int:
    """Write the pictures; names after the folder choose some of them."""
    folder = Path(arguments[0]) if arguments else FOLDER
    wanted = arguments[1:] or list(SHOTS)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="spanwise-view-") as scratch:
        store = Store(Path(scratch) / "spanwise.duckdb")
        shop = Shop(time.time() - 600)
        store.write([span for trace in shop.traces() for span in trace])
        showcase = shop.showcase(time.time() - 60)
        store.write(showcase)
        answer = next(span for span in showcase if span.events)
        with ViewServer(Source(store)) as server, browser(1440, 860) as page:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page.get(server.gate.url)
            for name in wanted:
                _take(page, server, name, folder, f"{answer.span_id:016x}")
            server.shutdown()
    return 0


def _take(page: Chrome, server: ViewServer, name: str, folder: Path, span_id: str) -> None:
    address, sign, theme = SHOTS[name]
    page.execute_script(f"localStorage.setItem('spanwise-theme', '{theme}')")
    page.get(f"http://127.0.0.1:{server.server_port}{address.replace('the-answer', span_id)}")
    WebDriverWait(page, WAIT_S).until(condition.presence_of_element_located((By.CSS_SELECTOR, sign)))
    time.sleep(0.5)  # for the browser to draw
    page.save_screenshot(str(folder / f"{name}.png"))
    sys.stdout.write(f"{folder / name}.png\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
