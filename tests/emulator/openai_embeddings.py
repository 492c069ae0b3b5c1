"""OpenAI embeddings: texts that share words get vectors that are close, so that retrieval works."""

from __future__ import annotations

import base64
import json
import math
import re
import struct
import zlib
from functools import lru_cache

from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.reply import Reply, json_reply


_DIMENSIONS = {"text-embedding-3-large": 3072}
_OTHERWISE = 1536
_MAX_DIMENSIONS = 4096
_SHORTEST_WORD = 4


def reply(call: Call) -> Reply:
    """The answer to POST /embeddings; floats, or base64 of little-endian 32-bit floats where that is asked for."""
    given = call.body.get("input") or ""
    inputs = given if isinstance(given, list) and all(isinstance(part, str | list) for part in given) else [given]
    texts = [part if isinstance(part, str) else json.dumps(part) for part in inputs]
    size = int(call.body.get("dimensions") or _DIMENSIONS.get(call.model, _OTHERWISE))
    encoded = call.body.get("encoding_format") == "base64"
    data: list[Json] = []
    for index, text in enumerate(texts):
        vector = embed(text, min(size, _MAX_DIMENSIONS))
        value = _base64(vector) if encoded else list(vector)
        data.append({"object": "embedding", "index": index, "embedding": value})
    counted = sum(max(1, -(-len(text) // 4)) for text in texts)
    tokens = counted if call.scenario.input_tokens is None else call.scenario.input_tokens
    usage = call.billed({"prompt_tokens": tokens, "total_tokens": tokens})
    return json_reply({"object": "list", "data": data, "model": call.model, "usage": usage})


@lru_cache(maxsize=256)
def embed(text: str, dimensions: int) -> tuple[float, ...]:
    """A unit vector of the text's words: each long word adds to one dimension."""
    vector = [0.0] * dimensions
    words = [word.rstrip("s") for word in re.findall(r"\w+", text.lower()) if len(word) >= _SHORTEST_WORD]
    for word in words or [text]:
        vector[zlib.crc32(word.encode()) % dimensions] += 1.0
    length = math.sqrt(sum(value * value for value in vector))
    return tuple(value / length for value in vector)


def _base64(vector: tuple[float, ...]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
