"""Keys of pseudonyms: their form, their file, rotation, and that no message holds a part of one."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from spanwise.redact import KeyRing, KeyRingError
from spanwise.redact.key_ring import new_line


KEY = base64.b64encode(bytes(range(32))).decode()
OLD = base64.b64encode(bytes(range(100, 140))).decode()


def key_file(directory: Path, text: str, mode: int = 0o400) -> Path:
    """A key file with `text`."""
    file = directory / "keys"
    file.unlink(missing_ok=True)
    file.write_text(text)
    file.chmod(mode)
    return file


def test_the_first_key_is_current_and_the_others_are_remembered(tmp_path: Path) -> None:
    """Comments and empty lines are left out; a destroyed key leaves its id."""
    ring = KeyRing.from_file(key_file(tmp_path, f"# rotated in May\nk3 {KEY}\n\nk2 {OLD}\nk1 retired\n"))
    assert (ring.key_id, ring.key, ring.past) == ("k3", bytes(range(32)), ("k2", "k1"))


def test_keys_in_a_variable() -> None:
    """The same form, with commas or line ends."""
    ring = KeyRing.from_environment("KEYS", {"KEYS": f"k2 {KEY},k1 retired"})
    assert (ring.key_id, ring.past) == ("k2", ("k1",))
    with pytest.raises(KeyRingError, match="the variable is not set"):
        KeyRing.from_environment("KEYS", {})


def test_no_key_is_shown() -> None:
    """Neither the representation nor an error message has a part of a key in it."""
    assert "\\x" not in repr(KeyRing.parse(f"k1 {KEY}"))
    for wrong in (f"k1 {KEY[:-8]}", f"k1 {KEY}!", f"{KEY} k1", f"K1 {KEY}", f"k1 {KEY}\nk1 {OLD}", f"k1: {KEY}"):
        with pytest.raises(KeyRingError) as error:
            KeyRing.parse(wrong)
        assert not any(KEY[start : start + 6] in str(error.value) for start in range(len(KEY) - 6))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no key"),
        ("# nothing\n", "there is no key"),
        (f"k1 {KEY}\nk1 {OLD}", "line 2: the id k1 is there twice"),
        ("k2 retired\nk1 retired", "the first key, k2, is retired"),
        (f"k1 {KEY[:40]}", "line 1: key k1 has 30 bytes; accepted are at least 32"),
        ("k1 not base64 at all", "line 1: key k1 is not base64"),
        (f"sha256 {KEY}", "line 1: it begins with no id of a key"),
        (f"\nmuchtoolong {KEY}", "line 2: it begins with no id of a key"),
        ("k1 " + base64.b64encode(b"a" * 32).decode(), "key k1 is not random"),
    ],
)
def test_what_is_no_key_is_named(text: str, message: str) -> None:
    """Line, what is wrong, and what is accepted."""
    with pytest.raises(KeyRingError, match=message):
        KeyRing.parse(text)


@pytest.mark.parametrize("mode", [0o444, 0o604, 0o402, 0o420, 0o401])
def test_a_file_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    """A key that everybody knows protects nobody; the message says how to set the mode."""
    with pytest.raises(KeyRingError, match=r"chmod 400.*defaultMode"):
        KeyRing.from_file(key_file(tmp_path, f"k1 {KEY}", mode))
    assert KeyRing.from_file(key_file(tmp_path, f"k1 {KEY}", 0o440)).key_id == "k1"


def test_what_is_no_key_file_is_refused_at_once(tmp_path: Path) -> None:
    """A missing file, a folder, a pipe, a huge file and one that is no text do not hold up a start."""
    with pytest.raises(KeyRingError, match="No such file"):
        KeyRing.from_file(tmp_path / "none")
    with pytest.raises(KeyRingError, match=r"cannot be read|not a file"):
        KeyRing.from_file(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o400)
    with pytest.raises(KeyRingError, match="not a file"):
        KeyRing.from_file(pipe)
    with pytest.raises(KeyRingError, match="larger than"):
        KeyRing.from_file(key_file(tmp_path, "#" * 100_000))
    file = key_file(tmp_path, "", 0o600)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(KeyRingError, match="base64"):
        KeyRing.from_file(file)


def test_a_new_key_can_be_used() -> None:
    """A fresh line is a key ring, takes an id that is free, and no two are equal."""
    line = new_line(("k1", "k2"))
    assert KeyRing.parse(f"{line}\nk2 retired\nk1 retired").key_id == "k3"
    assert new_line() != new_line()
