"""`spanwise doctor`: why are there no spans, or two of everything?"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final

from spanwise.cli.backend import endpoint_check, store_check
from spanwise.cli.check import Check, Verdict
from spanwise.cli.fleet_check import fleet_checks
from spanwise.cli.installation import content_check, sdk_checks, version_checks
from spanwise.cli.output import show_json
from spanwise.cli.probe import probe_check
from spanwise.cli.suites import suite_checks
from spanwise.cli.supported import supported_checks
from spanwise.report import console, plain
from spanwise.store import Store


_STYLES: Final = {Verdict.OK: "green", Verdict.NOTE: "yellow", Verdict.PROBLEM: "bold red"}


def examine(store: Store, *, as_json: bool, environ: Mapping[str, str] | None = None) -> int:
    """Print what was found and a verdict; the exit code: 0 when nothing is wrong, 1 when something is."""
    own_environ = os.environ if environ is None else environ
    checks = [
        *version_checks(),
        *supported_checks(),
        *sdk_checks(own_environ),
        *suite_checks(own_environ),
        content_check(own_environ),
        endpoint_check(own_environ),
        *fleet_checks(own_environ),
        store_check(store),
        probe_check(own_environ),
    ]
    problems = sum(check.verdict is Verdict.PROBLEM for check in checks)
    if as_json:
        show_json({"ok": not problems, "problems": problems, "checks": checks})
    else:
        _show(checks, problems)
    return 1 if problems else 0


def _show(checks: Sequence[Check], problems: int) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        text = plain(check.found, 1000) + (f"\n-> {plain(check.fix, 500)}" if check.fix else "")
        table.add_row(Text(check.verdict.value, _STYLES[check.verdict]), plain(check.name), text)
    screen = console()
    screen.print(table)
    if problems:
        screen.print(f"\nverdict: {problems} problem{'s' if problems > 1 else ''} found", style="bold red")
    else:
        screen.print("\nverdict: ok, spans of model calls are recorded", style="bold green")
