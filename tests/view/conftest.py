"""A week of a shop, stored once for all tests that only read it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.traffic import Shop
from spanwise.record import SpanRecord
from spanwise.store import Store
from tests.view.served import Served, served


@pytest.fixture(scope="session")
def showcase() -> list[SpanRecord]:
    """The newest trace of the shop."""
    return Shop(time.time() - 7_000, seed=3).showcase(time.time() - 60)


@pytest.fixture(scope="session")
def shop_store(tmp_path_factory: pytest.TempPathFactory, showcase: list[SpanRecord]) -> Store:
    """A store with some 400 calls of a week."""
    store = Store(tmp_path_factory.mktemp("shop") / "spanwise.duckdb")
    shop = Shop(time.time() - 600)
    store.write([span for trace in shop.traces() for span in trace] + showcase)
    return store


@pytest.fixture(scope="session")
def shop(shop_store: Store) -> Iterator[Served]:
    """The page over the shop's week."""
    with served(shop_store) as page:
        yield page


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of the test's own, not there yet."""
    return Store(tmp_path / "spanwise.duckdb")


@pytest.fixture
def page(store: Store) -> Iterator[Served]:
    """The page over `store`."""
    with served(store) as page:
        yield page
