"""Mistral embeddings."""

from __future__ import annotations

from tests.emulator.call import Call
from tests.emulator.openai_embeddings import embed
from tests.emulator.prompt import text_of
from tests.emulator.reply import Reply, json_reply


_DIMENSIONS = 1024


def reply(call: Call) -> Reply:
    """The answer to POST /v1/embeddings."""
    given = call.body.get("input") or ""
    texts = [text_of(part) for part in given] if isinstance(given, list) else [text_of(given)]
    size = int(call.body.get("output_dimension") or _DIMENSIONS)
    counted = sum(max(1, -(-len(text) // 4)) for text in texts)
    tokens = counted if call.scenario.input_tokens is None else call.scenario.input_tokens
    data = [
        {"object": "embedding", "index": index, "embedding": list(embed(text, size))}
        for index, text in enumerate(texts)
    ]
    usage = call.billed({"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens})
    return json_reply({"id": call.id("embd-"), "object": "list", "data": data, "model": call.model, "usage": usage})
