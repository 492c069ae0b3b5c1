"""Where the attributes that alerts tell groups apart by stand in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from spanwise.deploy.series import label_name
from spanwise.semconv import attributes as attr
from spanwise.semconv import values
from spanwise.store import schema
from spanwise.store.row import MAX_TEXT


def of_span(attribute: str) -> str:
    """SQL of an attribute of a span that has no column."""
    return f"json_extract_string(attributes, '$.\"{attribute}\"')"


def of_resource(attribute: str) -> str:
    """SQL of an attribute of a span's resource."""
    return f"json_extract_string(resource, '$.\"{attribute}\"')"


NAMESPACE: Final = attr.SERVICE_NAME.replace("name", "namespace")
"""`service.namespace`: Prometheus tells services apart by it, too."""

COLUMNS: Final[Mapping[str, str]] = {
    attr.SERVICE_NAME: "service",
    NAMESPACE: of_resource(NAMESPACE),
    attr.DEPLOYMENT_ENVIRONMENT_NAME: of_resource(attr.DEPLOYMENT_ENVIRONMENT_NAME),
    attr.GEN_AI_PROVIDER_NAME: "provider",
    attr.GEN_AI_REQUEST_MODEL: "request_model",
    attr.GEN_AI_AGENT_NAME: of_span(attr.GEN_AI_AGENT_NAME),
    attr.GEN_AI_TOOL_NAME: of_span(attr.GEN_AI_TOOL_NAME),
    attr.GEN_AI_PROMPT_NAME: "prompt_name",
    attr.SPANWISE_TENANT: "tenant",
    attr.SPANWISE_FEATURE: of_span(attr.SPANWISE_FEATURE),
    attr.USER_ID: "user_id",
    attr.SESSION_ID: "session_id",
}
"""SQL by attribute."""

INFERENCE: Final = (
    "duplicate_of IS NULL AND operation IN ("
    f"'{values.GEN_AI_OPERATION_NAME_CHAT}', '{values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT}', "
    f"'{values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION}')"
)
"""Calls that the metric of inferences counts."""

SPENDING: Final = (
    f"duplicate_of IS NULL AND (operation IN ('{values.GEN_AI_OPERATION_NAME_CHAT}', "
    f"'{values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT}', '{values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION}', "
    f"'{values.GEN_AI_OPERATION_NAME_EMBEDDINGS}') OR (kind = 'client' AND operation IN ("
    f"'{values.GEN_AI_OPERATION_NAME_FETCH_RESPONSE}', '{values.GEN_AI_OPERATION_NAME_RETRIEVAL}')))"
)
"""Calls whose cost is their own."""

USD: Final = "currency = 'USD' AND cost IS NOT NULL"

WITHIN: Final = "end_unix_nano > ? AND end_unix_nano <= ?"
"""What ended in a time: metrics are recorded at the end of a span. Parameters: from, to."""


def with_namespace(by: Iterable[str]) -> tuple[str, ...]:
    """The attributes of `by`, and the namespace before each service, as Prometheus has them."""
    found: list[str] = []
    for attribute in by:
        if attribute == attr.SERVICE_NAME:
            found.append(NAMESPACE)
        found.append(attribute)
    return tuple(found)


def keys(by: Iterable[str]) -> str:
    """SQL of the columns `k0`, `k1`, ... that tell groups apart, each followed by a comma."""
    return "".join(f"{COLUMNS[attribute]} AS k{at}, " for at, attribute in enumerate(by))


def labelled(by: Iterable[str], cells: Iterable[object]) -> dict[str, str]:
    """The labels of a group. One without a value is absent, as in Prometheus."""
    found = ((name, str(cell)) for name, cell in zip(by, cells, strict=True) if cell is not None)
    return {label_name(name): text[:MAX_TEXT] for name, text in found if text}


def counted(by: tuple[str, ...], measures: str, where: str) -> str:
    """SQL of `measures` of the spans that ended in a time, by group. Parameters: from, to, and those of `where`."""
    return f"SELECT {keys(by)}{measures} FROM {schema.TABLE} WHERE {WITHIN} AND {where} GROUP BY ALL"  # noqa: S608 - constants of this package
