"""`render.write`: what is written, what is left alone, and what a check says."""

from __future__ import annotations

import stat
from pathlib import Path, PurePosixPath

import pytest

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.header import MARK, header
from spanwise.deploy.render import Outcome, write


def artefact(path: str = "a.yaml", body: str = "a: 1\n") -> Artefact:
    """A file with a header."""
    return Artefact(PurePosixPath(path), header("About a.") + body)


def states(outcomes: list[Outcome], folder: Path) -> dict[str, str]:
    """The outcomes by path below the folder."""
    return {str(outcome.path.relative_to(folder)): outcome.state.value for outcome in outcomes}


def test_files_are_written_once(tmp_path: Path) -> None:
    """The first time they are written with their folders, the second time nothing changes."""
    files = [artefact(), artefact("rules/b.yaml")]
    assert states(write(files, tmp_path), tmp_path) == {"a.yaml": "written", "rules/b.yaml": "written"}
    assert (tmp_path / "rules/b.yaml").read_text() == files[1].text
    assert stat.S_IMODE((tmp_path / "a.yaml").stat().st_mode) == 0o644
    before = (tmp_path / "a.yaml").stat()
    assert states(write(files, tmp_path), tmp_path) == {"a.yaml": "same", "rules/b.yaml": "same"}
    assert (tmp_path / "a.yaml").stat().st_mtime_ns == before.st_mtime_ns
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.yaml", "b.yaml", "rules"]


def test_a_file_without_the_mark_is_left_alone(tmp_path: Path) -> None:
    """Somebody wrote it, or deleted the first line of ours to keep it."""
    (tmp_path / "a.yaml").write_text(artefact(body="a: 2\n").text.partition("\n")[2])
    mine = (tmp_path / "a.yaml").read_text()
    outcomes = write([artefact(), artefact("b.yaml")], tmp_path)
    assert states(outcomes, tmp_path) == {"a.yaml": "foreign", "b.yaml": "written"}
    assert (tmp_path / "a.yaml").read_text() == mine


def test_what_was_rendered_is_rendered_again(tmp_path: Path) -> None:
    """A file of ours with other contents is replaced."""
    (tmp_path / "a.yaml").write_text(artefact(body="a: 2\n").text)
    assert states(write([artefact()], tmp_path), tmp_path) == {"a.yaml": "written"}
    assert (tmp_path / "a.yaml").read_text() == artefact().text


def test_a_check_writes_nothing_and_shows_the_difference(tmp_path: Path) -> None:
    """Missing, different and foreign files are told apart; the diff goes from disk to rendered."""
    (tmp_path / "a.yaml").write_text(artefact(body="a: 2\n").text)
    (tmp_path / "b.yaml").write_text("mine\n")
    outcomes = write([artefact(), artefact("b.yaml"), artefact("c/d.yaml")], tmp_path, check=True)
    assert states(outcomes, tmp_path) == {"a.yaml": "different", "b.yaml": "foreign", "c/d.yaml": "missing"}
    assert "-a: 2\n+a: 1\n" in outcomes[0].difference
    assert outcomes[1].difference == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "b.yaml"]


def test_what_an_earlier_render_left_is_named_and_not_removed(tmp_path: Path) -> None:
    """A file of ours that is no longer part of the target stays; one of somebody else's is not mentioned."""
    write([artefact(), artefact("old/b.yaml")], tmp_path)
    (tmp_path / "notes.txt").write_text("mine\n")
    assert states(write([artefact()], tmp_path), tmp_path) == {"a.yaml": "same", "old/b.yaml": "left over"}
    assert (tmp_path / "old/b.yaml").exists()


def test_links_are_not_written_through(tmp_path: Path) -> None:
    """A link in the place of a file or of a folder leads somewhere else, and what is there stays."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.yaml").write_text(artefact(body="a: 2\n").text)
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.yaml").symlink_to(elsewhere / "a.yaml")
    (folder / "rules").symlink_to(elsewhere)
    outcomes = write([artefact(), artefact("rules/a.yaml"), artefact("rules/b.yaml")], folder)
    assert states(outcomes, folder) == {"a.yaml": "foreign", "rules/a.yaml": "foreign", "rules/b.yaml": "foreign"}
    assert (elsewhere / "a.yaml").read_text() == artefact(body="a: 2\n").text
    assert [path.name for path in elsewhere.iterdir()] == ["a.yaml"]


def test_a_folder_in_the_place_of_a_file_stays(tmp_path: Path) -> None:
    """So does a file in the place of a folder."""
    (tmp_path / "a.yaml").mkdir()
    (tmp_path / "rules").write_text("mine\n")
    outcomes = write([artefact(), artefact("rules/b.yaml")], tmp_path)
    assert states(outcomes, tmp_path) == {"a.yaml": "foreign", "rules/b.yaml": "foreign"}


def test_a_failure_leaves_the_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No half of a file, and no temporary one beside it."""
    write([artefact()], tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write([artefact(body="a: 3\n")], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]
    assert (tmp_path / "a.yaml").read_text() == artefact().text


def test_two_files_of_one_path_are_refused(tmp_path: Path) -> None:
    """One of them would be lost."""
    with pytest.raises(ValueError, match="several"):
        write([artefact(), artefact()], tmp_path)


@pytest.mark.parametrize("path", ["/etc/passwd", "../a.yaml", "a/../../b.yaml", "."])
def test_a_file_stands_below_its_target(path: str) -> None:
    """An artefact cannot lead out of the folder it is written into."""
    with pytest.raises(ValueError, match="below the target"):
        artefact(path)


@pytest.mark.parametrize("text", ["a: 1\n", "a: 1\n" * 2000 + f"# {MARK}\n", f"# {MARK}"])
def test_a_rendered_file_can_be_known_again(text: str) -> None:
    """The mark near its beginning, a newline at its end."""
    with pytest.raises(ValueError, match=r"header|newline"):
        Artefact(PurePosixPath("a.yaml"), text)


def test_a_header_is_wrapped_and_commented() -> None:
    """Every line begins a comment of the language and none is long; the first tells how to keep edits."""
    lines = header("word " * 100, "", "last", comment="--").splitlines()
    assert lines[0].startswith(f"-- {MARK}.")
    assert "To keep edits" in lines[0]
    assert all(line.startswith("--") for line in lines)
    assert all(len(line) <= 120 for line in lines[1:])
    assert lines[-1] == "-- last"
