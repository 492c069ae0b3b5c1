"""Every documented export is read; what cannot be read is named, and loses nothing beside it."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.reconcile import Category, Invoice, InvoiceLine, Kind, invoice, read_invoice, reading
from spanwise.reconcile.value import BadValue, amount, count, moment
from tests.reconcile.ledger import EXPORTS, MONDAY, TUESDAY, WEDNESDAY, export


def by(found: Invoice, day: date, model: str | None) -> dict[Kind | None, Decimal | None]:
    """Amounts of one day and model by kind."""
    return {line.kind: line.amount for line in found.lines if (line.day, line.model) == (day, model)}


def test_openai_costs_from_the_dashboard_and_the_api_agree() -> None:
    """Both forms of one bill say the same; the dashboard's tells quantities too; empty days are covered."""
    table, api = export("openai_costs.csv"), export("openai_costs.json")
    for found in (table, api):
        assert found.problems == []
        assert found.formats == ["OpenAI costs"]
        assert found.providers == {"openai"}
        assert found.days == {MONDAY, TUESDAY, WEDNESDAY}
        assert by(found, MONDAY, "gpt-4o") == {
            Kind.INPUT: Decimal("0.25"),
            Kind.CACHE_READ: Decimal("0.125"),
            Kind.OUTPUT: Decimal("0.2"),
        }
        assert by(found, TUESDAY, None) == {Kind.OTHER: Decimal("0.0271")}
    assert {kind: count for line in table.lines[:3] for kind, count in line.tokens.items()} == {
        Kind.INPUT: 100_000,
        Kind.CACHE_READ: 100_000,
        Kind.OUTPUT: 20_000,
    }
    assert not any(line.tokens for line in api.lines)


def test_openai_costs_without_grouping() -> None:
    """A total of a day has neither model nor item; tabs separate as well as commas."""
    (line,) = export("openai_costs_ungrouped.csv").lines
    assert (line.day, line.model, line.item, line.amount) == (MONDAY, None, None, Decimal("0.575"))


@pytest.mark.parametrize("name", ["openai_usage.csv", "openai_usage.json"])
def test_openai_usage(name: str) -> None:
    """Cached input is taken out of the input; batches are marked; pages of one file belong together."""
    found = export(name)
    assert (found.problems, found.formats) == ([], ["OpenAI usage"])
    first, second = found.lines
    assert (first.model, first.requests, first.tier, first.amount) == ("gpt-4o", 10, None, None)
    assert first.tokens == {Kind.INPUT: 100_000, Kind.CACHE_READ: 100_000, Kind.CACHE_WRITE: 0, Kind.OUTPUT: 20_000}
    assert (second.model, second.requests, second.tier) == ("gpt-4o-mini", 2, "batch")
    assert found.days == {MONDAY, TUESDAY}


def test_anthropic_costs_are_cents_in_the_api_and_dollars_in_the_console() -> None:
    """`10.25` of the API is a tenth of a dollar; the Console writes dollars rounded to cents, with list prices."""
    api, table = export("anthropic_costs.json"), export("anthropic_costs.csv")
    assert by(api, MONDAY, "claude-haiku-4-5") == {Kind.INPUT: Decimal("0.1025"), Kind.OUTPUT: Decimal("0.255")}
    assert by(api, MONDAY, None) == {Kind.OTHER: Decimal("0.02")}
    assert [line.tier for line in api.lines] == [None, "batch", None]
    assert (api.rounded_to, table.rounded_to) == (None, Decimal("0.01"))
    assert by(table, TUESDAY, "claude-haiku-4-5") == {
        Kind.CACHE_READ: Decimal("0.09"),
        Kind.CACHE_WRITE: Decimal("0.05"),
    }
    assert sum((line.list_amount or 0 for line in table.lines), Decimal(0)) == Decimal("0.52")
    assert [line.item for line in table.lines if line.model is None] == ["web_search"]
    for found in (api, table):
        assert (found.problems, found.providers, found.days) == ([], {"anthropic"}, {MONDAY, TUESDAY})


@pytest.mark.parametrize("name", ["anthropic_usage.csv", "anthropic_usage.json"])
def test_anthropic_usage(name: str) -> None:
    """The counts stand beside each other, both cache lifetimes are writes, and batches are marked."""
    found = export(name)
    assert found.problems == []
    first, second = found.lines
    assert first.tokens == {Kind.INPUT: 100_000, Kind.CACHE_READ: 20_000, Kind.CACHE_WRITE: 5_000, Kind.OUTPUT: 50_000}
    assert (first.model, first.tier, second.tier) == ("claude-haiku-4-5", None, "batch")


def test_focus_1_0() -> None:
    """Models are found in the words of a meter, thousands of tokens counted; tax and credit stand apart."""
    found = export("focus_1_0.csv")
    assert (found.problems, found.providers) == ([], {"azure.ai.openai"})
    assert by(found, MONDAY, "gpt-4o") == {Kind.INPUT: Decimal("0.25"), Kind.OUTPUT: Decimal("0.20")}
    assert found.lines[0].tokens == {Kind.INPUT: 100_000}
    assert {line.category: line.amount for line in found.lines if line.category is not Category.USAGE} == {
        Category.TAX: Decimal("1.10"),
        Category.CREDIT: Decimal("-0.40"),
    }
    assert (found.left_out, found.left_out_amount) == (1, Decimal("12.50"))


def test_focus_1_2() -> None:
    """List prices, corrections, purchases and other currencies are told; hours belong to their day."""
    found = export("focus_1_2.csv")
    assert (found.problems, found.providers, found.whole_days) == ([], {"aws.bedrock"}, True)
    usage = [line for line in found.lines if line.model == "claude-sonnet-4" and line.currency == "USD"]
    assert [(line.kind, line.amount, line.list_amount) for line in usage] == [
        (Kind.INPUT, Decimal("0.80"), Decimal("1.00")),
        (Kind.OUTPUT, Decimal("0.20"), Decimal("0.25")),
    ]
    assert {line.category for line in found.lines} == {Category.USAGE, Category.REFUND, Category.PURCHASE}
    assert [line.currency for line in found.lines].count("EUR") == 1


def test_focus_without_known_models() -> None:
    """A name that looks like a model is one, though no call of ours has it."""
    found = export("focus_1_2.csv", models=frozenset())
    assert {line.model for line in found.lines if line.model} == {"claude-sonnet-4"}


def written(tmp_path: Path, text: str | bytes, name: str = "export.csv") -> Invoice:
    """What a file with `text` says."""
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_invoice([file])


COSTS = "start_time,end_time,amount_value,amount_currency,line_item\n"


def test_bad_rows_are_named_and_the_others_are_kept(tmp_path: Path) -> None:
    """Each bad row is one problem with file, line, column, what was found and what is accepted."""
    found = written(
        tmp_path,
        COSTS
        + '1795392000,1795478400,0.25,usd,"gpt-4o, input"\n'
        + 'yesterday,1795478400,0.25,usd,"gpt-4o, input"\n'
        + '1795392000,1795478400,free,usd,"gpt-4o,\n input"\n'
        + "1795392000,1795478400\n"
        + '1795392000,1795478400,0.5,usd,"gpt-4o, input"\n'
        + '1795392000,1795478400,NaN,usd,"gpt-4o, input"\n',
    )
    assert [str(problem) for problem in found.problems] == [
        f"{tmp_path}/export.csv:3: start_time: found 'yesterday'; accepted is a time like 2026-11-24T00:00:00Z",
        f"{tmp_path}/export.csv:4: amount: found 'free'; accepted is a number",
        f"{tmp_path}/export.csv:6: found 2 cells; the header has 5",
        f"{tmp_path}/export.csv:8: amount: found 'NaN'; accepted is a number",
    ]
    (line,) = found.lines
    assert (line.amount, line.rows) == (Decimal("0.75"), 2)


def test_bad_results_of_an_api_are_named_by_their_place(tmp_path: Path) -> None:
    """JSON has no lines worth naming: the place inside the document says where to look."""
    good = {
        "object": "organization.costs.result",
        "amount": {"value": 1, "currency": "usd"},
        "line_item": "gpt-4o, input",
    }
    bucket = {"start_time": 1795392000, "end_time": 1795478400}
    page = {"data": [{**bucket, "results": [good, {**good, "amount": 3}, 7]}, {"start_time": True, "results": [good]}]}
    found, place = written(tmp_path, orjson.dumps(page), "page.json"), tmp_path / "page"
    assert [str(problem) for problem in found.problems] == [
        f"{tmp_path}/page.json: data[0].results[1]: amount: found no object; accepted is one with value and currency",
        f"{tmp_path}/page.json: data[0].results[2]: found no object",
        f"{place}.json: data[1].results[0]: start_time: found True; accepted is a time like 2026-11-24T00:00:00Z",
    ]
    assert [line.amount for line in found.lines] == [Decimal(1)]


def test_pages_one_per_line(tmp_path: Path) -> None:
    """Responses appended to a file are read together; a missing last page is said."""
    page = orjson.loads((EXPORTS / "openai_usage.json").read_bytes())
    found = written(tmp_path, b"\n".join(orjson.dumps(one) for one in page), "pages.jsonl")
    assert (len(found.lines), found.problems) == (2, [])
    found = written(tmp_path, orjson.dumps(page[0]), "first.json")
    assert len(found.lines) == 1
    assert "has_more is true" in found.problems[0].message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("day,usd\n1,2\n", "those of no known export (found: day, usd)"),
        ('{"data": [', "is not JSON"),
        ('{"object": "list", "data": [{"id": 1}]}', "the JSON is that of no known export"),
        ("[1, 2]", "the JSON is that of no known export"),
        (gzip.compress(b"x"), "unpack it with gunzip first"),
    ],
)
def test_files_that_are_no_export(tmp_path: Path, text: str | bytes, message: str) -> None:
    """A file that says nothing is one problem, which says what is accepted or what to do."""
    found = written(tmp_path, text)
    assert (found.unreadable, found.lines) == (1, [])
    assert message in str(found.problems[0])


def test_a_missing_file_does_not_hide_the_others(tmp_path: Path) -> None:
    """The files that can be read are read."""
    found = read_invoice([tmp_path / "none.csv", EXPORTS / "openai_costs.csv"])
    assert found.unreadable == 1
    assert "No such file" in str(found.problems[0])
    assert len(found.lines) == 5


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Size of a file, number and length of rows, length of a cell and number of different lines have limits."""
    monkeypatch.setattr(reading, "MAX_JSON_BYTES", 100)
    found = written(tmp_path, b"{" + b" " * 200 + b"}", "big.json")
    assert "at most 0 MB are read" in str(found.problems[0])
    monkeypatch.setattr(reading, "MAX_TABLE_BYTES", 2_000_000)
    assert "at most 2 MB" in str(written(tmp_path, b"a" * 3_000_000).problems[0])
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    rows = [f'1795392000,1795478400,0.25,usd,"gpt-{number}, input"\n' for number in range(10)]
    found = written(tmp_path, COSTS + "".join(rows))
    assert (len(found.lines), str(found.problems[0]).partition(": ")[2]) == (
        3,
        "only the first 3 rows are read; cut the file",
    )
    long = f'1795392000,1795478400,0.25,usd,"{"x" * 5000}"\n'
    huge = f'1795392000,1795478400,0.25,usd,"{"x" * 200_000}"\n'
    found = written(tmp_path, COSTS + long + huge + rows[0])
    assert [problem.where.rpartition(":")[2] for problem in found.problems] == ["2", "3"]
    assert len(found.lines) == 1
    monkeypatch.setattr(invoice, "MAX_LINES", 2)
    found = written(tmp_path, COSTS + "".join(rows[:3]))
    assert len(found.lines) == 2
    assert "more than 2 different" in str(found.problems[0])


def test_a_line_without_an_end_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of one endless line costs no more memory than a piece of it, and its rows keep their numbers."""
    monkeypatch.setattr(reading, "_MAX_LINE", 200)
    found = written(tmp_path, COSTS + "x" * 1000 + '\n1795392000,1795478400,bad,usd,"gpt-4o, input"\n')
    assert {problem.where.rpartition(":")[2] for problem in found.problems} == {"2", "3"}


def test_only_the_first_problems_are_kept(tmp_path: Path) -> None:
    """A file of nothing but bad rows costs memory for a hundred of them; all are counted."""
    found = written(tmp_path, COSTS + "a,b,c,d,e\n" * 500)
    assert (len(found.problems), found.unread) == (100, 500)


def test_byte_order_mark_and_broken_letters(tmp_path: Path) -> None:
    """A mark that spreadsheets write is no part of a column, and a letter that is none stays readable."""
    found = written(
        tmp_path, b"\xef\xbb\xbf" + COSTS.encode() + b'1795392000,1795478400,0.25,usd,"caf\xe9, sessions"\n'
    )
    assert [line.item for line in found.lines] == ["caf�, sessions"]


def test_periods_longer_than_a_day(tmp_path: Path) -> None:
    """A charge for a month says that days cannot be told apart."""
    found = written(tmp_path, COSTS + '1795392000,1797984000,0.25,usd,"gpt-4o, input"\n')
    assert not found.whole_days


@pytest.mark.parametrize("value", ["1e400", "1e10", "--1", "0x10", "1_000", "Infinity", True, [], {}, "9" * 5000])
def test_what_is_no_amount(value: object) -> None:
    """Only decimal numbers of reasonable size are money."""
    with pytest.raises(BadValue):
        amount(value, "amount")


@given(st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=15))
def test_amounts_are_exact(value: Decimal) -> None:
    """An amount is what is written, to the last digit, with or without separators."""
    assert amount(f"{value:f}", "amount") == value
    assert amount(f"{value:,f}", "amount") == value
    assert amount(f"{value:f}" + "0" * 20, "amount") == value


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans(), st.lists(st.integers())))
def test_values_are_read_or_refused(value: object) -> None:
    """Whatever stands in a cell: it is read, or refused with a sentence; nothing else is raised."""
    for read in (amount, count, moment):
        try:
            read(value, "x")
        except BadValue as error:
            assert str(error).startswith("x: found ")


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    """No file raises: it has lines, problems, or nothing to say."""
    file = tmp_path_factory.mktemp("any") / "x"
    for text in (body, COSTS.encode() + body, b'{"data":[' + body + b"]}"):
        file.write_bytes(text)
        read_invoice([file])


def test_equal_lines_are_added_up() -> None:
    """A bill of a million keys takes the memory of its days and models."""
    found = Invoice()
    for _ in range(3):
        found.add(InvoiceLine(MONDAY, "gpt-4o", amount=Decimal("0.1"), tokens={Kind.INPUT: 5}, requests=1))
    (line,) = found.lines
    assert (line.amount, line.tokens, line.requests, line.rows) == (Decimal("0.3"), {Kind.INPUT: 15}, 3, 3)
