"""`spanwise redact`: files without their values, where the values were, and exit codes that a build can use."""

from __future__ import annotations

import base64
import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import SPANWISE, TIMEOUT_S, environment, spanwise
from tests.cli.typed import typed


TEXT = 'mail joe@example.com now\n{"to": "joe@example.com", "n": 12}\nplain\n'
CLEAN = 'mail [EMAIL] now\n{"to": "[EMAIL]", "n": 12}\nplain\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A directory with a file that holds two addresses."""
    (tmp_path / "a.log").write_text(TEXT)
    return tmp_path


def test_the_text_is_on_standard_output_and_counts_beside_it(project: Path) -> None:
    """What is written can be piped on; how much was taken out is on standard error, by kind."""
    ran = spanwise(project, "redact", "a.log")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, CLEAN, "a.log: 2 found: email 2\n")
    counted = spanwise(project, "redact", "a.log", "--json")
    assert counted.stdout == CLEAN
    assert json.loads(counted.stderr)["files"] == [{"file": "a.log", "count": 2, "kinds": {"email": 2}, "dropped": 0}]


def test_standard_input_is_a_file(project: Path) -> None:
    """`-` reads standard input, bytes that are no UTF-8 included."""
    ran = subprocess.run(
        [SPANWISE, "redact", "-"],
        input=b"caf\xe9 joe@example.com\r\n",
        cwd=project,
        env=environment(),
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, b"caf\xe9 [EMAIL]\r\n")
    assert ran.stderr == b"standard input: 1 found: email 1\n"


def test_explain_says_where_and_why_and_never_what(project: Path) -> None:
    """A table of places with rule, replacement and source. The value stands nowhere."""
    ran = typed(project, "redact", "--explain", "a.log")
    assert ran.returncode == 0
    assert "joe" not in ran.stdout + ran.stderr
    rows = [line.split() for line in ran.stdout.splitlines()[1:]]
    assert [row[:4] for row in rows] == [
        ["a.log:1:6", "email", "email", "[EMAIL]"],
        ["a.log:2:9", "email", "email", "[EMAIL]"],
    ]
    assert "RFC 5321" in ran.stdout
    shown = json.loads(typed(project, "redact", "--explain", "--json", "a.log").stdout)
    (file,) = shown["files"]
    assert file["places"][1] | {"source": ""} == {
        "line": 2, "column": 9, "rule": "email", "kind": "email", "stands": "[EMAIL]", "key": "to", "source": "",
    }  # fmt: skip


def test_values_are_shown_on_a_terminal_only(project: Path) -> None:
    """`--show-values` is refused where the output could end in a file, and works on a terminal."""
    ran = typed(project, "redact", "--explain", "--show-values", "a.log")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "terminal" in ran.stderr
    leader, follower = pty.openpty()
    subprocess.run(
        [SPANWISE, "redact", "--explain", "--show-values", "a.log"],
        cwd=project,
        env=environment(COLUMNS="160"),
        stdout=follower,
        stderr=subprocess.DEVNULL,
        timeout=TIMEOUT_S,
        check=True,
    )
    os.close(follower)
    assert b"joe@example.com" in os.read(leader, 65536)
    os.close(leader)


def test_check_is_for_builds(project: Path) -> None:
    """A line for each place in the form editors know, and exit code 1; 0 for a clean file; 2 for one that is none."""
    ran = typed(project, "redact", "--check", "a.log")
    assert ran.returncode == 1
    assert ran.stdout == "a.log:1:6: email (rule email)\na.log:2:9: email (rule email)\n"
    (project / "clean.log").write_text("nothing here\n")
    ran = typed(project, "redact", "--check", "clean.log")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "clean.log: nothing found\n")
    assert typed(project, "redact", "--check", "clean.log", "none.log").returncode == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x7fELF\x02\x01\x01\x00\x00", "is binary (a zero byte at offset 7)"),
        (bytes(range(1, 9)) * 50, "is binary (control characters)"),
        ("joe@example.com".encode("utf-16"), "is UTF-16; convert it first: iconv"),
    ],
)
def test_a_binary_file_is_refused_and_the_others_are_read(project: Path, data: bytes, reason: str) -> None:
    """Nothing of it is written, one line says why, and the exit code is 2; good files beside it are written."""
    (project / "b.bin").write_bytes(data)
    ran = typed(project, "redact", "b.bin", "none", "a.log")
    assert (ran.returncode, ran.stdout) == (2, CLEAN)
    assert reason in ran.stderr
    assert "spanwise: none: No such file or directory" in ran.stderr


def test_kinds_and_families_narrow_the_search(project: Path) -> None:
    """Only what was named is taken out; a name that does not exist is answered with one that does."""
    (project / "b.log").write_text("joe@example.com 4111 1111 1111 1111 203.0.113.7\n")
    assert typed(project, "redact", "--kinds", "card", "b.log").stdout == "joe@example.com [CARD] 203.0.113.7\n"
    assert (
        typed(project, "redact", "--families", "payment,network", "b.log").stdout == "joe@example.com [CARD] [IPV4]\n"
    )
    ran = typed(project, "redact", "--kinds", "emial", "b.log")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "emial is not a kind of value: did you mean email?" in ran.stderr
    assert "accepted: " in typed(project, "redact", "--families", "moon", "b.log").stderr


def test_the_policy_decides(project: Path) -> None:
    """The policy of the directory, or the one that is named, says what is done with a value; a wrong one stops all."""
    (project / "spanwise.yaml").write_text("redact: {actions: {email: partial}}\n")
    (project / "other.yaml").write_text("redact: {actions: {email: keep}}\n")
    (project / "wrong.yaml").write_text("redact: {actoins: {}}\n")
    assert typed(project, "redact", "a.log").stdout.startswith("mail j***@example.com now\n")
    kept = typed(project, "redact", "--policy", "other.yaml", "a.log")
    assert kept.stdout == TEXT
    assert "it is kept" in typed(project, "redact", "--explain", "--policy", "other.yaml", "a.log").stdout
    wrong = typed(project, "redact", "--policy", "wrong.yaml", "a.log")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "wrong.yaml:1: redact.actoins" in wrong.stderr


def test_no_file_is_wrong_use(project: Path) -> None:
    """Without a file nothing is read, standard input neither."""
    ran = typed(project, "redact")
    assert ran.returncode == 2
    assert "- for standard input" in ran.stderr


def test_every_rule_is_listed_with_its_source(project: Path) -> None:
    """Id, kind, family, one sentence and where the form is documented, for every rule."""
    rules = json.loads(typed(project, "redact", "--rules", "--json").stdout)
    assert len(rules) > 400
    assert all(all(rule[name] for name in ("id", "kind", "family", "brief", "source")) for rule in rules)
    ran = typed(project, "redact", "--rules")
    assert "email" in ran.stdout
    assert f"{len(rules)} rules of " in ran.stderr


def test_a_new_key_has_an_id_that_is_free(project: Path) -> None:
    """The line is random, of 32 bytes, and its id is none of those in the key file named."""
    first, second = (typed(project, "redact", "--new-key").stdout for _ in range(2))
    assert first != second
    key_id, key = first.split()
    assert key_id == "k1"
    assert len(base64.b64decode(key)) == 32
    file = project / "keys"
    file.write_text(first)
    file.chmod(0o400)
    assert typed(project, "redact", "--new-key", "keys").stdout.startswith("k2 ")
    file.chmod(0o644)
    ran = typed(project, "redact", "--new-key", "keys")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "chmod 400" in ran.stderr
    assert key not in ran.stderr


@pytest.mark.slow
def test_a_large_file_needs_little_memory(project: Path) -> None:
    """Forty megabytes, a tenth of them one document, pass through memory that would not hold them three times."""
    line = "the order of the customer joe@example.com was sent " + "x" * 200 + "\n"
    item = json.dumps({"text": "lorem ipsum " * 20, "to": "joe@example.com"})
    with (project / "large").open("w") as file:
        file.write("[" + ",\n".join([item] * 14_000) + "]\n")
        for _ in range(140_000):
            file.write(line)
    measure = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    ran = subprocess.run(
        [SPANWISE.parent / "python", "-c", measure, SPANWISE, "redact", "large"],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    assert "large: 154000 found: email 154000" in ran.stderr
    assert int(ran.stdout) < 200_000  # KB
