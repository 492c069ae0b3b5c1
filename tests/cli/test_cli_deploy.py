"""`spanwise deploy list`, `render` and `check`, as a user types them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from spanwise.deploy import TARGETS
from tests.cli.command import spanwise
from tests.cli.typed import typed


def test_the_list_has_every_target(tmp_path: Path) -> None:
    """With the files that would be written, and what to type next."""
    ran = spanwise(tmp_path, "deploy", "list", "--json")
    listed = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert [entry["target"] for entry in listed] == list(TARGETS)
    assert all(entry["files"] for entry in listed)
    shown = spanwise(tmp_path, "deploy", "list")
    assert "by the defaults; next: spanwise deploy render all --out deploy" in shown.stderr


def test_files_are_written_and_then_the_same(tmp_path: Path) -> None:
    """Paths on standard output, a summary on standard error; nothing happens the second time."""
    first = typed(tmp_path, "deploy", "render", "jaeger", "tempo", "--out", "out")
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines() == [
        "out/jaeger/jaeger.yaml",
        "out/jaeger/memory.yaml",
        "out/jaeger/clickhouse.yaml",
        "out/tempo/tempo.yaml",
    ]
    assert first.stderr == "4 written in out, by the defaults\n"
    second = typed(tmp_path, "deploy", "render", "jaeger", "tempo", "--out", "out")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "4 same in out, by the defaults\n")


def test_the_policy_of_the_directory_holds(tmp_path: Path) -> None:
    """Or the one that is named; which one is said."""
    (tmp_path / "spanwise.yaml").write_text("retention: {traces: 11d}\n")
    (tmp_path / "other.yaml").write_text("retention: {traces: 12d}\n")
    ran = typed(tmp_path, "deploy", "render", "tempo", "--out", ".")
    assert "by spanwise.yaml" in ran.stderr
    assert "264h" in (tmp_path / "tempo/tempo.yaml").read_text()
    typed(tmp_path, "deploy", "render", "tempo", "--out", ".", "--policy", "other.yaml")
    assert "288h" in (tmp_path / "tempo/tempo.yaml").read_text()


def test_a_check_is_a_diff_and_exit_code_1(tmp_path: Path) -> None:
    """And writes nothing; exit code 0 when all is as rendered."""
    ran = typed(tmp_path, "deploy", "render", "tempo", "--out", ".", "--check")
    assert (ran.returncode, ran.stderr) == (1, "1 missing in ., by the defaults\n")
    assert "+server:\n" in ran.stdout
    assert not (tmp_path / "tempo").exists()
    typed(tmp_path, "deploy", "render", "tempo", "--out", ".")
    same = typed(tmp_path, "deploy", "render", "tempo", "--out", ".", "--check")
    assert (same.returncode, same.stdout) == (0, "")
    (tmp_path / "spanwise.yaml").write_text("retention: {traces: 1d}\n")
    ran = typed(tmp_path, "deploy", "render", "tempo", "--out", ".", "--check")
    assert ran.returncode == 1
    assert "-    " in ran.stdout
    assert "24h" in ran.stdout


def test_a_file_without_its_first_line_is_the_users(tmp_path: Path) -> None:
    """Deleting the line keeps edits; it is said each time, and is no error."""
    typed(tmp_path, "deploy", "render", "tempo", "--out", ".")
    file = tmp_path / "tempo/tempo.yaml"
    file.write_text(file.read_text().partition("\n")[2] + "# mine\n")
    mine = file.read_text()
    for arguments in ((), ("--check",)):
        ran = typed(tmp_path, "deploy", "render", "tempo", "--out", ".", *arguments)
        assert ran.returncode == 0
        assert ran.stdout == ""
        assert "tempo/tempo.yaml: left as it is: it does not carry our mark, so it is yours\n" in ran.stderr
    assert file.read_text() == mine


def test_an_unknown_target_is_answered(tmp_path: Path) -> None:
    """What was found, what is accepted, what is near; exit code 2 and nothing written."""
    ran = typed(tmp_path, "deploy", "render", "grafna", "--out", ".")
    assert ran.returncode == 2
    assert ran.stderr.startswith("spanwise: found the target 'grafna'; accepted: collector, jaeger,")
    assert "Did you mean grafana?" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_policy_writes_nothing(tmp_path: Path) -> None:
    """Every mistake with its line; exit code 2."""
    (tmp_path / "spanwise.yaml").write_text("retention: {traces: soon}\n")
    ran = typed(tmp_path, "deploy", "render", "all", "--out", "out")
    assert ran.returncode == 2
    assert ran.stderr.startswith("spanwise.yaml:1: retention.traces")
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The file and the system's reason; exit code 2."""
    (tmp_path / "out").write_text("a file")
    ran = typed(tmp_path, "deploy", "render", "tempo", "--out", "out")
    assert ran.returncode == 2
    assert ran.stderr.startswith("spanwise: out/tempo")
    assert "not everything is written" in ran.stderr


def test_a_wrong_file_is_a_line_and_exit_code_1(tmp_path: Path) -> None:
    """File, line, what the engine said and who said it, as compilers print it."""
    tool = tmp_path / "engines/bin/amtool"
    tool.parent.mkdir(parents=True)
    tool.write_text(
        "#!/bin/sh\necho 'amtool: error: yaml: unmarshal errors: line 2: field recievers not found' >&2\nexit 1\n"
    )
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "am.yaml").write_text("route: {receiver: a}\nrecievers: []\nreceivers: []\n")
    found = {"SPANWISE_ENGINES": str(tmp_path / "engines"), "PATH": "/nowhere"}
    ran = typed(tmp_path, "deploy", "check", "am.yaml", **found)
    assert ran.returncode == 1
    assert ran.stdout == (
        "am.yaml:2: amtool: error: yaml: unmarshal errors: line 2: field recievers not found [amtool check-config]\n"
    )
    assert ran.stderr == "amtool check-config: 1 file, 1 wrong\n"


def test_a_missing_tool_is_exit_code_2_and_said(tmp_path: Path) -> None:
    """A file that nobody judged is not a right one; a wrong one beside it is still exit code 1."""
    (tmp_path / "am.yaml").write_text("route: {receiver: a}\nreceivers: []\n")
    ran = typed(tmp_path, "deploy", "check", "am.yaml", PATH="/nowhere")
    assert ran.returncode == 2
    assert "amtool was not found: part of an Alertmanager release" in ran.stderr
    (tmp_path / "k.yaml").write_text("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n")
    ran = typed(tmp_path, "deploy", "check", ".", "--json", PATH="/nowhere")
    assert ran.returncode == 1
    documents = json.loads(ran.stdout)
    assert [bool(document["missing"]) for document in documents] == [True, False]
    assert documents[1]["findings"][0]["line"] == 1


def test_nothing_to_check_is_no_success(tmp_path: Path) -> None:
    """Neither an absent default folder nor an empty one nor a mistyped file."""
    (tmp_path / "empty").mkdir()
    for arguments, said in (((), "deploy render all"), (("empty",), "no YAML"), (("x.yaml",), "No such file")):
        ran = typed(tmp_path, "deploy", "check", *arguments)
        assert ran.returncode == 2
        assert said in ran.stderr
