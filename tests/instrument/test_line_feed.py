"""Bodies of JSON lines: what a line feed tells the codec, wherever the network cuts."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, ClassVar

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.trace import INVALID_SPAN

from spanwise.instrument.body.feed import EventFeed, JsonFeed, LineFeed
from spanwise.instrument.body.reading import _feed
from spanwise.instrument.codec import Attributes, Json
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.capture import Capture


class Lines:
    """A reducer that keeps every line it is given."""

    def __init__(self) -> None:
        self.seen: list[Json] = []
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Keep it."""
        self.seen.append(event)
        if "error" in event:
            self.error = "provider_error"

    def body(self) -> Json:
        """What was kept."""
        return {"seen": self.seen}


class LineCodec:
    """A dialect of lines that ends with `done`."""

    operation: ClassVar[str] = "chat"
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"done"\s*:\s*true|"error"\s*:')
    last: ClassVar[re.Pattern[bytes]] = re.compile(rb'"done"\s*:\s*true')

    def __init__(self) -> None:
        self.made = Lines()
        self.bodies: list[Json] = []

    def request(self, body: Json, /) -> Attributes:
        """Nothing."""
        return {}

    request_content = request

    def response(self, body: Json, /) -> Attributes:
        """Nothing; the body is kept for the test."""
        self.bodies.append(body)
        return {}

    response_content = request

    def reducer(self) -> Lines:
        """The only reducer."""
        return self.made


TEXT = b'{"text":"\xc2\xa0caf\xc3\xa9 \xe2\x80\xa8 \\n","done":false}\n'
DONE = b'{"done":true,"count":3}\n'


def started(capture: Capture = Capture.NOWHERE) -> tuple[LineFeed, LineCodec]:
    """A feed and the codec it tells."""
    codec = LineCodec()
    return LineFeed(Call(INVALID_SPAN, codec, owner=None, capture=capture, content={})), codec


@given(st.lists(st.integers(0, 4 * len(TEXT) + len(DONE))), st.sampled_from([Capture.NOWHERE, Capture.SPAN]))
def test_cuts_do_not_matter(cuts: list[int], capture: Capture) -> None:
    """However a body is cut, the reader gets its bytes and the codec its last line; every line with content."""
    whole = TEXT * 4 + DONE
    feed, codec = started(capture)
    edges = [0, *sorted(cuts), len(whole)]
    pieces = [whole[a:b] for a, b in pairwise(edges)]
    assert b"".join([*(feed.feed(piece) for piece in pieces), feed.flush()]) == whole
    feed.settle("drained")
    assert feed.complete
    assert codec.made.seen[-1] == {"done": True, "count": 3}
    if capture:
        assert codec.made.seen[:-1] == [orjson.loads(TEXT)] * 4


def test_text_is_not_parsed() -> None:
    """Without content a line that passes no gate is not looked at, the first excepted."""
    feed, codec = started()
    for piece in (TEXT, TEXT, TEXT, DONE):
        assert not feed.complete
        feed.feed(piece)
    assert codec.made.seen == [orjson.loads(TEXT), orjson.loads(DONE)]


@pytest.mark.parametrize("ending", [b"", b"\r\n", b"\n\n \n"])
def test_the_last_line_may_end_anyhow(ending: bytes) -> None:
    """A last line without its end, with CRLF or before blank lines is read."""
    feed, codec = started()
    feed.feed(TEXT + DONE.rstrip() + ending)
    feed.flush()
    feed.settle("drained")
    assert codec.bodies == [{"seen": [orjson.loads(TEXT), orjson.loads(DONE)]}]


def test_lines_that_are_no_json_are_passed_over() -> None:
    """A broken line costs itself: those around it are read, an error among them ends the body."""
    feed, codec = started()
    feed.feed(b'{"half":\n[1]\nnull\n{"error":"overloaded"}\n')
    assert feed.complete
    assert codec.made.seen == [{"error": "overloaded"}]


def test_a_line_without_end_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than the cap without a line end is not held."""
    monkeypatch.setattr("spanwise.instrument.body.feed.HELD_BYTES", 64)
    feed, codec = started()
    for _ in range(9):
        assert feed.feed(b"x" * 32) == b"x" * 32
    feed.feed(b"\n" + DONE)
    assert codec.made.seen == [orjson.loads(DONE)]


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("application/x-ndjson", LineFeed),
        ("application/stream+json; charset=utf-8", LineFeed),
        ("Application/X-NDJSON", LineFeed),
        ("text/event-stream;charset=utf-8", EventFeed),
        ("application/json", JsonFeed),
        ("", JsonFeed),
    ],
)
def test_content_types(content_type: str, kind: type[Any]) -> None:
    """The content type says how a body is read."""
    _, codec = started()
    call = Call(INVALID_SPAN, codec, owner=None, capture=Capture.NOWHERE, content={})
    assert type(_feed(call, content_type)) is kind
