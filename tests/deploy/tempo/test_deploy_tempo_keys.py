"""`tempo.yaml` uses keys that Tempo has, and says what the policy says."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import pytest
import yaml

from spanwise.deploy.collector.tail import MOST_TRACE_BYTES
from spanwise.deploy.tempo import compile_tempo
from tests.deploy.collector.role_server import plan


Yaml: TypeAlias = Any
"""A parsed YAML document."""

KEYS: Final[Yaml] = {
    "server": {"http_listen_address": str, "http_listen_port": int, "grpc_listen_address": str},
    "distributor": {
        "max_attribute_bytes": int,
        "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": str, "max_recv_msg_size_mib": int}}}},
    },
    "storage": {"trace": {"backend": str, "wal": {"path": str}, "local": {"path": str}}},
    "overrides": {"defaults": {"compaction": {"block_retention": str}, "global": {"max_bytes_per_trace": int}}},
    "usage_report": {"reporting_enabled": bool},
}
"""Keys of Tempo 3.0 and the types of their values, of its documentation; those that 2.x had and 3.0 has not are absent
(ingester, compactor, metrics_generator_client)."""


def rendered(policy: str = "") -> Yaml:
    """The file of a policy."""
    (artefact,) = compile_tempo(plan(policy))
    assert artefact.path.name == "tempo.yaml"
    return yaml.safe_load(artefact.text)


@pytest.mark.parametrize("policy", ["", "retention: {traces: 3d}", "cap: {max_attribute_bytes: 4096}"])
def test_every_key_is_one_of_tempo(policy: str) -> None:
    """Tempo does not start with a key that it does not know."""
    assert unknown(rendered(policy), KEYS) == []


def test_a_key_of_version_two_is_noticed() -> None:
    """What the test above relies on."""
    document = rendered()
    document["compactor"] = {}
    document["server"]["http_listen_port"] = "3200"
    assert unknown(document, KEYS) == ["server.http_listen_port", "compactor"]


def unknown(document: Yaml, keys: Yaml, path: str = "") -> list[str]:
    """Paths of what `keys` does not have."""
    if not isinstance(keys, dict):
        return [] if type(document) is keys else [path]
    found = []
    for key, value in document.items():
        here = f"{path}.{key}".lstrip(".")
        found += unknown(value, keys[key], here) if key in keys else [here]
    return found


def test_bounds_and_retention_are_those_of_the_policy() -> None:
    """A prompt that the process lets out arrives whole; traces go after retention.traces."""
    document = rendered("{retention: {traces: 3d}, cap: {max_attribute_bytes: 100000}}")
    assert document["distributor"]["max_attribute_bytes"] == 100_000
    defaults = document["overrides"]["defaults"]
    assert defaults["compaction"]["block_retention"] == "72h"
    assert defaults["global"]["max_bytes_per_trace"] == MOST_TRACE_BYTES


def test_nothing_is_open_by_itself() -> None:
    """Loopback unless the environment says otherwise, no MCP server, nothing reported."""
    (artefact,) = compile_tempo(plan(""))
    document = yaml.safe_load(artefact.text)
    assert document["server"]["http_listen_address"] == "${SPANWISE_TEMPO_HOST:-127.0.0.1}"
    assert "query_frontend" not in document
    assert document["usage_report"] == {"reporting_enabled": False}
    assert "Not exercised by our tests" in artefact.text
