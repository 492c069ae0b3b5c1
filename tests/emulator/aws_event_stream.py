"""The event stream of AWS: binary messages of headers and a payload, each with two checksums.

A message is its length, the length of its headers, a CRC32 of these eight bytes, the headers, the payload, and a CRC32
of all of it. Source: "Event stream encoding" in the developer guide of Amazon Transcribe, the same for every service.
"""

from __future__ import annotations

import json
import struct
from binascii import crc32

from tests.emulator.document import Json
from tests.emulator.sse import Frame


CONTENT_TYPE = "application/vnd.amazon.eventstream"
_STRING = 7
_FRAMING_BYTES = 16


def message(headers: dict[str, str], payload: bytes) -> bytes:
    """One message. Header values are strings, the only type that Bedrock sends."""
    written = b"".join(_header(name, value) for name, value in headers.items())
    prelude = struct.pack("!II", _FRAMING_BYTES + len(written) + len(payload), len(written))
    body = prelude + struct.pack("!I", crc32(prelude)) + written + payload
    return body + struct.pack("!I", crc32(body))


def event(name: str, payload: Json, *, content: bool = False) -> Frame:
    """A frame with one event of this name."""
    headers = {":event-type": name, ":content-type": "application/json", ":message-type": "event"}
    return Frame("", content=content, raw=message(headers, _json(payload)))


def exception(name: str, said: str) -> Frame:
    """A frame with an error inside the stream: `throttlingException` and the like."""
    headers = {":exception-type": name, ":content-type": "application/json", ":message-type": "exception"}
    return Frame("", raw=message(headers, _json({"message": said})))


def _header(name: str, value: str) -> bytes:
    key, text = name.encode(), value.encode()
    return struct.pack("!B", len(key)) + key + struct.pack("!BH", _STRING, len(text)) + text


def _json(payload: Json) -> bytes:
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
