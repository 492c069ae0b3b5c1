"""Write `phrases.json`, which the step loads, from `phrases.yaml`, and check every language on its examples.

Run as `python -m spanwise.quality.compile` (`make generate`). `render()` is what a test compares with the committed
file. Needs PyYAML.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from spanwise.quality.refusal import Refusals


Table: TypeAlias = dict[str, Any]
"""The languages as they stand in YAML: the border of this module."""

SOURCE: Final = Path(__file__).with_name("phrases.yaml")
OUTPUT: Final = Path(__file__).with_name("phrases.json")

_APOSTROPHE: Final = "['’ʼ´`]"  # noqa: RUF001 - typographic on purpose
_BLANK: Final = r"[\s*_]+"
_COUNTED: Final = re.compile(r"\{0,\d+\}")


def pattern_of(text: str) -> str:
    """`text`, as the YAML has it, as one RE2 pattern without the mark of a clause.

    Counts within a clause are for the reader: RE2 would write the part out so many times, and a clause is short.
    """
    made = text.removeprefix("<").replace("'", _APOSTROPHE).replace("~", r"[^.!?\n]*").replace(" ", _BLANK)
    return _COUNTED.sub("*", made)


def table() -> Table:
    """The languages of `phrases.yaml` as they are written to `phrases.json`."""
    read: Table = yaml.safe_load(SOURCE.read_text("utf-8"))
    return {
        language: {
            "clause": [pattern_of(text) for text in entry["refusal"] if text.startswith("<")],
            "anywhere": [pattern_of(text) for text in entry["refusal"] if not text.startswith("<")],
            "unless": [pattern_of(text) for text in entry["unless"]],
            "words": entry["words"].split(),
        }
        for language, entry in read.items()
    }


def render() -> str:
    """The text of `phrases.json`."""
    return json.dumps(table(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def problems() -> list[str]:
    """One sentence for each example that its language does not answer as it should; empty when all do."""
    read: Table = yaml.safe_load(SOURCE.read_text("utf-8"))
    refusals = Refusals(table(), tuple(read))
    found: list[str] = []
    for language, entry in read.items():
        found += [f"{language}: not found in {text}" for text in entry["positive"] if refusals.find(text) is None]
        found += [f"{language}: wrongly found in {text}" for text in entry["negative"] if refusals.find(text)]
    return found


def main() -> int:
    """Check and write; the exit code."""
    wrong = problems()
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    OUTPUT.write_text(render(), "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
