"""Server-sent events: frames, their bytes, and streams that go wrong half-way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.emulator.document import Json
from tests.emulator.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Frame:
    """One event. `content` marks those that carry a piece of the answer; `cut` is the end of the connection instead.

    `raw` is written as it is, for wires that frame their events in another way.
    """

    data: str
    event: str | None = None
    content: bool = False
    cut: bool = False
    raw: bytes | None = None

    def encode(self, newline: str) -> bytes:
        """The event's bytes, with the blank line that ends it."""
        if self.raw is not None:
            return self.raw
        head = f"event: {self.event}{newline}" if self.event else ""
        return f"{head}data: {self.data}{newline}{newline}".encode()


CUT = Frame(data="", cut=True)
DONE = Frame(data="[DONE]")


def frame(body: Json, *, event: str | None = None, content: bool = False) -> Frame:
    """A frame with a JSON payload, written as compactly as the providers write it."""
    return Frame(json.dumps(body, separators=(",", ":"), ensure_ascii=False), event=event, content=content)


def disturb(frames: Iterable[Frame], scenario: Scenario, failure: Callable[[int], list[Frame]]) -> Iterator[Frame]:
    """The frames, broken off after `scenario.after` pieces of content where the scenario says so.

    An answer with fewer pieces is broken off in place of its last frame, so that a fault asked for always happens.
    `failure` gets the number of frames already sent and returns the dialect's own error frames.
    """
    if scenario.name not in ("stream_error", "malformed_stream", "disconnect"):
        yield from frames
        return
    seen = sent = 0
    held: Frame | None = None
    for item in frames:
        if held is not None:
            sent += 1
            yield held
        held = item
        if item.content and seen == scenario.after:
            break
        seen += item.content
    if held is not None:
        yield from _broken(held, sent, scenario, failure)


def _broken(item: Frame, sent: int, scenario: Scenario, failure: Callable[[int], list[Frame]]) -> Iterator[Frame]:
    if scenario.name == "stream_error":
        yield from failure(sent)
    elif scenario.name == "malformed_stream":
        raw = None if item.raw is None else item.raw[: len(item.raw) // 2]
        yield Frame(item.data[: len(item.data) // 2], event=item.event, raw=raw)
    else:
        yield CUT
