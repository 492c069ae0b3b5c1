"""What `spanwise report` prints."""

from __future__ import annotations

from datetime import datetime

from spanwise.cli.output import say, show_json
from spanwise.cli.report_form import WRONG_USE, ReportForm, write_report
from spanwise.report.report import Report
from spanwise.store import Store


def show_report(  # noqa: PLR0913 - its options
    store: Store,
    report: Report,
    form: ReportForm,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    top: int | None = None,
) -> int:
    """Print or write `report` of what began in a time, at most `top` rows. The exit code: 2 for wrong use."""
    if form.mistake:
        say(f"spanwise: {form.mistake}")
        return WRONG_USE
    if report.view is None:
        raise TypeError(f"the report {report.name} is read from no view")
    answer = store.ask(report.view, since=since, until=until, limit=form.rows(report, top))
    if answer.rows or form.csv:
        return write_report(report, answer, form, period=in_words(since, until))
    if form.json:
        show_json([])
        return 0
    _say_empty(store, report, since or until)
    return WRONG_USE if form.html or form.png else 0


def in_words(since: datetime | None, until: datetime | None) -> str:
    """Which calls are in a report."""
    start = f"calls since {since:%Y-%m-%d %H:%M} UTC" if since else "all stored calls"
    return start + (f" until {until:%Y-%m-%d %H:%M} UTC" if until else "")


def _say_empty(store: Store, report: Report, limit: datetime | None) -> None:
    counts = store.counts()
    if not counts.spans:
        say(f"no model calls in {store.path} yet; next: spanwise run python app.py")
    elif report.empty == "no model calls":
        say("no model calls in that time; leave out --since to see all" if limit else "no model calls are stored")
    else:
        said = report.empty + (" in that time" if limit else "")
        say(f"{said}; next: spanwise report latency")
