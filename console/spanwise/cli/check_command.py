"""`spanwise check`: does telemetry follow the GenAI conventions?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from spanwise.cli.fail_on import FailOn
from spanwise.cli.output import say, show_json
from spanwise.report import console, plain
from spanwise.semconv.checker import Group, Inspection, Report, Severity, inspect_stream


STANDARD_INPUT: Final = "-"
WRONG_USE: Final = 2

_STYLES: Final = {Severity.VIOLATION: "bold red", Severity.IMPROVEMENT: "yellow", Severity.INFORMATION: "dim"}
_ABSENT: Final = "_not_present"
_SHOWN_PROBLEMS: Final = 20


def check_files(paths: Sequence[str | Path], *, fail_on: FailOn | str, as_json: bool) -> int:
    """Check OTLP/JSON files, `-` for standard input, and print what was found.

    The exit code: 0, or 1 when a finding is at least as serious as `fail_on`, or 2 when a file cannot be opened or
    there is nothing that can be read in all of them. Lines that cannot be read are named on standard error, and the
    others are checked all the same.

    Raises:
        ValueError: `fail_on` is none of `FailOn`.
    """
    threshold = FailOn(fail_on)
    inspection = Inspection()
    good, all_opened = 0, True
    for path in paths:
        try:
            good += _inspect(inspection, path)
        except OSError as error:
            all_opened = False
            say(f"spanwise: {plain(str(path))}: {error.strerror or 'cannot be read'}")
    report = inspection.report()
    failed = threshold is not FailOn.NEVER and report.reaches(Severity(threshold.value))
    _tell_problems(report)
    if not good:
        if all_opened and not report.unread:
            say("spanwise: there is no telemetry to check")
        return WRONG_USE
    if as_json:
        show_json(_document(report, threshold, failed=failed))
    else:
        _show(report)
    return WRONG_USE if not all_opened else int(failed)


def _inspect(inspection: Inspection, path: str | Path) -> int:
    if str(path) == STANDARD_INPUT:
        return inspect_stream(inspection, sys.stdin.buffer, STANDARD_INPUT)
    with Path(path).open("rb") as file:
        return inspect_stream(inspection, file, str(path))


def _tell_problems(report: Report) -> None:
    shown = report.problems[:_SHOWN_PROBLEMS]
    say(*[f"spanwise: {plain(str(problem))}" for problem in shown])
    if report.unread > len(shown):
        say(f"spanwise: and {report.unread - len(shown)} more that cannot be read")


def _document(report: Report, threshold: FailOn, *, failed: bool) -> dict[str, object]:
    return {
        "ok": not failed,
        "fail_on": threshold.value,
        "checked": {"spans": report.spans, "metrics": report.metrics, "events": report.events, "judged": report.judged},
        "severities": {severity.value: count for severity, count in report.severities.items()},
        "unread": report.unread,
        "problems": [problem._asdict() for problem in report.problems],
        "left_out": report.left_out,
        "findings": report.findings,
    }


def _show(report: Report) -> None:
    from rich.table import Table
    from rich.text import Text

    screen = console()
    table = Table(box=None, pad_edge=False)
    for heading in ("severity", "finding", "attribute", "count", "about"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "count" else "left")
    for group in _rows(report):
        table.add_row(
            Text(group.severity.value, _STYLES[group.severity]),
            group.id,
            plain(group.attribute) or "-",
            str(group.count),
            Text(f"{group.signal}: {plain(group.example.message)}\n{_place(group)}".rstrip()),
        )
    if table.row_count:
        screen.print(table)
    screen.print(_verdict(report))


def _rows(report: Report) -> list[Group]:
    """The groups; what is absent and need not be there stands in one row for each rule and signal."""
    rows: list[Group] = []
    optional: dict[tuple[str, str], list[Group]] = {}
    for group in report.groups():
        if group.severity is Severity.INFORMATION and group.id.endswith(_ABSENT):
            optional.setdefault((group.id, group.signal), []).append(group)
        else:
            rows.append(group)
    for groups in optional.values():
        first = groups[0]
        if len(groups) > 1:
            example = replace(first.example, message=f"absent, and wanted in some cases: {_names(groups)}")
            first = replace(first, attribute=f"{len(groups)} attributes", example=example)
        rows.append(replace(first, count=sum(group.count for group in groups)))
    return rows


def _names(groups: Sequence[Group]) -> str:
    names = [group.attribute or "" for group in groups]
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _place(group: Group) -> str:
    example = group.example
    return f"  {plain(example.subject)} {example.where}".rstrip()


def _verdict(report: Report) -> str:
    counts = ", ".join(f"{count} {severity.value}" for severity, count in report.severities.items())
    left_out = f"; {report.left_out} findings left out" if report.left_out else ""
    seen = f"{report.spans} spans, {report.metrics} metrics, {report.events} events"
    return f"\nverdict: {counts}{left_out}\nread {seen}; {report.judged} of them are about GenAI or MCP"
