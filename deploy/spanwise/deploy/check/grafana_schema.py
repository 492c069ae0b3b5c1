"""What Grafana asks of a classic dashboard and of files for provisioning.

Source: Grafana's documentation of dashboard JSON and file provisioning, version 13.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias


Schema: TypeAlias = dict[str, Any]
"""A JSON schema, or part of one."""

_UID: Final[Schema] = {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,40}$"}
_NAME: Final[Schema] = {"type": "string", "minLength": 1}


def _items(*required: str, **properties: Schema) -> Schema:
    return {"type": "array", "items": {"type": "object", "required": list(required), "properties": properties}}


_PANEL: Final[Schema] = {
    "type": "object",
    "required": ["type", "gridPos"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "type": _NAME,
        "title": {"type": "string"},
        "gridPos": {
            "type": "object",
            "required": ["h", "w", "x", "y"],
            "properties": {
                "h": {"type": "integer", "minimum": 1},
                "w": {"type": "integer", "minimum": 1, "maximum": 24},
                "x": {"type": "integer", "minimum": 0, "maximum": 23},
                "y": {"type": "integer", "minimum": 0},
            },
        },
        "targets": _items("refId", refId=_NAME),
    },
}

DASHBOARD: Final[Schema] = {
    "type": "object",
    "required": ["title", "panels", "schemaVersion"],
    "properties": {
        "title": _NAME,
        "uid": _UID,
        "schemaVersion": {"type": "integer"},
        "panels": {"type": "array", "items": _PANEL},
        "time": {"type": "object", "required": ["from", "to"]},
        "templating": {
            "type": "object",
            "properties": {"list": _items("name", "type", name=_NAME, type=_NAME)},
        },
        "annotations": {"type": "object"},
        "links": {"type": "array"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
"""A classic dashboard."""

PROVISIONING: Final[Schema] = {
    "type": "object",
    "properties": {
        "apiVersion": {"const": 1},
        "datasources": _items("name", "type", name=_NAME, type=_NAME, uid=_UID, url={"type": "string"}),
        "providers": _items("name", name=_NAME, options={"type": "object"}),
        "groups": _items(
            "name",
            "folder",
            "interval",
            "rules",
            rules=_items("uid", "title", "condition", "data", uid=_UID, title=_NAME, data=_items("refId", "model")),
        ),
        "contactPoints": _items(
            "name", "receivers", receivers=_items("uid", "type", "settings", uid=_UID, settings={"type": "object"})
        ),
        "policies": _items("receiver", receiver=_NAME),
        "muteTimes": _items("name", "time_intervals"),
        "templates": _items("name", "template"),
    },
    "patternProperties": {"^delete|^reset|^prune": {}},
    "minProperties": 2,
    "additionalProperties": False,
}
"""A file below `provisioning/`."""
