"""`targets`: names on the command line become compilers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from spanwise.deploy import TARGETS, UnknownTargetError, targets


def test_all_is_every_target() -> None:
    """In the order of the table, whatever was named before it."""
    assert [target.name for target in targets(["tempo", "all"])] == list(TARGETS)


def test_a_name_is_one_target_however_often_it_is_given() -> None:
    """The order is that of the table."""
    assert [target.name for target in targets(["grafana", "compose", "grafana"])] == ["grafana", "compose"]


def test_a_wrong_name_is_answered_with_what_is_near_and_what_is_accepted() -> None:
    """One sentence that is enough to type it right."""
    with pytest.raises(UnknownTargetError) as caught:
        targets(["grafna"])
    message = str(caught.value)
    assert message.startswith("found the target 'grafna'; ")
    assert "Did you mean grafana?" in message
    assert all(name in message for name in (*TARGETS, "all"))


def test_compilers_are_imported_when_they_are_used() -> None:
    """The table of targets costs none of their modules, nor YAML."""
    program = (
        "import sys\nfrom spanwise.deploy import TARGETS\n"
        "loaded = [name for name in sys.modules if name.startswith('spanwise.deploy.') or name in ('yaml', 'jinja2')]\n"
        "print(sorted(loaded))\n"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout == "['spanwise.deploy.artefact', 'spanwise.deploy.header', 'spanwise.deploy.target']\n"
