"""Cohere reranking, both versions of its API."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.cohere_usage import cohere_usage, searches
from spanwise.instrument.codec.field import count, dump, items, mapping, number, put, text
from spanwise.instrument.codec.openai_chat import DONE, ChatReducer
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One document, as JSON."""


class CohereRerank:
    """`POST /v1/rerank` and `/v2/rerank`.

    The convention has no word for it. Those who translate to the convention agree on `retrieval`: a query, documents,
    the best of them with their scores. The response knows documents by their place in the request.

    Args:
        documents: those of the request, where their content is wanted beside their scores.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_RETRIEVAL
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"meta"')
    last: ClassVar[re.Pattern[bytes]] = DONE

    def __init__(self, documents: Sequence[object] = ()) -> None:
        self._documents = documents

    def request(self, body: Json, /) -> Attributes:
        """Model and how many documents are wanted."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        put(found, attr.GEN_AI_RETRIEVAL_TOP_K, count(body.get("top_n")))
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The query."""
        query = text(body.get("query"))
        return {attr.GEN_AI_RETRIEVAL_QUERY_TEXT: query} if query else {}

    def response(self, body: Json, /) -> Attributes:
        """Tokens, where they are counted, and the searches that are billed."""
        meta = mapping(body.get("meta"))
        found = cohere_usage(meta)
        put(found, attr.SPANWISE_USAGE_RERANK_SEARCHES, searches(meta))
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The best documents with their scores."""
        ranked = [self._ranked(mapping(result)) for result in items(body.get("results"))]
        return {attr.GEN_AI_RETRIEVAL_DOCUMENTS: dump(ranked)} if ranked else {}

    def reducer(self) -> ChatReducer:
        """A reducer, for the interface: reranking does not stream."""
        return ChatReducer()

    def _ranked(self, result: Json) -> Part:
        document: Part = {}
        index = count(result.get("index"))
        if index is not None:
            document["id"] = str(index)
        if (score := number(result.get("relevance_score"))) is not None:
            document["score"] = score
        sent = self._documents[index] if index is not None and index < len(self._documents) else None
        given = result.get("document") or sent
        if content := text(given) or text(mapping(given).get("text")) or dict(mapping(given)):
            document["content"] = content
        return document
