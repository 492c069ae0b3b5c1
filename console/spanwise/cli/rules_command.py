"""`spanwise redact --rules`: every rule of redaction, and where the form is documented that it looks for."""

from __future__ import annotations

from typing import Final

from spanwise.cli.output import say, show_json, show_table


FIELDS: Final = ("id", "kind", "family", "brief", "source")


def rules() -> list[dict[str, str]]:
    """All rules, in the order in which they are asked."""
    from spanwise.redact.catalogue import entries

    return [{name: str(entry.get(name, "")) for name in FIELDS} for entry in entries()]


def show_rules(*, as_json: bool) -> int:
    """Print all rules as a table or as JSON; the exit code, 0."""
    found = rules()
    if as_json:
        show_json(found)
        return 0
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in FIELDS:
        table.add_column("rule" if name == "id" else name, overflow="fold")
    for rule in found:
        table.add_row(*(rule[name] for name in FIELDS))
    show_table(table)
    kinds = {rule["kind"] for rule in found}
    families = dict.fromkeys(rule["family"] for rule in found)
    say(f"{len(found)} rules of {len(kinds)} kinds in {len(families)} families: {', '.join(families)}")
    return 0
