"""The files for the contrib image, which nothing here can run: parts exercised elsewhere, or keys of a table."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, Final, TypeAlias

import pytest

from spanwise.deploy.collector import CONTRIB, SLIM
from spanwise.deploy.collector.configuration import SECTION_ORDER
from tests.deploy.collector.test_deploy_collector_structure import POLICIES, documents


Yaml: TypeAlias = Any
"""A parsed YAML document."""

_HOP: Final = {"timeout", "sending_queue", "retry_on_failure"}

KEYS: Final[dict[str, set[str]]] = {
    "load_balancing": _HOP | {"routing_key", "routing_attributes", "protocol", "resolver"},
    "clickhouse": _HOP
    | {"endpoint", "database", "username", "password", "ttl", "compress", "async_insert", "create_schema", "tls"}
    | {"traces_table_name", "logs_table_name", "metrics_tables", "table_engine", "cluster_name", "json"}
    | {"connection_params"},
    "gen_ai_normalizer": {"overwrite_schema_url", "sources"},
}
"""Top-level keys of the components that the slim distribution lacks, of contrib's documentation up to 0.165."""

_SOURCE: Final = {"name", "remove_originals", "overwrite", "custom_mappings"}
_RESOLVERS: Final = {
    "static": {"hostnames"},
    "dns": {"hostname", "port", "interval", "timeout"},
    "k8s": {"service", "ports", "timeout", "return_hostnames"},
}

CONTRIB_FILES = [
    (name, path) for name, text in POLICIES.items() for path in documents(text) if path.parts[0] == CONTRIB.folder
]


@pytest.mark.parametrize(("policy", "path"), CONTRIB_FILES, ids=map(str, CONTRIB_FILES))
def test_each_component_is_one_that_the_slim_collector_takes_or_has_known_keys(
    policy: str, path: PurePosixPath
) -> None:
    """What both builds have stands in a file that a real Collector validated, to the letter; the rest is in a table."""
    rendered = documents(POLICIES[policy])
    taken: dict[str, list[Yaml]] = {}
    for other, document in rendered.items():
        if other.parts[0] != CONTRIB.folder:
            for identity, settings in _components(document):
                taken.setdefault(identity, []).append(settings)
    for identity, settings in _components(rendered[path]):
        kind = identity.partition("/")[0]
        if kind in SLIM.names.values():
            assert settings in taken.get(identity, []), identity
        else:
            assert set(settings) <= KEYS[kind], identity


@pytest.mark.parametrize("path", ["contrib/gateway.yaml", "contrib/kafka-gateway.yaml"])
def test_load_balancing_has_one_resolver_with_its_keys(path: str) -> None:
    """The queue is outside, where it is shared; the protocol inside has none of its own."""
    document = documents("")[PurePosixPath(path)]
    for identity, settings in document["exporters"].items():
        if identity.startswith("load_balancing"):
            ((name, resolver),) = settings["resolver"].items()
            assert set(resolver) <= _RESOLVERS[name]
            assert settings["protocol"]["otlp"]["sending_queue"] == {"enabled": False}
            assert settings["sending_queue"]["storage"]


def _components(document: Yaml) -> list[tuple[str, Yaml]]:
    return [entry for section in SECTION_ORDER for entry in document.get(section, {}).items()]
