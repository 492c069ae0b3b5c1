"""A trace as a file that needs no server."""

from __future__ import annotations

import re
from pathlib import Path

from spanwise.record import SpanRecord
from spanwise.store import Store
from spanwise.view import Source, still
from tests.cli.command import spanwise
from tests.store.calls import call


def test_the_file_tells_the_trace_and_needs_nothing(shop_store: Store, showcase: list[SpanRecord]) -> None:
    """Every span, its messages, errors and scores; no script, and nothing to load."""
    page = still(Source(shop_store), "last")
    for span in showcase:
        assert span.name in page
        assert f'id="{span.span_id:016x}"' in page
    for words in ("on its way with ParcelJet", "RateLimitError", "Score helpfulness", "0.94 good"):
        assert words in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "default-src 'none'" in page


def test_hostile_telemetry_is_only_text_in_the_file(store: Store) -> None:
    """Markup is escaped wherever it stands, and control characters are shown as their code."""
    markup = "<img src=x onerror=alert(1)>\"'\x1b\u202e"
    span = call(1, error__type=markup, gen_ai__input__messages=markup, gen_ai__request__model=markup)
    span.name = span.status_description = markup
    span.attributes[markup] = markup
    store.write([span])
    page = still(Source(store), "last")
    assert "<img" not in page
    assert "onerror=alert" in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "\u2039202E\u203a" in page


def test_the_command_writes_it_and_says_what_is_in_it(tmp_path: Path) -> None:
    """For CI: a file, exit code 0, and a word about the messages in it; no trace is one sentence and exit code 2."""
    Store(tmp_path / ".spanwise" / "spanwise.duckdb").write([call(1)])
    done = spanwise(tmp_path, "view", "--static", "trace.html")
    assert done.returncode == 0
    assert "as redaction left them" in done.stderr
    assert "chat gpt-4.1" in (tmp_path / "trace.html").read_text(encoding="utf-8")
    missing = spanwise(tmp_path, "view", "--static", "other.html", "--trace", "abc")
    assert missing.returncode == 2
    assert "there is no such trace" in missing.stderr
    assert not (tmp_path / "other.html").exists()
    nowhere = spanwise(tmp_path, "view", "--static", "no/such/folder.html")
    assert (nowhere.returncode, nowhere.stderr.count("\n")) == (2, 1)
