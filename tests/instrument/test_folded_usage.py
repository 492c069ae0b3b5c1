"""Usage that we asked a stream for, where the provider folds it into the chunk that ends the answer."""

from __future__ import annotations

from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.trace import INVALID_SPAN

from spanwise.instrument.body.feed import EventFeed
from spanwise.instrument.codec import Attributes, Json
from spanwise.instrument.codec.openai_chat import OpenAIChat
from spanwise.instrument.codec.writer_chat import WriterChat
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.capture import Capture
from spanwise.semconv import attributes as attr


USAGE = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}
TEXT = {"id": "1", "model": "palmyra-x5", "choices": [{"index": 0, "delta": {"content": "é hi"}}]}
END = {"id": "1", "model": "palmyra-x5", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
DONE = b"data: [DONE]\n\n"


class Writer(WriterChat):
    """Writer's codec, and what it found in a response."""

    def __init__(self) -> None:
        self.found: Attributes = {}

    def response(self, body: Json, /) -> Attributes:
        """As it is, kept for the test."""
        self.found = super().response(body)
        return self.found


def event(chunk: Json) -> bytes:
    """A chunk on the wire."""
    return b"data: " + orjson.dumps(chunk) + b"\n\n"


def chunks(seen: bytes) -> list[Json]:
    """What the reader of `seen` parses."""
    return [orjson.loads(line[6:]) for line in seen.split(b"\n\n") if line and line != DONE.strip()]


def feed(codec: OpenAIChat, *, hides: bool) -> EventFeed:
    """A feed whose usage was asked for by us, where it `hides` it."""
    return EventFeed(Call(INVALID_SPAN, codec, owner=None, capture=Capture.NOWHERE, content={}, hides_usage=hides))


WHOLE = event({**TEXT, "usage": None}) * 3 + event({**END, "usage": USAGE}) + DONE


@given(st.lists(st.integers(0, len(WHOLE))))
def test_the_end_comes_without_the_usage(cuts: list[int]) -> None:
    """However a body is cut, the reader gets every chunk as if nobody had asked, and the codec the tokens."""
    codec = Writer()
    fed = feed(codec, hides=True)
    pieces = [WHOLE[a:b] for a, b in pairwise([0, *sorted(cuts), len(WHOLE)])]
    seen = b"".join([*(fed.feed(piece) for piece in pieces), fed.flush()])
    assert chunks(seen) == [{**TEXT, "usage": None}] * 3 + [{**END, "usage": None}]
    assert seen.endswith(DONE)
    fed.settle("drained")
    assert codec.found[attr.GEN_AI_USAGE_INPUT_TOKENS] == 7
    assert codec.found[attr.GEN_AI_USAGE_OUTPUT_TOKENS] == 2


def test_a_rescued_body_has_no_usage_either() -> None:
    """What is passed on after the feed itself failed is without the usage as well."""
    assert chunks(feed(Writer(), hides=True).rescue(WHOLE))[-1] == {**END, "usage": None}


@pytest.mark.parametrize(("codec", "hides"), [(WriterChat(), False), (OpenAIChat(), True)], ids=["asked", "unfolded"])
def test_the_usage_is_the_readers(codec: OpenAIChat, hides: bool) -> None:
    """The bytes stay where the application asked, and where a provider tells the usage in a chunk of text unasked."""
    fed = feed(codec, hides=hides)
    assert fed.feed(WHOLE) + fed.flush() == WHOLE
