"""A whole program that asks for an older flavour."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.cli.command import MODEL_CALL, spanwise


def test_legacy_under_run(tmp_path: Path) -> None:
    """`SPANWISE_SEMCONV=legacy` reaches the exporters of a program, and the store reads its spans all the same."""
    ran = spanwise(
        tmp_path,
        "run",
        "--json",
        sys.executable,
        "-c",
        MODEL_CALL,
        SPANWISE_SEMCONV="legacy",
        OTEL_TRACES_EXPORTER="console",
    )
    assert ran.returncode == 0, ran.stderr
    printed = json.loads(ran.stdout)
    assert printed["attributes"]["gen_ai.system"] == "openai"
    assert "gen_ai.provider.name" not in printed["attributes"]
    assert [event["name"] for event in printed["events"]] == ["gen_ai.user.message"]
    assert json.loads(ran.stderr)["cost_usd"] is not None
    (span,) = json.loads(spanwise(tmp_path, "trace", "last", "--json").stdout)
    assert (span["provider"], span["cost_status"]) == ("openai", "exact")
    assert "[EMAIL]" in span["attributes"]["gen_ai.input.messages"]
