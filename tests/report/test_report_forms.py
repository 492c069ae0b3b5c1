"""Every report in every form: table, JSON, CSV, page, chart."""

from __future__ import annotations

import builtins
import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.cli.change_command import show_change
from spanwise.cli.report_command import show_report
from spanwise.cli.report_form import ReportForm
from spanwise.report.catalogue import EXPENSIVE_CALLS, EXPENSIVE_PROMPTS, REPORTS, cost_report
from spanwise.report.chart import Bar, Chart, chart
from spanwise.report.csv_document import csv_document
from spanwise.report.page import page
from spanwise.report.report import Report, sheet
from spanwise.report.svg import svg
from spanwise.store import Answer, Column, Dimension, Kind, Store
from tests.report.dozen import LARGE, asked, call, dozen, store_of, when
from tests.report.rows import START


REPORT = {report.name: report for report in REPORTS}
EVERY = {
    **REPORT,
    **{f"cost_{by.value}": cost_report(by) for by in Dimension},
    "expensive_call": EXPENSIVE_CALLS,
    "expensive_prompt": EXPENSIVE_PROMPTS,
}

FIRST_LINES = {
    "users": "bob 4 1 4.1k 2.0k 610 $0.038000 1 800 ms 4.4 s",
    "prompts": "plan@1 2 yes helpful 2 0.9 100.0 % 34.2 % 100.0 % $0.015000 2.5 s 2.9 s 1.5k 300 $0.030000",
    "scores": "done - 1 yes 1 1 1 100.0 % 20.7 % 100.0 %",
    "slow": f"invoke_agent planner 1 10 s 10 s 10 s 10 s {'0' * 12}",
    "latency": "claude 3 400 ms 4.5 s 5.0 s 2.0 s 2.0 s 90",
    "errors": f"429 small openai 1 33.3 % 2026-11-25 12:00:00 {'0' * 12}",
    "rate-limits": f"large openai 4 1 25.0 % 2 3 2026-11-24 11:00:00 {'0' * 12}",
    "streaming": "claude anthropic 1 2.0 s 2.0 s 2.0 s 167 167 -",
    "cache": "large openai 4 1 4.0k 400 10.0 % $0.003000 -",
    "unpriced": f"no usage large openai 1 1 2026-11-24 11:00:00 {'0' * 12}",
    "agents": f"writer 1 1 1 1 $0.020000 $0.020000 $0.020000 4.0 s {'0' * 12}",
    "cost_model": "large 4 1 4.0k 400 700 $0.038000 1 1.6 s 2.8 s",
    "cost_day": "2026-11-24 5 1 4.5k 400 800 ~$0.039000 1 1.2 s 2.8 s",
    "expensive_call": f"2026-11-25 09:00:00 claude bob - 3.0k 500 $0.030000 5.0 s {'0' * 12}",
    "expensive_prompt": "(no prompt) 6 2 4.2k 2.0k 615 $0.038000 3 350 ms 4.0 s",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The dozen calls, stored."""
    return store_of(tmp_path_factory.mktemp("dozen"), dozen())


def rows_of(text: str) -> list[str]:
    """The lines of a table below its heading, with single blanks."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()][2:]


@pytest.mark.parametrize("name", FIRST_LINES)
def test_table(store: Store, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """The first line is the row that matters most, as it was computed by hand; a next command ends it, elsewhere."""
    assert show_report(store, EVERY[name], ReportForm()) == 0
    shown = capsys.readouterr()
    assert rows_of(shown.out)[0] == FIRST_LINES[name]
    assert shown.err.splitlines()[-1].startswith("next: spanwise ")


@pytest.mark.parametrize("name", EVERY)
def test_every_form_has_every_row(store: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    """JSON and CSV have all columns of the view and the same rows as each other and as the page."""
    report = EVERY[name]
    assert report.view is not None
    names = [column.name for column in report.view.columns]
    assert show_report(store, report, ReportForm(json=True)) == 0
    told = json.loads(capsys.readouterr().out)
    assert show_report(store, report, ReportForm(csv=True)) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [list(row) for row in told] == [list(row) for row in table] == [names] * len(told)
    for row, fields in zip(told, table, strict=True):
        assert {key: written(value) for key, value in row.items()} == {
            key: written(_parsed(fields[key], value)) for key, value in row.items()
        }
    file = tmp_path / "report.html"
    assert show_report(store, report, ReportForm(html=file)) == 0
    assert file.read_text().count("<tr>") == 1 + len(told) + (len(told) > 1 and bool(summed(report)))


def written(value: object) -> object:
    """A number as a decimal, so that the two forms of it are one."""
    return Decimal(repr(value)).normalize() if isinstance(value, float | int) and not isinstance(value, bool) else value


def _parsed(field: str, like: object) -> object:
    if like is None:
        return None if field == "" else field
    if isinstance(like, bool):
        return field == "true"
    return float(field) if isinstance(like, float) else int(field) if isinstance(like, int) else field


def summed(report: Report) -> list[str]:
    """The columns of `report` that add up."""
    return [column.name for column in report.view.columns if column.adds] if report.view else []


def test_csv_has_every_digit() -> None:
    """Money is written as the store has it: twelve places, no exponent, more digits than a float holds."""
    columns = (Column("usd", Kind.COST, "x"), Column("name", Kind.TEXT, "x"), Column("last", Kind.MOMENT, "x"))
    amount = Decimal("123456789.000000000001")
    found = Answer(columns, [(amount, 'a,"b"\n', START), (Decimal("1E-12"), None, None)], 2)
    assert csv_document(found) == (
        'usd,name,last\r\n123456789.000000000001,"a,""b""\n",2026-11-24T10:00:00+00:00\r\n0.000000000001,,\r\n'
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_csv_makes_no_formula(text: str) -> None:
    """A text from outside that a spreadsheet would run is a text in it."""
    found = Answer((Column("user_id", Kind.TEXT, "x"),), [(text,)], 1)
    assert csv_document(found).splitlines()[1].lstrip('"').startswith("'")


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Remember the tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Remember the text."""
        self.text += data


HOSTILE = '<img src=x onerror=alert(1)></title><script>alert(1)</script>"&\' onload="x'


def test_page_is_inert(tmp_path: Path) -> None:
    """Markup in a name stays text; no script, nothing to load, and a policy that would forbid both."""
    store = store_of(tmp_path, [call(1, 1, 0, 1, HOSTILE, given=1, made=1, cost=0.5, user=HOSTILE)])
    for report in (cost_report(Dimension.MODEL), EXPENSIVE_CALLS):
        file = tmp_path / "page.html"
        assert show_report(store, report, ReportForm(html=file)) == 0
        read = Tags()
        read.feed(file.read_text())
        assert not {"script", "img", "link", "iframe", "object", "a", "form", "base"} & set(read.tags)
        assert not [name for name, _ in read.attributes if name.startswith("on") or name in {"src", "href", "style"}]
        assert "<script>alert(1)</script>" in read.text
        policy = next(value for name, value in read.attributes if name == "content" and "default-src" in (value or ""))
        assert policy is not None
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "prefers-color-scheme: dark" in read.text
        assert "@media print" in read.text
        assert not re.search(r"url\(|@import|http://(?!www\.w3\.org)|https://", file.read_text())


def test_page_has_chart_and_notes(store: Store, tmp_path: Path) -> None:
    """The page says what the table says: chart, sums, and what they leave out."""
    file = tmp_path / "cost.html"
    show_report(store, cost_report(Dimension.DAY), ReportForm(html=file), since=when(-1), until=when(100))
    text = file.read_text()
    assert '<svg class="chart" role="img" aria-label="Cost by day, in US dollars"' in text
    assert "<title>2026-11-24: ~$0.039000</title>" in text
    assert "calls since 2026-11-24 09:00 UTC until 2026-11-28 14:00 UTC; made 20" in text
    assert "3 calls have no known price and have no part in the sums" in text
    assert '<td>total</td><td class="right">10</td>' in text


def test_bars_are_to_scale() -> None:
    """The longest bar fills its room, half of it is half as long; below zero goes to the left of the middle."""
    drawn = svg(Chart("x", "USD", (Bar("a", 4.0, "4"), Bar("b", 2.0, "2")), over_time=False))
    assert re.findall(r'width="([\d.]+)" height="18"', drawn) == ["550.0", "275.0"]
    signed = svg(Chart("x", "USD", (Bar("a", -4.0, "-4"), Bar("b", 2.0, "2")), over_time=False))
    assert re.findall(r'class="(bar[ a-z]*)" x="([\d.]+)" y="\d+" width="([\d.]+)"', signed) == [
        ("bar less", "280.0", "275.0"),
        ("bar", "555.0", "137.5"),
    ]


def test_charts_leave_out_what_is_unknown(store: Store) -> None:
    """A value that is unknown has no bar, and where nothing is known there is no chart."""
    report = cost_report(Dimension.USER)
    assert report.view is not None
    found = chart(report, store.ask(report.view))
    assert found is not None
    assert [(bar.label, bar.text) for bar in found.bars] == [
        ("bob", "$0.038000"),
        ("ann", "~$0.031000"),
        ("cat", "$0.002000"),
    ]
    nothing = Answer(report.view.columns, [(None,) * len(report.view.columns)], 1)
    assert chart(report, nothing) is None


def test_days_without_calls_are_drawn(tmp_path: Path) -> None:
    """Time is to scale: a day on which nothing was called has its place."""
    store = store_of(tmp_path, [call(1, 1, 0, 1, LARGE, cost=0.5), call(2, 2, 72, 1, LARGE, cost=0.25)])
    report = cost_report(Dimension.DAY)
    assert report.view is not None
    found = chart(report, store.ask(report.view))
    assert found is not None
    assert [(bar.label[-2:], bar.value) for bar in found.bars] == [("24", 0.5), ("25", 0), ("26", 0), ("27", 0.25)]


def test_png(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A chart is written as a PNG, of days and of names with signs that matplotlib would take for formulas."""
    for name, report in {"day.png": cost_report(Dimension.DAY), "users.png": REPORT["users"]}.items():
        file = tmp_path / name
        assert show_report(store, report, ReportForm(png=file)) == 0
        assert file.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        assert file.stat().st_size > 5_000
        assert capsys.readouterr().err == f"wrote {file}\n"
    other = store_of(tmp_path / "other", [call(1, 1, 0, 1, "a$b_{^$ \u4e2d", cost=0.5)])
    assert show_report(other, cost_report(Dimension.MODEL), ReportForm(png=tmp_path / "odd.png")) == 0


def test_png_without_matplotlib(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra the message says what to install, and which form needs nothing."""
    real = builtins.__import__

    def without(name: str, *more: object, **named: object) -> object:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    assert show_report(store, REPORT["users"], ReportForm(png=tmp_path / "x.png")) == 2
    said = "spanwise: --png needs matplotlib: pip install 'spanwise[plots]'; --html needs nothing\n"
    assert capsys.readouterr().err == said
    assert not (tmp_path / "x.png").exists()


def test_wrong_use(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two forms for one output, a folder that is not there, nothing to draw: one line, exit code 2."""
    users = REPORT["users"]
    missing = tmp_path / "no" / "x.html"
    cases: Mapping[str, tuple[Report, ReportForm]] = {
        "--json and --csv cannot both be printed": (users, ReportForm(json=True, csv=True)),
        f"{missing} cannot be written (No such file or directory)": (users, ReportForm(html=missing)),
    }
    for sentence, (report, form) in cases.items():
        assert show_report(store, report, form) == 2
        shown = capsys.readouterr()
        assert shown.err.startswith(f"spanwise: {sentence}")
        assert shown.err.count("\n") == 1
        assert shown.out == ""
    none = store_of(tmp_path, [call(1, 1, 0, 1, LARGE, given=1)])
    assert show_report(none, users, ReportForm(png=tmp_path / "x.png")) == 2
    assert "there is nothing to draw" in capsys.readouterr().err
    assert show_report(none, REPORT["errors"], ReportForm(html=tmp_path / "x.html")) == 2
    assert capsys.readouterr().err == "no model call failed; next: spanwise report latency\n"


def test_nothing_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without rows JSON is an empty list, CSV a line of names, and a person is told why and what is next."""
    empty = Store(tmp_path / "s.duckdb")
    for report in REPORTS:
        assert show_report(empty, report, ReportForm(json=True)) == 0
        assert capsys.readouterr() == ("[]\n", "")
        assert show_report(empty, report, ReportForm(csv=True)) == 0
        assert capsys.readouterr().out.count("\n") == 1
        assert show_report(empty, report, ReportForm()) == 0
        assert capsys.readouterr().err.endswith("yet; next: spanwise run python app.py\n")


def test_a_program_is_told_of_rows_that_are_missing(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON and CSV that are cut say so on standard error."""
    assert show_report(store, REPORT["users"], ReportForm(csv=True), top=1) == 0
    shown = capsys.readouterr()
    assert shown.out.count("\n") == 2
    assert shown.err == "only the first 1 of 4 rows; --top N gives up to 1,000\n"


def test_change_in_every_form(store: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What changed between the days: from 0.039 to 0.032, in parts that add up in every form."""
    page_, drawn = tmp_path / "change.html", tmp_path / "change.png"
    form = ReportForm(csv=True, html=page_, png=drawn)
    assert show_change(store, when(20), form, now=when(40)) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["model"] for row in rows] == ["large", "claude", "small"]
    parts = ("volume_usd", "mix_usd", "tokens_usd", "price_usd")
    for row in rows:
        assert sum(Decimal(row[part]) for part in parts) == Decimal(row["change_usd"])
    assert sum(Decimal(row["change_usd"]) for row in rows) == Decimal("-0.007")
    assert "$0.007000 less than before (-18 %)" in page_.read_text()
    assert 'class="bar less"' in page_.read_text()
    assert drawn.stat().st_size > 5_000
    assert show_change(store, when(20), ReportForm(), now=when(40)) == 0
    total = rows_of(capsys.readouterr().out)[-1].split()
    assert total[:4] == ["total", "$0.039000", "$0.032000", "-$0.007000"]
    dear = store_of(tmp_path, [call(1, 1, 0, 1, LARGE, cost=20), call(2, 2, 24, 1, LARGE, cost=20.5)])
    assert show_change(dear, when(20), ReportForm(), now=when(40)) == 0
    assert rows_of(capsys.readouterr().out)[0].split()[:4] == ["large", "$20.0000", "$20.5000", "+$0.5000"]


texts = st.sampled_from(["a", "b", None])
priced = st.one_of(
    st.none(),
    st.decimals(min_value=0, max_value=1000, places=9, allow_nan=False).map(float),
)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(texts, texts, texts, priced, st.sampled_from(["USD", "EUR"]), st.booleans(), st.integers(0, 60)),
        min_size=1,
        max_size=12,
    )
)
def test_every_dimension_adds_up_to_the_same(
    calls: list[tuple[str | None, str | None, str | None, float | None, str, bool, int]],
) -> None:
    """Whatever cost is split by, the rows sum to the exact cost of all calls, and have every call once."""
    import tempfile

    records = []
    for number, (user, feature, session, cost, currency, is_estimate, hour) in enumerate(calls, 1):
        named = {"user": user, "feature": feature, "session": session, "cost": cost}
        more: dict[str, str | float] = {key: value for key, value in named.items() if value is not None}
        if cost is not None:
            more |= {"gen_ai__usage__cost__currency": currency, "status": "estimated" if is_estimate else "exact"}
        records.append(call(number, number, hour, 1, LARGE, **more))
    dollars = [Decimal(repr(cost)) for *_, cost, currency, _, _ in calls if cost is not None and currency == "USD"]
    guesses = [
        Decimal(repr(cost))
        for *_, cost, currency, guess, _ in calls
        if cost is not None and currency == "USD" and guess
    ]
    with tempfile.TemporaryDirectory() as directory:
        store = store_of(Path(directory), records)
        views = [view for by in Dimension if (view := cost_report(by).view)]
        assert len(views) == len(Dimension)
        for answer in asked(store, views):
            amounts = [amount for amount in answer.cells("cost_usd") if isinstance(amount, Decimal)]
            assert sum(amounts, Decimal(0)) == sum(dollars)
            assert answer.totals["cost_usd"] == (sum(dollars) if dollars else None)
            assert answer.totals["estimated_usd"] == (sum(guesses) if guesses else None)
            assert answer.totals["calls"] == len(calls)
            assert answer.totals["unpriced_calls"] == sum(cost is None for *_, cost, _, _, _ in calls)
            assert answer.totals["foreign_calls"] == len(calls) - len(dollars) - answer.totals["unpriced_calls"]  # type: ignore[operator]


def test_page_of_no_rows_of_text() -> None:
    """A page with one row has no sums, and one without a chart none."""
    report = REPORT["errors"]
    assert report.view is not None
    found = Answer(report.view.columns, [("E", "m", "p", 1, 0.5, 0, START, "a" * 32)], 1, {"calls": 1})
    text = page("t", sheet(report, found), None, notes=(), made=START, period="all")
    assert "<tfoot>" not in text
    assert "<svg" not in text
