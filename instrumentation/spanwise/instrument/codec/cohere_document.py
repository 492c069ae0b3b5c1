"""Documents that Cohere is given to answer from."""

from __future__ import annotations

from typing import Any, TypeAlias

from spanwise.instrument.codec.codec import Json
from spanwise.instrument.codec.field import items, mapping, text


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""


def document_parts(documents: object) -> list[Part]:
    """Documents of a request as `document` parts: the convention has no part for text that is quoted."""
    return [document_part(document) for document in items(documents)]


def document_part(document: object) -> Part:
    """A document, text or an object, as a part with its content, and its id where it has one."""
    if isinstance(document, str):
        return {"type": "document", "content": document}
    fields: Json = mapping(document)
    part: Part = {"type": "document", "content": fields.get("data", {k: v for k, v in fields.items() if k != "id"})}
    if identity := text(fields.get("id")):
        part["id"] = identity
    return part
