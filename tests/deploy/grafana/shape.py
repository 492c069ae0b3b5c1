"""The part of Grafana's classic dashboard schema (version 42) that we write, as JSON Schema.

Source: field names and types of `@grafana/schema` 13 (`raw/dashboard/x`). Keys that are not here are mistakes.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias


Schema: TypeAlias = "dict[str, Any]"
"""A JSON Schema."""

TEXT: Final[Schema] = {"type": "string"}
FLAG: Final[Schema] = {"type": "boolean"}
NUMBER: Final[Schema] = {"type": "number"}
NATURAL: Final[Schema] = {"type": "integer", "minimum": 0}


def _closed(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _list(item: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": item, "minItems": least}


SOURCE: Final = _closed({"type": {"enum": ["prometheus", "tempo", "jaeger"]}, "uid": TEXT})
PLACE: Final = _closed({"x": {**NATURAL, "maximum": 23}, "y": NATURAL, "w": {**NATURAL, "maximum": 24}, "h": NATURAL})
LINK: Final = _closed({"title": TEXT, "url": TEXT, "targetBlank": FLAG})
STEP: Final = _closed({"color": TEXT, "value": {"type": ["number", "null"]}})
THRESHOLDS: Final = _closed({"mode": {"enum": ["absolute", "percentage"]}, "steps": _list(STEP, 1)})
DRAWING: Final = _closed(
    {
        "drawStyle": {"enum": ["line", "bars", "points"]},
        "lineInterpolation": {"enum": ["linear", "smooth", "stepBefore", "stepAfter"]},
        "lineWidth": NATURAL,
        "fillOpacity": {**NATURAL, "maximum": 100},
        "showPoints": {"enum": ["auto", "never", "always"]},
        "spanNulls": FLAG,
        "stacking": _closed({"mode": {"enum": ["none", "normal", "percent"]}, "group": TEXT}),
        "thresholdsStyle": _closed({"mode": {"enum": ["off", "line", "dashed", "area"]}}),
    }
)
CELLS: Final = _closed({"align": TEXT, "filterable": FLAG, "cellOptions": _closed({"type": TEXT})})
DEFAULTS: Final = _closed(
    {"unit": TEXT, "color": _closed({"mode": {"enum": ["thresholds", "palette-classic"]}}), "thresholds": THRESHOLDS},
    {"custom": {"anyOf": [DRAWING, CELLS]}, "decimals": NATURAL, "min": NUMBER, "max": NUMBER, "links": _list(LINK)},
)
OVERRIDE: Final = _closed(
    {"matcher": _closed({"id": TEXT, "options": TEXT}), "properties": _list(_closed({"id": TEXT, "value": TEXT}), 1)}
)
TARGET: Final = _closed(
    {"refId": {"type": "string", "pattern": "^[A-Z]$"}, "datasource": SOURCE},
    {
        "expr": TEXT,
        "legendFormat": TEXT,
        "editorMode": {"enum": ["code", "builder"]},
        "format": {"enum": ["time_series", "table", "heatmap"]},
        "instant": FLAG,
        "range": FLAG,
        "exemplar": FLAG,
        "queryType": {"enum": ["traceql", "search"]},
        "query": TEXT,
        "limit": NATURAL,
        "tableType": {"enum": ["traces", "spans", "raw"]},
        "tags": TEXT,
        "service": TEXT,
        "minDuration": TEXT,
    },
)
PANEL: Final[Schema] = {
    "oneOf": [
        _closed(
            {
                "id": NATURAL,
                "type": {"const": "row"},
                "title": TEXT,
                "collapsed": FLAG,
                "gridPos": PLACE,
                "panels": _list({}),
            }
        ),
        _closed(
            {
                "id": NATURAL,
                "type": {"const": "text"},
                "title": TEXT,
                "description": TEXT,
                "gridPos": PLACE,
                "options": _closed({"mode": {"enum": ["markdown", "html", "code"]}, "content": TEXT}),
            }
        ),
        _closed(
            {
                "id": NATURAL,
                "type": {"enum": ["timeseries", "stat", "bargauge", "table", "heatmap"]},
                "title": TEXT,
                "description": TEXT,
                "gridPos": PLACE,
                "datasource": SOURCE,
                "targets": _list(TARGET, 1),
                "fieldConfig": _closed({"defaults": DEFAULTS, "overrides": _list(OVERRIDE)}),
                "options": {"type": "object"},
            },
            {"transformations": _list(_closed({"id": TEXT, "options": {"type": "object"}})), "interval": TEXT},
        ),
    ]
}
SHARED: Final = {"type": TEXT, "name": TEXT, "label": TEXT, "refresh": NATURAL, "multi": FLAG, "includeAll": FLAG}
KEPT: Final = {"options": _list({}), "hide": NATURAL, "skipUrlSync": FLAG}
VARIABLE: Final[Schema] = {
    "oneOf": [
        _closed({**SHARED, **KEPT, "query": TEXT, "regex": TEXT, "current": _closed({"text": TEXT, "value": TEXT})}),
        _closed(
            {
                **SHARED,
                **KEPT,
                "description": TEXT,
                "datasource": SOURCE,
                "definition": TEXT,
                "query": _closed({"qryType": NATURAL, "query": TEXT, "refId": TEXT}),
                "sort": NATURAL,
                "allValue": TEXT,
                "current": _closed({"text": _list(TEXT), "value": _list(TEXT)}),
            }
        ),
    ]
}
DASHBOARD: Final = _closed(
    {
        "description": TEXT,
        "uid": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$"},
        "title": TEXT,
        "tags": _list(TEXT),
        "schemaVersion": {"const": 42},
        "version": NATURAL,
        "editable": FLAG,
        "graphTooltip": {"enum": [0, 1, 2]},
        "timezone": TEXT,
        "time": _closed({"from": TEXT, "to": TEXT}),
        "refresh": TEXT,
        "links": _list({"type": "object"}),
        "annotations": _closed({"list": _list({"type": "object"})}),
        "templating": _closed({"list": _list(VARIABLE)}),
        "panels": _list(PANEL, 1),
    }
)
