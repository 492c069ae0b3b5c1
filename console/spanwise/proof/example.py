"""`Example`: a text of a rule's own, with the value in it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final, NamedTuple, TypeAlias

import yaml


Table: TypeAlias = dict[str, Any]
"""One rule as it stands in YAML: the border of this module."""

_OPEN: Final = "«"
_CLOSE: Final = "»"


class Example(NamedTuple):
    """One positive example of a rule: a text, and the value that is to be taken out of it.

    Attributes:
        rule, kind, family: Whose example it is.
        before, value, after: The text, in three parts. Other values of the example stand in `before` and `after`.
    """

    rule: str
    kind: str
    family: str
    before: str
    value: str
    after: str

    @property
    def text(self) -> str:
        """The whole text."""
        return f"{self.before}{self.value}{self.after}"


def examples() -> list[Example]:
    """Every positive example of every rule, once for each value that is marked in it. Takes about 0.3 s."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: list[Example] = []
    folder = files("spanwise.redact") / "rules"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            document = yaml.load(file.read_text("utf-8"), Loader=loader)  # noqa: S506 - a safe loader, in C or not
            for table in document["rules"]:
                found += _of(table, document["family"])
    return found


def _of(table: Table, family: str) -> list[Example]:
    rule = str(table["id"])
    kind = str(table.get("kind", rule))
    found = []
    for text in table["positive"]:
        parts = text.replace(_CLOSE, _OPEN).split(_OPEN)
        for number in range(1, len(parts), 2):
            before, after = "".join(parts[:number]), "".join(parts[number + 1 :])
            found.append(Example(rule, kind, family, before, parts[number], after))
    return found
