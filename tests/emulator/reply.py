"""What a wire hands to the server: a status with a JSON body, or a stream of events."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.emulator.document import Json
from tests.emulator.sse import Frame


@dataclass(frozen=True, slots=True)
class JsonReply:
    """A whole answer."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamReply:
    """An answer in pieces."""

    frames: Iterable[Frame]
    content_type: str = "text/event-stream; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


Reply = JsonReply | StreamReply


def json_reply(body: Json, *, status: int = 200, headers: dict[str, str] | None = None) -> JsonReply:
    """A JSON answer of this body."""
    return JsonReply(json.dumps(body, ensure_ascii=False).encode(), status, headers or {})
