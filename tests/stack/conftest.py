"""Stacks that several tests share, and the mark that all of these tests have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.policy import SAMPLED
from tests.stack.stack import Stack


HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    """Say what the mark means."""
    config.addinivalue_line("markers", "stack: runs the real engines, which `make stack` builds")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder that run engines: `-m "not stack"` leaves them out."""
    for item in items:
        if item.path.is_relative_to(HERE) and item.path.name != "test_stack_engines.py":
            item.add_marker(pytest.mark.stack)


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running stack that samples, with content on spans and alerts that ring at once."""
    with Stack(tmp_path_factory.mktemp("sampled"), SAMPLED) as stack:
        yield stack
