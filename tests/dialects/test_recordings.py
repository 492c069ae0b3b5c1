"""The suites themselves, in environments of their own: what they write today is what the golden files hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.dialects.recording import record
from tests.dialects.suite import GOLDEN, SUITES, Suite


def outline(document: Any) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Scope, name, kind and attribute names of every span. Values change with every release of what a suite needs."""
    return [
        (
            scope["scope"]["name"],
            span["name"],
            span["kind"],
            tuple(sorted({_family(entry["key"]) for entry in span["attributes"]})),
        )
        for resource in document["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


def _family(key: str) -> str:
    """The part of a name that a translation relies on: metadata and hidden parameters come and go."""
    whole = key.startswith(("gen_ai.", "llm.", "openinference.", "langfuse.observation"))
    return key if whole else key.partition(".")[0]


@pytest.mark.slow
@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_suite_writes_what_was_recorded(suite: Suite) -> None:
    """The suite's program, run again, makes the same spans with the same names as the golden file."""
    golden = json.loads((GOLDEN / f"{suite.name}.json").read_text("utf-8"))
    assert outline(record(suite)) == outline(golden)
