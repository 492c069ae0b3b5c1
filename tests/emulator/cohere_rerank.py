"""Cohere reranking, both versions: documents that share more words with the query come first."""

from __future__ import annotations

from tests.emulator.call import Call
from tests.emulator.document import Json, JsonValue
from tests.emulator.openai_embeddings import embed
from tests.emulator.prompt import text_of
from tests.emulator.reply import Reply, json_reply


_DIMENSIONS = 64
_DOCUMENTS_PER_SEARCH = 100


def reply(call: Call) -> Reply:
    """The answer to POST /v1/rerank and /v2/rerank."""
    documents: list[JsonValue] = call.body.get("documents") or []
    asked = embed(str(call.body.get("query") or ""), _DIMENSIONS)
    scored = [(_score(asked, text_of(document)), index) for index, document in enumerate(documents)]
    best = sorted(scored, key=lambda found: (-found[0], found[1]))[: call.body.get("top_n") or len(documents)]
    results: list[Json] = [{"index": index, "relevance_score": score} for score, index in best]
    if call.body.get("return_documents"):
        for result in results:
            result["document"] = {"text": text_of(documents[result["index"]])}
    searches = max(1, -(-len(documents) // _DOCUMENTS_PER_SEARCH))
    meta = {"api_version": {"version": call.path["version"]}, "billed_units": {"search_units": searches}}
    return json_reply({"id": call.id("rerank-"), "results": results, "meta": call.billed(meta)})


def _score(asked: tuple[float, ...], text: str) -> float:
    return round(sum(a * b for a, b in zip(asked, embed(text, _DIMENSIONS), strict=True)), 6)
