"""What the page about scores shows is what happens."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from spanwise.feedback import FeedbackConfig
from spanwise.redact.key_ring import new_line
from spanwise.store import Store
from tests.cli.command import spanwise


PAGE = Path(__file__).parents[2] / "instrumentation" / "spanwise" / "scoring" / "README.md"


def blocks(language: str) -> list[str]:
    """The code blocks of the page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.slow
def test_python(tmp_path: Path) -> None:
    """The Python of the page runs as it stands, and its scores are in the store."""
    program = tmp_path / "app.py"
    program.write_text("\n".join(blocks("python")))
    ran = spanwise(tmp_path, "run", "--quiet", sys.executable, program, SPANWISE_FEEDBACK_KEY=new_line())
    assert ran.returncode == 0, ran.stderr
    found = [
        (it.name, it.value, it.label, it.span_id is None)
        for it in Store(tmp_path / ".spanwise/spanwise.duckdb").scores()
    ]
    assert sorted(found, key=repr) == sorted(
        [
            ("helpful", 1.0, "true", False),
            ("tone", None, "formal", False),
            ("groundedness", 0.8, None, True),
            ("tone", None, "stiff", True),
            ("polite", 1.0, None, False),
        ],
        key=repr,
    )


def test_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy of the page switches feedback on."""
    (policy,) = blocks("yaml")
    (tmp_path / "spanwise.yaml").write_text(policy)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEEDBACK_KEY", new_line())
    config = FeedbackConfig.of({})
    assert config.keys is not None and config.origins == ("https://app.example.com",)
