"""The price tables: what is in them leads to the book's prices, and the Collector can take them in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from spanwise.cost import OwnPrices, PriceBook
from spanwise.deploy.collector.ottl import generated, price_row
from spanwise.deploy.collector.ottl.name_table import NameTable
from spanwise.deploy.collector.ottl.price import PRICE, compiled
from spanwise.deploy.collector.ottl.string_table import SHEET, Lines, Lookup, Rows, sheet_of
from spanwise.deploy.collector.ottl.tariff_table import HEAD, ROW_AT, TariffTable
from spanwise.plan import Plan
from spanwise.policy import Reader


LITERAL = re.compile(r'"(?:\\.|[^"\\])*"')
NAMES = st.dictionaries(
    st.text("abc-0", min_size=1, max_size=12), st.from_regex(r"\A[0-9]{6}\Z"), min_size=1, max_size=60
)


@pytest.fixture(scope="module")
def book() -> PriceBook:
    """The bundled book."""
    return PriceBook.bundled()


@pytest.fixture(scope="module")
def tables(book: PriceBook) -> tuple[TariffTable, NameTable]:
    """The book's tariffs and names."""
    tariffs = TariffTable(book)
    return tariffs, NameTable(book, book.raw, tariffs)


def statements(book: PriceBook, own: OwnPrices | None = None) -> Iterator[str]:
    """All statements of the processor."""
    for group in compiled(book, own or OwnPrices()).processors[PRICE]["trace_statements"]:
        yield from group["conditions"]
        yield from group["statements"]


def test_the_hash_is_the_one_that_the_collector_computes() -> None:
    """FNV-1a of 64 bits, as the published vectors have it; the remainder is never below 0."""
    assert sheet_of("", 1 << 64) == 0xCBF29CE484222325
    assert sheet_of("a", 1 << 64) == 0xAF63DC4C8601EC8C
    assert sheet_of("foobar", 1 << 64) == 0x85944171F73967E8


@given(NAMES, st.text("abc-0|", max_size=12))
def test_a_lookup_finds_its_keys_and_no_others(entries: dict[str, str], other: str) -> None:
    """Whatever keys have in common, each has its own value, and a key that is not there has none."""
    table = Lookup(entries)
    assert {key: table.find(key) for key in entries} == entries
    assert table.find(other) == entries.get(other)


@given(st.lists(st.integers(1, 5), max_size=200))
def test_rows_that_belong_together_stand_on_one_sheet(groups: list[int]) -> None:
    """The next row of a model is read from the sheet that its first one was read from."""
    rows = Rows(600)
    for count in groups:
        first = rows.add(*(f"{index:0600d}" for index in range(count)))
        assert first // rows.per_sheet == (first + count - 1) // rows.per_sheet
        assert [int(row) for row in rows.rows[first : first + count]] == list(range(count))


def test_a_row_of_another_width_is_refused() -> None:
    """A table whose rows are not as wide as it says would be read askew."""
    with pytest.raises(ValueError, match="3 characters"):
        Rows(3).add("1234")
    with pytest.raises(ValueError, match="a head of 5"):
        Lines(4).add("12", "")


def test_every_name_of_the_table_leads_to_the_book_s_price(
    book: PriceBook, tables: tuple[TariffTable, NameTable]
) -> None:
    """Provider, name and day give the same prices here as in a process, for every name that a clause is equal to."""
    tariffs, names = tables
    providers = {number: name for name, number in names.numbers.items()}
    for key, address in names.models.items():
        number, _, model = key.partition("|")
        entry = book.entry(providers[number], model)
        assert not isinstance(entry, str), key
        sheet, at = tariffs.lines.sheets[int(address[:2])], int(address[2:])
        head = sheet[at : at + HEAD]
        prices = entry.tariff.at(tariffs.at_s, None)
        name = sheet[at + HEAD :][: int(head[-3:])] or f"{providers[number]}/{model}"
        assert name == prices.name
        first = int(head[ROW_AT[0] : sum(ROW_AT)])
        for band, row in enumerate(price_row.rows(prices.table)):
            found = tariffs.rows.rows[first + band]
            assert found.startswith(row.own), key
            assert tariffs.shared.rows[int(found[price_row.SHARED_AT :])] == row.shared, key


def test_no_literal_holds_the_parser_up(book: PriceBook) -> None:
    """The Collector's parser takes time that grows with the square of a literal: none is much longer than a sheet."""
    longest = max((len(found) for text in statements(book) for found in LITERAL.findall(text)), default=0)
    assert SHEET < longest < 2 * SHEET


def test_statements_are_whole_and_every_dollar_is_doubled(book: PriceBook) -> None:
    """Quotes and brackets are closed, and nothing is taken for a variable of the environment."""
    for statement in statements(book, _own()):
        bare = LITERAL.sub('""', statement)
        assert bare.count('"') % 2 == 0, statement[:200]
        assert bare.count("(") == bare.count(")"), statement[:200]
        assert "$" not in statement.replace("$$", ""), statement[:200]
        assert "\n" not in statement, statement[:200]


def test_prices_that_no_row_holds_are_refused_by_name() -> None:
    """An entry with a price per second or image is named with what is missing, and concerns calls all the same."""
    own = _own()
    refused = {refusal.what: refusal.why for refusal in compiled(PriceBook.bundled(), own).refused}
    assert "second" in refused["machines"]
    assert any('"o0"' in text and "slow" in text for text in statements(PriceBook.bundled(), own))


def test_rendering_is_the_same_every_time_and_is_yaml() -> None:
    """Same plan, same bytes; the processors come back as they were compiled; the list names what is missing."""
    first, again = generated(Plan()), generated(Plan())
    assert first == again
    texts = {str(artefact.path): artefact.text for artefact in first}
    loaded = yaml.load(texts["generated/price.yaml"], yaml.CSafeLoader)
    assert loaded["processors"] == compiled(PriceBook.bundled(), OwnPrices()).processors
    notes = texts["generated/NOT_CARRIED.md"]
    assert "audio_hours" in notes
    assert "price by the time of day" in notes
    assert "`anthropic_api_key`" in notes


def _own() -> OwnPrices:
    reader = Reader(
        {
            "overrides": [{"model": "slow*", "provider": 'a"$b', "second": 0.1, "name": "machines"}],
            "models": [{"model": "m", "tenant": ["x*", "*"], "request": 1}],
            "discounts": [{"name": "$1", "rate": 0.5}],
        }
    )
    own = OwnPrices.read(reader)
    assert reader.problems == []
    return own
