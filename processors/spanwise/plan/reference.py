"""The reference page of the policy, made of the outline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spanwise.plan.outline import Line, lines
from spanwise.plan.wording import accepted, default
from spanwise.policy.entry import ANY_NAME, Kind


FILE: Final = "REFERENCE.md"

_TOP: Final = """\
# Every key of a policy

Generated from the readers of the policy by `python -m spanwise.plan.generate`; changes belong there.
The same keys for editors: [`spanwise.schema.json`](spanwise.schema.json). One of them on the command line:
`spanwise policy explain budgets.limit_usd`.

`NAME` stands for a name that you give, or for a word of a list. `[]` stands for each item of a list. What has no
default does nothing until it is set. Every section may be left out.
"""

_VARIABLES: Final = """
## Environment variables

These come before the policy. A variable that is not set leaves the policy as it is.

| variable | instead of |
|---|---|
"""


def reference() -> str:
    """The page as Markdown."""
    return "".join(_parts())


def _parts() -> Iterator[str]:
    yield _TOP
    everything = list(lines())
    for line in everything:
        if len(line.keys) == 1:
            yield from _section(line, [each for each in everything if each.keys[0] == line.keys[0]])
    yield _VARIABLES
    for line in everything:
        if line.entry.variable:
            yield f"| `{line.entry.variable}` | `{line.dotted}` |\n"


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("*", "\\*")


def _section(top: Line, inside: list[Line]) -> Iterator[str]:
    yield f"\n## {top.dotted}\n\n{top.entry.about}\n"
    rows = inside if top.entry.inner is None else inside[1:]
    if top.entry.kind is Kind.SECTIONS:
        yield f"\nAccepted: {accepted(top.entry)}.\n"
    yield "\n| key | what it does | accepted | default |\n|---|---|---|---|\n"
    for line in rows:
        if line.keys[-1] == ANY_NAME and not line.entry.about:
            continue
        cells = (f"`{line.dotted}`", line.entry.about, accepted(line.entry), default(line.entry))
        yield f"| {' | '.join(_escaped(cell) for cell in cells)} |\n"
