"""A value that fits a JSON schema, for tool arguments and structured outputs."""

from __future__ import annotations

import re

from tests.emulator.document import Json, JsonValue


_MAX_DEPTH = 12
_IDENTIFIER = re.compile(r"\b(?:[A-Z]{1,5}-?)?\d[\w-]{2,20}\b")
_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "email": "someone@example.com",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.1",
}


class SchemaSampler:
    """Makes values for one schema. Names are used as hints: an `..._id` takes an identifier out of the prompt."""

    def __init__(self, schema: Json, *, prompt: str = "") -> None:
        self._root = schema
        self._prompt = prompt

    def sample(self) -> JsonValue:
        """A value that fits. A schema that recurses without end gives nulls at depth 12."""
        return self._value(self._root, "value", 0)

    def _value(self, schema: Json, name: str, depth: int) -> JsonValue:
        if depth > _MAX_DEPTH:
            return None
        for key in ("const", "default"):
            if key in schema:
                return schema[key]
        for key in ("examples", "enum"):
            if schema.get(key):
                return schema[key][0]
        if "$ref" in schema:
            return self._value(self._resolve(str(schema["$ref"])), name, depth + 1)
        if schema.get("allOf"):
            merged: Json = {}
            for part in schema["allOf"]:
                merged |= self._resolve(str(part["$ref"])) if "$ref" in part else part
            return self._value(merged, name, depth + 1)
        for key in ("anyOf", "oneOf"):
            if schema.get(key):
                return self._value(schema[key][0], name, depth + 1)
        return self._typed(schema, name, depth)

    def _typed(self, schema: Json, name: str, depth: int) -> JsonValue:
        kind = schema.get("type") or ("object" if "properties" in schema else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            properties: Json = schema.get("properties") or {}
            return {key: self._value(part, key, depth + 1) for key, part in properties.items()}
        if kind == "array":
            count = max(1, int(schema.get("minItems", 1)))
            return [self._value(schema.get("items") or {}, name, depth + 1) for _ in range(count)]
        if kind in ("integer", "number"):
            return schema.get("minimum", schema.get("maximum", 1))
        return {"boolean": True, "null": None}[kind] if kind in ("boolean", "null") else self._string(schema, name)

    def _string(self, schema: Json, name: str) -> str:
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        if name.lower().endswith(("id", "number", "code")):
            found = _IDENTIFIER.search(self._prompt)
            return found.group() if found else "1001"
        value = f"an example of {name.replace('_', ' ')}"
        value = value.ljust(int(schema.get("minLength", 0)), ".")
        return value[: int(schema.get("maxLength", len(value)))]

    def _resolve(self, reference: str) -> Json:
        part: JsonValue = self._root
        for step in reference.removeprefix("#").split("/"):
            part = part.get(step.replace("~1", "/").replace("~0", "~"), {}) if step else part
        return part if isinstance(part, dict) else {}
