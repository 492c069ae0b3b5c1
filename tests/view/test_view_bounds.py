"""What is too much, too long or hostile does no harm."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from urllib.parse import quote

import pytest

from spanwise.record import AttributeValue
from spanwise.store import Store
from spanwise.view.source import MAX_ROWS, Question, Source
from spanwise.view.trace import MAX_SPANS, MAX_VALUE
from spanwise.view.transcript import MAX_TEXT
from tests.store.calls import call
from tests.store.timers import noted_timers
from tests.view.served import Served, served


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 400),
        ("limit=501", 400),
        ("limit=-1", 400),
        ("limit=1e3", 400),
        ("limit=%D9%A3", 400),
        ("before=99999999999999999999", 400),
        ("range=8d", 400),
        ("status=great", 400),
        ("q=" + "x" * 1025, 400),
        ("q=" + "x" * 4100, 414),
        ("model=a&model=b", 400),
        ("&".join(f"p{n}=1" for n in range(50)), 400),
    ],
)
def test_a_parameter_out_of_bounds_is_one_sentence(page: Served, query: str, status: int) -> None:
    """The status and a sentence that says what is accepted, and not what was sent."""
    found = page.get(f"/api/calls?{query}")
    assert found.status == status
    assert set(found.json) == {"error"}
    assert "xxxx" not in found.json["error"]


@pytest.mark.parametrize("value", ["' OR 1=1 --", "%", "_", "\\", '"', "\x00", "\ud800", "💥", "a;DROP TABLE spans"])
def test_values_are_never_sql(store: Store, page: Served, value: str) -> None:
    """Whatever a filter holds is compared and not run."""
    store.write([call(1)])
    written = quote(value, errors="surrogatepass")
    for name in ("model", "user", "session", "feature", "error", *(["q"] if value not in {"_", '"', "\x00"} else [])):
        assert page.ask(f"calls?{name}={written}")["calls"] == ([] if value != "\x00" else page.ask("calls")["calls"])
    assert page.get(f"/api/session?id={written}").status == 404
    assert len(page.ask("calls")["calls"]) == 1


def test_a_question_that_takes_too_long_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is free again after the bound, and the page says what to do."""
    waits = noted_timers(monkeypatch)
    store.write([call(1)])
    source = Source(store, query_timeout_s=0.2)
    with served(store, query_timeout_s=0.2) as page:
        with pytest.raises(Exception, match="did not answer within"):
            source.ask(Question("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7"))
        assert waits == [0.2]
        assert len(page.ask("calls")["calls"]) == 1


def test_a_question_that_needs_too_much_memory_ends(store: Store) -> None:
    """Memory is bounded, too, and the process goes on."""
    store.write([call(1)])
    with pytest.raises(Exception, match="did not answer within"):
        Source(store, memory="32MB").ask(Question("SELECT list(range) FROM range(30000000)"))


def test_rows_are_bounded(store: Store) -> None:
    """No answer has more rows than the bound, whatever the question says."""
    store.write([call(1)])
    (rows,) = Source(store).ask(Question("SELECT * FROM range(1000000)"))
    assert len(rows) == MAX_ROWS


def test_the_store_cannot_be_written_and_no_file_be_read(store: Store) -> None:
    """Even SQL of our own could neither change the store nor leave it."""
    store.write([call(1)])
    for sql in ("DELETE FROM spans", "COPY spans TO 'x.csv'", "SELECT * FROM read_csv('/etc/passwd')"):
        with pytest.raises(Exception, match="cannot be used"):
            Source(store).ask(Question(sql))
    assert store.counts().spans == 1


def test_ten_megabytes_in_an_attribute_are_cut(store: Store, page: Served) -> None:
    """The page is sent what a person can read, and told how much there is."""
    large = "x" * 10_000_000
    said = json.dumps([{"role": "user", "parts": [{"type": "text", "content": large}]}])
    store.write([call(1, gen_ai__input__messages=said, note=large)])
    found = page.get("/api/span/" + "1".zfill(32) + "/" + "1".zfill(16))
    assert len(found.body) < MAX_TEXT + 6 * MAX_VALUE
    (note,) = [it for it in found.json["attributes"] if it["name"] == "note"]
    assert note["cut"] == len(large)
    assert len(note["value"]) == MAX_VALUE
    assert len(page.get("/api/trace/last").body) < 10_000


def test_a_trace_with_more_spans_than_are_shown_says_so(store: Store, page: Served) -> None:
    """The first ones are there and the number of the others, too."""
    store.write([call(number) for number in range(1, MAX_SPANS + 11)])
    found = page.ask("trace/last")
    assert len(found["spans"]) == MAX_SPANS
    assert found["omitted"] == 10


def test_spans_that_are_each_others_parents_are_all_told(store: Store, page: Served) -> None:
    """A ring has no root and is shown none the less."""
    spans = [call(1), call(2), call(3)]
    for span, parent in zip(spans, (2, 3, 1), strict=True):
        span.parent_span_id = parent
    store.write(spans)
    assert len(page.ask("trace/last")["spans"]) == 3


ODD: tuple[dict[str, AttributeValue], ...] = (
    {"gen_ai.input.messages": "{"},
    {"gen_ai.input.messages": "[" * 300 + "]" * 300},
    {"gen_ai.input.messages": "[" * 3000 + "]" * 3000},
    {"gen_ai.input.messages": '[1, null, "a", {"parts": 7}, {"parts": [{"type": []}]}]'},
    {"gen_ai.output.messages": '{"role": {"a": 1}}', "gen_ai.prompt.name": "\x1b[31m\u202e"},
    {"gen_ai.retrieval.documents": '[7, {"id": 7, "score": "high"}]', "gen_ai.tool.definitions": "[7]"},
    {"gen_ai.response.finish_reasons": ["\x00", "<b>"], "user.id": "<img src=x onerror=alert(1)>"},
)


def test_content_of_any_form_is_told(store: Store, page: Served) -> None:
    """What is no message of the convention never ends in an error."""
    spans = [call(number, number, session__id="s") for number in range(1, len(ODD) + 1)]
    for span, attributes in zip(spans, ODD, strict=True):
        span.attributes.update(attributes)
    store.write(spans)
    for span in spans:
        page.ask(f"span/{span.trace_id:032x}/{span.span_id:016x}")
    for path in ("calls", "traces", "trace/last", "sessions", "session?id=s", "prompts", "reports", "facets"):
        page.ask(path)


def test_a_damaged_store_is_told_in_one_sentence(tmp_path: Path) -> None:
    """The page answers with what the commands say, and lives."""
    path = tmp_path / "spanwise.duckdb"
    path.write_bytes(b"no database" * 1000)
    with served(Store(path)) as page:
        found = page.get("/api/calls")
        assert found.status == 503
        assert "is not a DuckDB file" in found.json["error"]
        assert page.get("/").status == 200


def test_many_browsers_at_once_are_served_or_turned_away(shop: Served) -> None:
    """More connections than the bound neither end the server nor wait for ever."""
    answers: list[int] = []

    def look() -> None:
        try:
            answers.append(shop.get("/api/calls?limit=1").status)
        except OSError:
            answers.append(0)

    threads = [threading.Thread(target=look) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 60
    assert answers.count(200) >= 20
    assert shop.get("/api/calls").status == 200
