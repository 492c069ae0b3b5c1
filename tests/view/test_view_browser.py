"""The page in a real browser: live, by keyboard, with deep links, in the dark, and over hostile telemetry."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from demo.browser import browser
from spanwise.record import SpanRecord
from spanwise.store import Store
from tests.store.calls import call, failed
from tests.view.reader import ENTER, ESCAPE, Reader
from tests.view.served import Served, served


MARKUP = "<img src=x onerror=document.title=1><script>document.title=2</script><a href=javascript:alert(1)>x</a>"
UNSEEN = "a\x00b\x1b[31mc\u202ed\u200be"
SEEN = "a<0000>b<001B>[31mc<202E>d<200B>e".replace("<", "\u2039").replace(">", "\u203a")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chrome]:
    """One browser for all tests; that there is none is a failure that says what to install."""
    with browser(1400, 900) as driver:
        yield driver


def opened(driver: Chrome, page: Served) -> Reader:
    """Somebody who opened the address that the command prints, with clean logs."""
    driver.get(page.server.gate.url)
    reader = Reader(driver, page)
    reader.until(lambda: reader.all("main > *"))
    reader.complaints()
    reader.hosts()
    return reader


@pytest.fixture
def reader(chromium: Chrome, shop: Served) -> Iterator[Reader]:
    """A reader of the shop's week; afterwards nothing may be on the console and nobody else was asked anything."""
    found = opened(chromium, shop)
    yield found
    chromium.execute_script("localStorage.clear()")
    assert found.complaints() == []
    assert found.hosts() <= {shop.address}


@pytest.fixture
def own(chromium: Chrome, tmp_path: Path) -> Iterator[tuple[Reader, Store]]:
    """A reader of a store that the test fills, and the same afterwards."""
    store = Store(tmp_path / "spanwise.duckdb")
    with served(store) as page:
        found = opened(chromium, page)
        yield found, store
        assert found.complaints() == []
        assert found.hosts() <= {page.address}
        chromium.get("about:blank")


def test_the_token_leaves_the_address(reader: Reader) -> None:
    """What a person copies from the address bar, or a screenshot shows, opens nothing for others."""
    assert reader.address == "/"
    assert "token" not in reader.driver.execute_script("return location.href + document.cookie")


def test_a_call_appears_by_itself(own: tuple[Reader, Store]) -> None:
    """An empty page says what to do, and shows calls within seconds of their being stored."""
    reader, store = own
    assert "spanwise run" in reader.text(".empty")
    store.write([call(1)])
    (row,) = reader.rows(1)
    assert "gpt-4.1" in row.text
    assert "$0.1000" in row.text
    store.write([call(2, 2), failed(3, 3)])
    assert any("✕ RateLimitError" in row.text for row in reader.rows(3))


def test_a_trace_is_opened_and_left_by_keyboard(reader: Reader) -> None:
    """j, Enter, j, 2 and Esc go where a list's reader expects, without the pointer."""
    reader.rows(100)
    reader.press("j", "j", "k")
    assert reader.driver.switch_to.active_element == reader.all(".list tbody tr")[0]
    reader.press(ENTER)
    reader.until(lambda: reader.all(".waterfall .row[aria-selected=true]"))
    assert reader.address.startswith("/trace/")
    first = reader.address
    reader.press("k")
    reader.until(lambda: reader.address != first)
    reader.press("2")
    reader.until(lambda: "tab=attributes" in reader.address)
    assert "gen_ai.operation.name" in reader.text(".attributes")
    reader.press(ESCAPE)
    reader.rows(100)
    assert reader.address == "/"


def test_a_deep_link_shows_the_same_after_a_reload(reader: Reader, showcase: list[SpanRecord]) -> None:
    """Span and tab are in the address; a reload and a copy of it show them again."""
    answered = next(span for span in showcase if span.events)
    path = f"/trace/{answered.trace_id:032x}?span={answered.span_id:016x}"
    for _ in range(2):
        reader.open(path)
        assert reader.text(".panel h2") == "chat claude-sonnet-4-5"
        assert "on its way with ParcelJet" in reader.text(".answer")
        assert "0.94 (good)" in reader.text(".scores")
        assert reader.text(".panel .signs") == "▮ 1 redacted"
        assert reader.address == path
    reader.open(path + "&tab=json")
    assert json.loads(reader.text(".json"))["span_id"] == f"{answered.span_id:016x}"


def test_search_is_in_the_address_and_the_back_button_works(reader: Reader) -> None:
    """/ goes to the field; what is typed filters at once, is kept by a reload, and Back returns to it from a trace."""
    reader.rows(100)
    reader.press("/")
    reader.press("RateLimit")
    reader.until(lambda: "q=RateLimit" in reader.address)
    found = reader.until(lambda: rows if 0 < len(rows := reader.all(".list tbody tr")) < 100 else [])
    assert all("RateLimitError" in row.text for row in found)
    number = len(found)
    reader.driver.refresh()
    reader.rows(number)
    assert reader.all("input[type=search]")[0].get_attribute("value") == "RateLimit"
    reader.press("j", ENTER)
    reader.until(lambda: reader.all(".waterfall"))
    reader.driver.back()
    reader.rows(number)
    assert "q=RateLimit" in reader.address


def test_older_calls_come_when_asked_for(reader: Reader) -> None:
    """A page has a hundred calls; the button brings the next hundred below them."""
    reader.rows(100)
    reader.all(".foot button")[0].click()
    reader.rows(200)


@pytest.mark.parametrize(
    ("keys", "path", "sign"),
    [
        ("gc", "/calls", ".list tbody tr"),
        ("gt", "/traces", ".list tbody tr"),
        ("gs", "/sessions", ".list tbody tr"),
        ("gp", "/prompts", ".plain tbody tr"),
        ("gr", "/reports", "svg.chart .area"),
        ("ga", "/alerts", ".card h2"),
    ],
)
def test_every_page_is_two_keys_away(reader: Reader, keys: str, path: str, sign: str) -> None:
    """g and a letter; the page says its name in the title and in the navigation, and its content comes."""
    reader.press(*keys)
    reader.until(lambda: reader.all(sign))
    assert reader.address == path
    assert reader.driver.title.endswith("· Spanwise")
    (current,) = reader.all("nav a[aria-current=page]")
    assert current.get_attribute("href") == reader.page.address + path


def test_a_session_shows_its_turns(reader: Reader) -> None:
    """From the list of sessions to what was said, by keyboard."""
    reader.open("/sessions")
    reader.until(lambda: reader.all(".list tbody tr"))
    reader.press("j", ENTER)
    assert "Where is my order 10042?" in reader.text(".asked")
    assert "assistant" in reader.text(".answered")


def test_a_chart_says_what_is_under_the_pointer(reader: Reader) -> None:
    """Figures of a step in words, and a table beside each chart for those who see none."""
    reader.open("/reports?range=7d")
    reader.until(lambda: reader.all("svg.chart .area"))
    reader.driver.execute_script("document.querySelectorAll('.mark')[1].dispatchEvent(new MouseEvent('mouseenter'))")
    assert "$" in reader.text(".reading")
    assert len(reader.all(".pair table")) >= 3
    assert all(it.get_attribute("aria-label") for it in reader.all("svg.chart"))


def test_dark_and_light_follow_the_choice(reader: Reader) -> None:
    """T goes from the system's theme to light and to dark, and the choice is kept."""
    reader.rows(100)

    def ground() -> str:
        return str(reader.driver.execute_script("return getComputedStyle(document.body).backgroundColor"))

    reader.press("T")
    light = ground()
    reader.press("T")
    dark = ground()
    assert brightness(light) > 200
    assert brightness(dark) < 60
    reader.driver.refresh()
    reader.rows(100)
    assert ground() == dark


def brightness(colour: str) -> float:
    """The mean of red, green and blue in `rgb(r, g, b)`."""
    parts = [float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    return sum(parts[:3]) / 3


def test_keys_are_listed_and_the_list_closes(reader: Reader) -> None:
    """? shows them, Esc closes, and the page behind keeps its place."""
    reader.rows(100)
    reader.press("?")
    assert "search" in reader.text("dialog")
    reader.press(ESCAPE)
    reader.until(lambda: not reader.all("dialog"))
    assert reader.address == "/"


@pytest.mark.parametrize("path", ["/calls", "/trace/last", "/sessions", "/prompts", "/reports", "/alerts"])
def test_everything_that_acts_has_a_name(reader: Reader, path: str) -> None:
    """Buttons, fields and links are named for those who hear the page, and the page has one first heading."""
    reader.open(path)
    reader.until(lambda: reader.all("h1"))
    assert len(reader.all("h1")) == 1

    def unnamed() -> list[str | None]:
        acting = [it for it in reader.all("a[href], button, input, select") if it.is_displayed()][:30]
        return [it.get_attribute("outerHTML") for it in acting if not it.accessible_name.strip()]

    assert reader.until(lambda: (unnamed(),)) == ([],)


def test_hostile_telemetry_is_only_text(own: tuple[Reader, Store]) -> None:
    """Markup, script links, control characters and orders of letters stay visible text on every page and tab."""
    reader, store = own
    said = json.dumps([{"role": MARKUP, "parts": [{"type": "text", "content": MARKUP + UNSEEN},
                       {"type": "uri", "modality": "image", "uri": "http://203.0.113.9/x.png"}]}])  # fmt: skip
    span = call(
        1,
        gen_ai__request__model=MARKUP,
        gen_ai__response__model=UNSEEN,
        user__id=MARKUP,
        session__id="/../" + MARKUP,
        gen_ai__prompt__name=MARKUP,
        error__type=MARKUP,
        gen_ai__input__messages=said,
    )
    span.attributes[MARKUP] = MARKUP
    span.name = MARKUP
    span.status_description = MARKUP
    store.write([span])
    pages = ["/calls", "/traces", "/trace/last", "/sessions", "/prompts", "/reports"]
    tabs = [f"/trace/last?tab={tab}" for tab in ("attributes", "events", "json")]
    for path in (*pages, *tabs, "/session?id=%2F..%2F" + MARKUP.replace("<", "%3C").replace(" ", "%20")):
        reader.open(path)
        reader.until(lambda: reader.all("main td, main .panel-body > *"))
        time.sleep(0.05)  # for what an image or a script would begin
        assert not reader.all("main img, main script, main a[href^=javascript]"), path
        assert reader.driver.title.endswith("Spanwise")
    reader.open("/trace/last")
    assert MARKUP in reader.text(".message .text")
    assert SEEN in reader.text(".message .text")


def test_ten_megabytes_do_not_stop_the_page(own: tuple[Reader, Store]) -> None:
    """A span with an enormous message and a trace with thousands of spans open, and say what they leave out."""
    reader, store = own
    large = json.dumps([{"role": "user", "parts": [{"type": "text", "content": "word " * 2_000_000}]}])
    store.write([call(1, gen_ai__input__messages=large), *(call(number) for number in range(2, 3_000))])
    reader.open("/trace/last")
    assert "more characters" in reader.text(".panel .text button")
    assert "more spans" in reader.text(".waterfall .foot button")


def test_without_the_cookie_a_sentence_stands_in(chromium: Chrome, shop: Served) -> None:
    """An address without the token tells a person what is missing."""
    chromium.get(shop.address)
    chromium.delete_all_cookies()
    chromium.get(shop.address + "/calls")
    assert "needs the address that spanwise view printed" in chromium.page_source
    Reader(chromium, shop).complaints()


def test_the_end_of_the_server_is_told(chromium: Chrome, tmp_path: Path) -> None:
    """A page that stays open says that it is not live any more, and why."""
    store = Store(tmp_path / "spanwise.duckdb")
    store.write([call(1)])
    with served(store) as page:
        reader = opened(chromium, page)
        reader.rows(1)
    reader.until(lambda: reader.all("#live[data-alive=false]"))
    assert reader.text("#live") == "not live"
    assert "spanwise view has ended" in str(reader.all("#live")[0].get_attribute("title"))
    chromium.get("about:blank")
    reader.complaints()
