"""What an instrumentor knows of the SDK that is installed."""

from __future__ import annotations

from importlib.metadata import distributions, version
from pathlib import Path

import pytest

from spanwise.instrument.core.installed import conflict_with, installed_version, own_version


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of distributions that is searched before all others."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def _install(site: Path, folder: str, file: str, text: str) -> None:
    (site / folder).mkdir()
    (site / folder / file).write_text(text)


def test_every_distribution_has_the_version_that_the_standard_library_reads() -> None:
    """The first lines say what a mail parser finds in the whole file."""
    names = {found.name for found in distributions()}
    assert len(names) > 20
    assert {name: installed_version(name) for name in names} == {name: version(name) for name in names}


def test_a_readme_says_nothing_of_the_version(site: Path) -> None:
    """Only what stands before the first empty line is metadata."""
    _install(site, "fast_sdk-1.2.dist-info", "METADATA", "Name: fast-sdk\nversion:  1.2 \n\nVersion: 9\n")
    assert installed_version("fast-sdk") == "1.2"
    assert conflict_with("fast-sdk >= 1, < 2") is None


def test_a_source_tree_is_asked_the_slow_way(site: Path) -> None:
    """Distributions of the old form keep their metadata in another file."""
    _install(site, "old_sdk.egg-info", "PKG-INFO", "Metadata-Version: 1.0\nName: old-sdk\nVersion: 0.3\n")
    assert installed_version("old-sdk") == "0.3"


def test_what_is_missing_or_out_of_range_is_a_conflict(site: Path) -> None:
    """The one says that nothing is installed, the other what is."""
    _install(site, "new_sdk-7.0.dist-info", "METADATA", "Name: new-sdk\nVersion: 7.0\n\n")
    missing, newer = conflict_with("no-such-sdk >= 1"), conflict_with("new-sdk >= 1, < 7")
    assert missing is not None
    assert (missing.required, missing.found) == ("no-such-sdk >= 1", None)
    assert newer is not None
    assert (newer.required, newer.found) == ("new-sdk >= 1, < 7", "new-sdk 7.0")


def test_our_version_is_that_of_the_distribution() -> None:
    """It is the version of the scope of every span."""
    assert own_version() == version("spanwise")
