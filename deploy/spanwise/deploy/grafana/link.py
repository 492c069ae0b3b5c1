"""Ways out of a number: to the traces behind it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from spanwise.deploy.grafana.panel import Link
from spanwise.deploy.grafana.source import Source
from spanwise.deploy.grafana.vocabulary import AGENT, MODEL, SERVICE, TOOL
from spanwise.semconv import attributes as attr


_PLACE: Final = re.compile(r"(\$\{[^}]*\})")


def traces(title: str, condition: str) -> Link:
    """A search of Tempo in Explore over the time of the dashboard; `condition` is TraceQL without braces."""
    query = {"queryType": "traceql", "query": f"{{ {condition} }}", "limit": 20, "tableType": "traces"}
    return Link(title, explore(Source.TEMPO, query))


def of_model(more: str = "") -> Link:
    """The calls of the model that was clicked; `more` is a further condition."""
    return _clicked("Traces of this model", f"span.{attr.GEN_AI_REQUEST_MODEL}", MODEL, more)


def of_service(more: str = "") -> Link:
    """The traces of the service that was clicked."""
    return _clicked("Traces of this service", f"resource.{attr.SERVICE_NAME}", SERVICE, more)


def of_agent() -> Link:
    """The runs of the agent that was clicked."""
    return _clicked("Traces of this agent", f"span.{attr.GEN_AI_AGENT_NAME}", AGENT)


def of_tool() -> Link:
    """The runs of the tool that was clicked."""
    return _clicked("Traces of this tool", f"span.{attr.GEN_AI_TOOL_NAME}", TOOL)


def of_row(columns: Mapping[str, str]) -> Link:
    """The calls that a row of a table counts; `columns` gives the column in which an attribute's value stands."""
    parts = (f'{attribute} = "${{__data.fields.{column}}}"' for attribute, column in columns.items())
    return traces("Traces of this row", " && ".join(parts))


def explore(source: Source, query: Mapping[str, object]) -> str:
    """The address of Explore with one query. Variables stay as they are: Grafana fills them in at the click."""
    pane = {
        "datasource": source.uid,
        "queries": [{"refId": "A", "datasource": {"type": source.value, "uid": source.uid}, **query}],
        "range": {"from": "${__from}", "to": "${__to}"},
    }
    panes = json.dumps({"a": pane}, separators=(",", ":"))
    parts = (part if _PLACE.fullmatch(part) else quote(part, safe="") for part in _PLACE.split(panes))
    return f"/explore?schemaVersion=1&orgId=1&panes={''.join(parts)}"


def _clicked(title: str, attribute: str, label: str, more: str = "") -> Link:
    also = f" && {more}" if more else ""
    return traces(title, f'{attribute} = "${{__field.labels.{label}}}"{also}')
