"""`python -m tests.dialects [suite ...]`: record the suites' spans again and write their golden files."""

from __future__ import annotations

import json
import sys

from tests.dialects.recording import record
from tests.dialects.suite import GOLDEN, SUITES


def main(names: list[str]) -> None:
    """Record the suites `names`, or all."""
    for suite in SUITES:
        if not names or suite.name in names:
            document = record(suite)
            (GOLDEN / f"{suite.name}.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")
            count = sum(len(scope["spans"]) for scope in document["resourceSpans"][0]["scopeSpans"])
            sys.stdout.write(f"{suite.name}: {count} spans\n")


if __name__ == "__main__":
    main(sys.argv[1:])
