"""`spanwise report`: tables, files and charts about stored model calls."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from spanwise.cli import since as since_option
from spanwise.cli.option import Json, Since, StorePath, Until
from spanwise.report.catalogue import EXPENSIVE_CALLS, EXPENSIVE_PROMPTS, REPORTS, cost_report
from spanwise.report.report import Report
from spanwise.store import Dimension, Store


Csv: TypeAlias = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Html: TypeAlias = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a page with the chart and the table.")
]
Png: TypeAlias = Annotated[
    Path | None, typer.Option("--png", metavar="FILE", help="Write the chart; needs the extra plots.")
]
Top: TypeAlias = Annotated[int | None, typer.Option("--top", min=1, max=1000, help="Rows at most.")]


class Dear(StrEnum):
    """What the report of what is expensive goes by."""

    CALL = "call"
    PROMPT = "prompt"


report_app = typer.Typer(
    help="Tables, files and charts about stored model calls.", no_args_is_help=True, rich_markup_mode=None
)


@report_app.command()
def cost(  # noqa: PLR0913 - its options
    *,
    by: Annotated[Dimension, typer.Option("--by", help="What to group by.")] = Dimension.MODEL,
    since: Since = None,
    until: Until = None,
    top: Top = None,
    json: Json = False,
    csv: Csv = False,
    html: Html = None,
    png: Png = None,
    store: StorePath = None,
) -> None:
    """What model calls cost."""
    from spanwise.cli.report_command import show_report
    from spanwise.cli.report_form import ReportForm

    form = ReportForm(json, csv, html, png)
    raise typer.Exit(show_report(Store(store), cost_report(by), form, since=since, until=until, top=top))


@report_app.command()
def expensive(  # noqa: PLR0913 - its options
    *,
    by: Annotated[Dear, typer.Option("--by", help="What a row is.")] = Dear.CALL,
    since: Since = None,
    until: Until = None,
    top: Top = None,
    json: Json = False,
    csv: Csv = False,
    html: Html = None,
    png: Png = None,
    store: StorePath = None,
) -> None:
    """The dearest model calls, or prompts."""
    from spanwise.cli.report_command import show_report
    from spanwise.cli.report_form import ReportForm

    report = EXPENSIVE_CALLS if by is Dear.CALL else EXPENSIVE_PROMPTS
    form = ReportForm(json, csv, html, png)
    raise typer.Exit(show_report(Store(store), report, form, since=since, until=until, top=top))


def _add(report: Report) -> None:
    @report_app.command(report.name, help=f"{report.title}.")
    def command(  # noqa: PLR0913 - its options
        *,
        since: Since = None,
        until: Until = None,
        top: Top = None,
        json: Json = False,
        csv: Csv = False,
        html: Html = None,
        png: Png = None,
        store: StorePath = None,
    ) -> None:
        from spanwise.cli.report_command import show_report
        from spanwise.cli.report_form import ReportForm

        form = ReportForm(json, csv, html, png)
        raise typer.Exit(show_report(Store(store), report, form, since=since, until=until, top=top))


for _report in REPORTS:
    _add(_report)


@report_app.command("change")
def change_since(  # noqa: PLR0913 - its options
    *,
    since: Since = None,
    top: Top = None,
    json: Json = False,
    csv: Csv = False,
    html: Html = None,
    png: Png = None,
    store: StorePath = None,
) -> None:
    """Why calls since then, or of the last 24 hours, cost more or less than those of as long a time before."""
    from spanwise.cli.change_command import show_change
    from spanwise.cli.report_form import ReportForm

    form = ReportForm(json, csv, html, png)
    raise typer.Exit(show_change(Store(store), since or since_option.moment("24h"), form, top=top))


@report_app.command()
def repricings(*, json: Json = False, store: StorePath = None) -> None:
    """What spanwise reprice changed, and when."""
    from spanwise.cli.reprice_command import show_repricings

    show_repricings(Store(store), as_json=json)
