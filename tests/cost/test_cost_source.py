"""Reading a release: the developer's way and the user's are one, nothing runs, and hostile data is refused."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.cost import PriceBook
from spanwise.cost.compile import compiled, render
from spanwise.cost.release import Release, of_wheel
from spanwise.cost.source import SourceError, assigned
from spanwise.cost.validation import flaw
from tests.cost.wheels import INSTALLED, SMALL, wheel


TODAY = date(2026, 11, 25)
AT_S = 1_793_491_200 + 3600


def release(data: bytes, units: bytes = INSTALLED.units) -> Release:
    """A release with this data."""
    return Release("0.2.4", TODAY, data, units, is_fetched=True)


def test_a_small_release() -> None:
    """Clauses, tiers, dates, times of day and contexts are all read; the book says it was fetched."""
    book = PriceBook(compiled(release(SMALL)))
    assert (book.version, book.date, book.is_fetched) == ("0.2.4", TODAY, True)
    one = {"input_tokens": 1_000_000}
    assert book.quote_at("openai", "gpt-4o-mini", {**one, "output_tokens": 1_000_000}, AT_S).usd == 29
    assert book.quote_at("openai", "new", one, AT_S).usd == 3
    assert book.quote_at("openai", "new", one, AT_S + 15 * 3600).usd == 3
    assert book.quote_at("openai", "new", one, AT_S + 16 * 3600).usd == 2
    assert book.quote_at("openai", "new", one, 0).usd == 1
    assert book.quote_at("openai", "new", one, 0, {"service_tier": "flex"}).usd == 0.5


def test_a_wheel_and_an_installed_release_are_read_alike(tmp_path: Path) -> None:
    """The bundled book and one made of a wheel of the same release differ in their day only."""
    path = wheel(tmp_path, "0.2.3", INSTALLED.data)
    made = orjson.loads(compiled(of_wheel(path, INSTALLED.day)))
    bundled = orjson.loads(render())
    assert {**made, "dated": "released"} == bundled


HOSTILE = [
    b"__import__('os').system('touch pwned')\nproviders = []",
    b"providers = [__import__('os').system('touch pwned')]",
    b"providers = [eval('1')]",
    b"providers = [Provider(**{'id': 'x'})]",
    b"providers = [Provider(id='x', evil=1)]",
    b"providers = [Provider('x')]",
    b"providers = [ModelPrice(__class__=Decimal('1'))]",
    b"providers = [x for x in ()]",
    b"providers = [lambda: 0]",
    b"providers = [Provider.__init__()]",
    b"providers = open('/etc/passwd').read()",
    b"providers = [f'{1}']",
    b"providers = ['a' * 10**10]",
    b"def providers(): pass",
    b"if True:\n  providers = []",
    b"class providers: pass",
    b"providers = [Decimal('NaN')]",
    b"providers = [Decimal('-1')]",
    b"providers = [Decimal('1e999999')]",
    b"providers = [Decimal(1)]",
    b"providers = [Decimal('1', context=x)]",
    b"providers = [datetime.date(2026, 13, 1)]",
    b"providers = [datetime.date(10**9, 1, 1)]",
    b"providers = [datetime.time(25, 0)]",
    b"providers = [datetime.time(1, 0, tzinfo=evil)]",
    b"providers = [datetime.time(1, 0, 0, 5)]",
    b"providers = [{1: 2}]",
    b"providers = [1.5]",
    b"providers = [b'x']",
    b"providers = [",
    b"\x00",
    b"\xff\xfe",
    b"(" * 5000,
    b"providers = " + b"-" * 100_000 + b"1",
    b"providers = " + b"[" * 150 + b"]" * 150,
    b"other = 1",
    b"",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40].decode(errors="replace"))
def test_hostile_data_is_refused(text: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is no data of the known kinds is refused in one line, and none of it runs."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError) as caught:
        compiled(release(text))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
    assert list(tmp_path.iterdir()) == []


def test_a_line_is_named() -> None:
    """A refusal says where."""
    with pytest.raises(SourceError, match=r"data\.py:3 holds evil\(\.\.\.\), which is not known"):
        assigned(b"providers = [\n 1,\n evil(),\n]", "providers", "data.py")


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the bound is not parsed."""
    monkeypatch.setattr("spanwise.cost.source.MAX_SOURCE_BYTES", 10)
    with pytest.raises(SourceError, match="larger than 10 bytes"):
        assigned(b"providers = [          ]", "providers", "data.py")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("genai_prices-0.2.4-py3-none-any.whl", b"no zip"),
        ("other-0.2.4-py3-none-any.whl", None),
        ("genai_prices-0.2.4-cp311-cp311-linux_x86_64.whl", None),
    ],
)
def test_files_that_are_no_wheel(name: str, content: bytes | None, tmp_path: Path) -> None:
    """Another package, another platform or no archive at all: one line."""
    path = tmp_path / name
    path.write_bytes(content if content is not None else wheel(tmp_path).read_bytes())
    with pytest.raises(SourceError, match=r"no wheel of genai-prices|no zip archive"):
        of_wheel(path, TODAY)


def test_a_wheel_without_its_data(tmp_path: Path) -> None:
    """A missing member is named."""
    path = tmp_path / "genai_prices-0.2.4-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("genai_prices/__init__.py", b"")
    with pytest.raises(SourceError, match=r"holds no genai_prices/data\.py"):
        of_wheel(path, TODAY)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member that unpacks to more than is parsed is refused after that much."""
    monkeypatch.setattr("spanwise.cost.release.MAX_SOURCE_BYTES", 1_000_000)
    path = wheel(tmp_path, data=b"#" * 50_000_000)
    assert path.stat().st_size < 200_000
    with pytest.raises(SourceError, match="larger than 1000000 bytes"):
        of_wheel(path, TODAY)


def test_a_damaged_member(tmp_path: Path) -> None:
    """A wheel whose bytes were changed is refused."""
    path = wheel(tmp_path)
    text = bytearray(path.read_bytes())
    text[200:260] = bytes(60)
    path.write_bytes(text)
    with pytest.raises(SourceError):
        of_wheel(path, TODAY)


BOOK = orjson.loads(compiled(release(SMALL)))


def test_the_books_are_flawless() -> None:
    """What the compiler writes passes the check."""
    assert flaw(BOOK) == flaw(orjson.loads(render())) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _places(value: object, path: tuple[int | str, ...] = ()) -> list[tuple[int | str, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, item in value.items():
            found += _places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value[:6]):
            found += _places(item, (*path, index))
    return found


PLACES = [path for path in _places(BOOK) if path]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(PLACES), JSON)
def test_a_damaged_book_is_refused_or_works(path: tuple[int | str, ...], value: object) -> None:
    """Anything in the place of anything: either a flaw is named, or the book prices and nothing is raised."""
    book = orjson.loads(orjson.dumps(BOOK))
    inner = book
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    if flaw(book) == "":
        damaged = PriceBook(book)
        for tariff in damaged.tariffs():
            usage = {"input_tokens": 2000, "output_tokens": 2000, "cache_read_tokens": 10}
            for context in (None, {"service_tier": "flex"}):
                damaged.quote_at(tariff.name.partition("/")[0], tariff.name.partition("/")[2], usage, AT_S, context)
        damaged.provider_at("https://api.openai.com")


@pytest.mark.parametrize("value", [None, [], "x", 1, {}, {"name": "x"}])
def test_what_is_no_book(value: object) -> None:
    """Other JSON is told apart."""
    assert flaw(value) != ""
