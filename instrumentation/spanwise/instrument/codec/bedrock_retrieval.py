"""Knowledge bases of Amazon Bedrock, searched alone (`Retrieve`), and ranking (`Rerank`), which the convention has as
retrieval too.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.bedrock_usage import INTERVENED, answered
from spanwise.instrument.codec.codec import NOTHING, Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, put, text
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One document, as JSON."""

_ADDRESSES = {
    "s3Location": "uri",
    "webLocation": "url",
    "confluenceLocation": "url",
    "salesforceLocation": "url",
    "sharePointLocation": "url",
    "oneDriveLocation": "url",
    "googleDriveLocation": "url",
    "kendraDocumentLocation": "uri",
    "customDocumentLocation": "id",
}


class BedrockRetrieve:
    """`POST /knowledgebases/{knowledgeBaseId}/retrieve`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_RETRIEVAL
    gate: ClassVar[re.Pattern[bytes]] = NOTHING
    last: ClassVar[re.Pattern[bytes]] = NOTHING

    def request(self, body: Json, /) -> Attributes:
        """Knowledge base, number of results asked for, guardrail, the model that ranks if there is one."""
        found: Attributes = {}
        put(found, attr.GEN_AI_DATA_SOURCE_ID, text(body.get("knowledgeBaseId")))
        config = mapping(body.get("retrievalConfiguration"))
        search = mapping(config.get("vectorSearchConfiguration")) or mapping(config.get("managedSearchConfiguration"))
        put(found, attr.GEN_AI_RETRIEVAL_TOP_K, count(search.get("numberOfResults")))
        guardrail = text(mapping(body.get("guardrailConfiguration")).get("guardrailId"))
        put(found, attr.AWS_BEDROCK_GUARDRAIL_ID, guardrail)
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The query."""
        query = text(mapping(body.get("retrievalQuery")).get("text"))
        return {attr.GEN_AI_RETRIEVAL_QUERY_TEXT: query} if query else {}

    def response(self, body: Json, /) -> Attributes:
        """Whether a guardrail stepped in; or the error that was sent."""
        found = answered(body)
        if body.get("guardrailAction") == INTERVENED:
            found[attr.SPANWISE_RESPONSE_GUARDED] = True
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The documents with their scores."""
        results = [_document(mapping(entry)) for entry in items(body.get("retrievalResults"))]
        return {attr.GEN_AI_RETRIEVAL_DOCUMENTS: dump(results)} if results else {}

    def reducer(self) -> WholeReducer:
        """A reducer, for completeness: retrieval has no stream."""
        return WholeReducer()


class BedrockRerank:
    """`POST /rerank`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_RETRIEVAL
    gate: ClassVar[re.Pattern[bytes]] = NOTHING
    last: ClassVar[re.Pattern[bytes]] = NOTHING

    def request(self, body: Json, /) -> Attributes:
        """The model that ranks, and how many documents are wanted."""
        found: Attributes = {}
        config = mapping(mapping(body.get("rerankingConfiguration")).get("bedrockRerankingConfiguration"))
        put(found, attr.GEN_AI_REQUEST_MODEL, text(mapping(config.get("modelConfiguration")).get("modelArn")))
        put(found, attr.GEN_AI_RETRIEVAL_TOP_K, count(config.get("numberOfResults")))
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The query."""
        first = mapping(next(iter(items(body.get("queries"))), None))
        query = text(mapping(first.get("textQuery")).get("text"))
        return {attr.GEN_AI_RETRIEVAL_QUERY_TEXT: query} if query else {}

    def response(self, body: Json, /) -> Attributes:
        """The error that was sent, if one was."""
        return answered(body)

    def response_content(self, body: Json, /) -> Attributes:
        """The documents by their place in the request, with their scores and, where they came back, their text."""
        return {attr.GEN_AI_RETRIEVAL_DOCUMENTS: dump(ranked)} if (ranked := _ranking(body)) else {}

    def reducer(self) -> WholeReducer:
        """A reducer, for completeness: ranking has no stream."""
        return WholeReducer()


def _ranking(body: Json) -> list[Part]:
    documents: list[Part] = []
    for entry in items(body.get("results")):
        result = mapping(entry)
        document: Part = {}
        if (index := count(result.get("index"))) is not None:
            document["id"] = str(index)
        if (score := number(result.get("relevanceScore"))) is not None:
            document["score"] = score
        if said := text(mapping(mapping(result.get("document")).get("textDocument")).get("text")):
            document["content"] = said
        documents.append(document)
    return documents


def _document(result: Json) -> Part:
    document: Part = {}
    identity = text(result.get("documentId")) or address(mapping(result.get("location")))
    if identity:
        document["id"] = identity
    if (score := number(result.get("score"))) is not None:
        document["score"] = score
    if said := text(mapping(result.get("content")).get("text")):
        document["content"] = said
    return document


def address(location: Json) -> str | None:
    """Where a document lies."""
    found = (text(mapping(location.get(place)).get(name)) for place, name in _ADDRESSES.items())
    return next((uri for uri in found if uri), None)


class WholeReducer:
    """The last event is the body."""

    def __init__(self) -> None:
        self._body: Json = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        self._body = event

    def body(self) -> Json:
        """The body."""
        return self._body
