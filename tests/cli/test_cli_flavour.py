"""`spanwise flavour`: the states of the convention side by side."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command import spanwise


def test_table(tmp_path: Path) -> None:
    """The table has a column for each flavour; what this environment asks for is said beside it."""
    ran = spanwise(tmp_path, "flavour", SPANWISE_SEMCONV="legacy", COLUMNS="200")
    assert ran.returncode == 0
    rows = [line.split() for line in ran.stdout.splitlines()]
    assert ["attribute", "gen_ai.provider.name", "as", "current", "gen_ai.system"] in rows
    assert "here: spans legacy, metrics current" in ran.stderr


def test_json(tmp_path: Path) -> None:
    """JSON has every difference with all three sides."""
    found = json.loads(spanwise(tmp_path, "flavour", "--json").stdout)
    assert (found["semconv"], found["metrics"]) == ("current", ["current"])
    kinds = {row["kind"] for row in found["differences"]}
    assert kinds == {"attribute", "value", "messages", "metric", "schema URL"}
    assert all(row.keys() == {"kind", "current", "released", "legacy"} for row in found["differences"])
