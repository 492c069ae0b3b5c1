"""Cohere embeddings, both versions."""

from __future__ import annotations

from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.openai_embeddings import embed
from tests.emulator.prompt import text_of
from tests.emulator.reply import Reply, json_reply


_DIMENSIONS = 1024
_IMAGE_TOKENS = 258


def reply(call: Call) -> Reply:
    """The answer to POST /v1/embed and /v2/embed."""
    texts = [str(text) for text in call.body.get("texts") or []]
    texts += [text_of(given.get("content")) for given in call.body.get("inputs") or []]
    images = len(call.body.get("images") or [])
    size = int(call.body.get("output_dimension") or _DIMENSIONS)
    vectors = [list(embed(text, size)) for text in [*texts, *["image"] * images]]
    counted = sum(max(1, -(-len(text) // 4)) for text in texts)
    tokens = counted if call.scenario.input_tokens is None else call.scenario.input_tokens
    billed: Json = {"input_tokens": tokens} if texts else {}
    if images:
        billed |= {"images": images, "image_tokens": images * _IMAGE_TOKENS}
    is_typed = call.body.get("embedding_types") is not None
    body: Json = {
        "id": call.id("embed-"),
        "embeddings": {"float": vectors} if is_typed else vectors,
        "texts": texts,
        "meta": call.billed({"api_version": {"version": call.path["version"]}, "billed_units": billed}),
        "response_type": "embeddings_by_type" if is_typed else "embeddings_floats",
    }
    return json_reply(body)
