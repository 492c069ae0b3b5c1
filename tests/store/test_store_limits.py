"""The store keeps within its size and age."""

from __future__ import annotations

import random
from pathlib import Path

from spanwise.store import Store, StoreConfig
from tests.store.calls import call


DAY_S = 86_400


def test_old_spans_go(tmp_path: Path) -> None:
    """Spans older than the limit are deleted on a write, younger ones stay."""
    store = Store(tmp_path / "age.duckdb", StoreConfig(keep_days=7))
    store.write([call(1, ago_s=8 * DAY_S), call(2, ago_s=6 * DAY_S), call(3)])
    assert [span.span_id[-1] for span in store.trace(f"{1:032x}")] == ["2", "3"]


def test_limits_are_looked_at_once_a_minute(tmp_path: Path) -> None:
    """A second write soon after the first does not look again."""
    store = Store(tmp_path / "minute.duckdb")
    store.write([call(1)])
    store.write([call(2, ago_s=100 * DAY_S)])
    assert store.counts().spans == 2


def test_the_oldest_go_when_it_is_too_large(tmp_path: Path) -> None:
    """Under steady writing the file stays under the cap, and what is left is the newest."""
    limit = 8 * 1024 * 1024
    store = Store(tmp_path / "size.duckdb", StoreConfig(max_bytes=limit, prune_interval_s=0))
    noise = random.Random(7)
    largest = 0
    for batch in range(16):
        # Random digits, because DuckDB compresses what repeats.
        records = [
            call(batch * 100 + number + 1, ago_s=1000 - batch * 10, body=noise.randbytes(6000).hex())
            for number in range(100)
        ]
        store.write(records)
        largest = max(largest, store.path.stat().st_size)
    kept = [int(span.span_id, 16) for span in store.trace(f"{1:032x}")]
    assert largest <= limit
    assert 0 < len(kept) < 1600
    assert max(kept) == 1600
    assert min(kept) > 100
