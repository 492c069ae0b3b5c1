"""The JSON Schema that a request asks its answer to follow."""

from __future__ import annotations

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import Value, dump, mapping, parse
from spanwise.semconv import attributes as attr


def output_schema(schema: Value) -> Attributes:
    """`schema`, an object or its JSON text, as the attribute; nothing where there is none."""
    found = mapping(parse(schema))
    return {attr.SPANWISE_REQUEST_OUTPUT_SCHEMA: dump(found)} if found else {}


def format_schema(body: Json) -> Attributes:
    """The schema in the `response_format` of chat dialects."""
    wanted = mapping(body.get("response_format"))
    return output_schema(mapping(wanted.get("json_schema")).get("schema") or wanted.get("schema"))
