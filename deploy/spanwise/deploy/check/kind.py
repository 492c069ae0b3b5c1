"""`Kind`: what a configuration file is for, told by what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeAlias

from spanwise.deploy.collector.release import CONTRIB


Parsed: TypeAlias = Any
"""A document of YAML or JSON that somebody wrote: anything."""


class Kind(StrEnum):
    """Whose file it is."""

    POLICY = "spanwise policy"
    COLLECTOR = "collector configuration"
    CONTRIB_COLLECTOR = "collector configuration for the contrib image"
    JAEGER = "jaeger configuration"
    TEMPO = "tempo configuration"
    PROMETHEUS = "prometheus configuration"
    RULES = "prometheus rules"
    RULE_TESTS = "prometheus rule tests"
    ALERTMANAGER = "alertmanager configuration"
    DASHBOARD = "grafana dashboard"
    PROVISIONING = "grafana provisioning"
    COMPOSE = "compose file"
    KUBERNETES = "kubernetes manifest"
    YAML = "yaml"
    JSON = "json"
    OTHER = "other"


def kind_of(name: str, documents: Sequence[Parsed], *, beginning: bytes = b"") -> Kind:
    """What the file `name` with these YAML or JSON documents is; `YAML` or `JSON` when it is none of ours.

    `beginning` is the file's first bytes: a rendered file says there which Collector it is for.
    """
    # What stands before the first separator may be nothing but comments.
    first = next((found for found in documents if found is not None), None)
    for kind, is_kind in _SIGNS:
        if isinstance(first, Mapping) and is_kind(first):
            is_contrib = kind is Kind.COLLECTOR and CONTRIB.about.encode() in beginning
            return Kind.CONTRIB_COLLECTOR if is_contrib else kind
    return Kind.JSON if name.endswith(".json") else Kind.YAML


def _is_policy(found: Mapping[str, Parsed]) -> bool:
    return bool(found) and set(found) <= _POLICY_SECTIONS


def _has(*keys: str) -> Callable[[Mapping[str, Parsed]], bool]:
    return lambda found: all(key in found for key in keys)


def _any(*keys: str) -> Callable[[Mapping[str, Parsed]], bool]:
    return lambda found: any(key in found for key in keys)


def _is_jaeger(found: Mapping[str, Parsed]) -> bool:
    extensions = found.get("extensions")
    return isinstance(extensions, Mapping) and "jaeger_storage" in extensions


def _is_collector(found: Mapping[str, Parsed]) -> bool:
    return "service" in found and isinstance(found["service"], Mapping) and _any("receivers", "exporters")(found)


_POLICY_SECTIONS: Final = {
    *(
        "semconv",
        "cost",
        "prices",
        "redact",
        "cap",
        "measure",
        "normalise",
        "dedupe",
        "flavour",
        "content",
        "sinks",
        "retention",
    ),
    *("budgets", "sampling", "slos", "alerts"),
}

_SIGNS: Final[tuple[tuple[Kind, Callable[[Mapping[str, Parsed]], bool]], ...]] = (
    (Kind.KUBERNETES, _has("apiVersion", "kind", "metadata")),
    (Kind.PROVISIONING, lambda found: isinstance(found.get("apiVersion"), int)),
    (Kind.DASHBOARD, _has("panels", "schemaVersion")),
    (Kind.COMPOSE, lambda found: isinstance(found.get("services"), Mapping)),
    (Kind.JAEGER, _is_jaeger),
    (Kind.COLLECTOR, _is_collector),
    (Kind.RULE_TESTS, _has("rule_files", "tests")),
    (Kind.RULES, lambda found: isinstance(found.get("groups"), Sequence)),
    (Kind.ALERTMANAGER, _has("route", "receivers")),
    (Kind.PROMETHEUS, _any("scrape_configs", "rule_files", "otlp", "alerting")),
    (Kind.TEMPO, lambda found: "distributor" in found or ("server" in found and "storage" in found)),
    (Kind.POLICY, _is_policy),
)
"""By what each kind is known, the surest first."""
