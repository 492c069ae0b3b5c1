"""What `spanwise view` does."""

from __future__ import annotations

import sys
import threading
import webbrowser
from pathlib import Path

from spanwise.cli.output import say
from spanwise.store import Store
from spanwise.view import Refusal, Source, ViewServer, has_browser, still


WRONG_USE = 2


def view_store(store: Store, port: int, *, open_browser: bool) -> int:
    """Serve the page over `store` until Ctrl-C; its address is the only thing on standard output. Exit code 0.

    A store that is not there yet is shown as an empty one, and its calls appear when it is. The exit code is 2 when the
    port is taken.

    Raises:
        StoreError: the store cannot be read.
    """
    store.counts()
    try:
        server = ViewServer(Source(store), port=port)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        say(f"spanwise: port {port} of 127.0.0.1 cannot be used ({reason}); leave --port out to take a free one")
        return WRONG_USE
    sys.stdout.write(f"{server.gate.url}\n")
    sys.stdout.flush()
    _say_what_is_shown(store.path)
    if open_browser and has_browser(terminal=sys.stdout.isatty()):
        # A browser may stay in the foreground of the process that opens it.
        threading.Thread(target=webbrowser.open, args=(server.gate.url,), daemon=True).start()
    with server:
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            say("")
    return 0


def save_trace(store: Store, wanted: str, file: Path) -> int:
    """Write one trace into `file` as a page that needs no server. The exit code: 2 when there is no such trace.

    Raises:
        StoreError: the store cannot be read.
    """
    store.counts()
    try:
        page = still(Source(store), wanted)
    except Refusal as refusal:
        say(f"spanwise: {refusal.message}; see: spanwise traces")
        return WRONG_USE
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        say(f"spanwise: {file} cannot be written ({(error.strerror or type(error).__name__).lower()})")
        return WRONG_USE
    say(f"spanwise: wrote {file}; it holds the stored messages, as redaction left them")
    return 0


def _say_what_is_shown(path: Path) -> None:
    missing = "" if path.exists() else " (not there yet; spanwise run makes it)"
    say(f"spanwise: shows {path}{missing}; open the address above, Ctrl-C ends it")
