"""`spanwise policy check`, and what a policy with mistakes does to `spanwise run`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.cli.command import MODEL_CALL, spanwise
from tests.cli.typed import typed


WRONG = "redact:\n  acions: {}\ncap:\n  max_events: 1\n"


def test_a_good_policy_is_one_line(tmp_path: Path) -> None:
    """The file and what it sets, on standard output."""
    (tmp_path / "spanwise.yaml").write_text("cap: {max_events: 3}\nredact: {}\n")
    ran = spanwise(tmp_path, "policy", "check")
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        0,
        "spanwise.yaml: no mistakes; it sets 2 sections (cap, redact)\n",
        "",
    )


def test_every_mistake_is_a_line_and_the_exit_code_is_2(tmp_path: Path) -> None:
    """Nothing but the mistakes is printed, on standard error, in the order of the file."""
    file = tmp_path / "p.yaml"
    file.write_text(WRONG)
    for ran in (
        typed(tmp_path, "policy", "check", "p.yaml"),
        typed(tmp_path, "policy", "check", SPANWISE_POLICY="p.yaml"),
    ):
        assert ran.returncode == 2
        assert ran.stdout == ""
        first, second = ran.stderr.splitlines()
        assert first.startswith("p.yaml:2: redact.acions: not a key.")
        assert second.startswith("p.yaml:4: cap.max_events: found 1;")


def test_no_policy_is_said(tmp_path: Path) -> None:
    """A check that finds nothing to check does not pass."""
    ran = typed(tmp_path, "policy", "check")
    assert ran.returncode == 2
    assert "there is no policy" in ran.stderr


def test_a_run_does_not_start_under_a_wrong_policy(tmp_path: Path) -> None:
    """All mistakes on standard error, exit code 2, and the program never ran."""
    (tmp_path / "spanwise.yaml").write_text(WRONG)
    ran = spanwise(tmp_path, "run", sys.executable, "-c", "open('ran', 'w')")
    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) == 2
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / ".spanwise").exists()


def test_a_run_is_under_the_policy_on_both_sides(tmp_path: Path) -> None:
    """The child and the collector in the parent take the same policy; a child in another directory finds it too."""
    (tmp_path / "spanwise.yaml").write_text("redact: {kinds: [card]}\n")
    program = f"import os\nprint(os.environ['SPANWISE_POLICY'])\n{MODEL_CALL}"
    ran = spanwise(tmp_path, "run", sys.executable, "-c", program)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == str(tmp_path / "spanwise.yaml")
    shown = typed(tmp_path, "trace", "last", "--json")
    assert "jane@doe.org" in shown.stdout
