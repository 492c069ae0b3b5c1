"""The registry holds everything the convention has at its commit, once, and refuses to contradict itself."""

from __future__ import annotations

import copy
import re
from collections import Counter

import pytest

from spanwise.semconv.descriptor import Level
from spanwise.semconv.generate import Registry, RegistryError
from spanwise.semconv.generate.python_source import constant
from spanwise.semconv.generate.registry import UPSTREAM


REGISTRY = Registry.load()
TYPES = {"string", "int", "double", "boolean", "string[]", "int[]", "any", "enum", "template"}


def names(prefix: str, file: str) -> list[str]:
    """The attributes below `prefix` that `file` declares."""
    return [entry["name"] for entry in REGISTRY.files[file]["attributes"] if entry["name"].startswith(prefix)]


@pytest.mark.parametrize(
    ("prefix", "file", "count"),
    [("gen_ai.", "gen_ai", 79), ("mcp.", "mcp", 4), ("openai.", "openai", 4), ("aws.bedrock.", "aws_bedrock", 2)],
)
def test_every_upstream_attribute_is_there(prefix: str, file: str, count: int) -> None:
    """The registry has as many attributes as upstream's commit, each in the file of its namespace."""
    assert len(names(prefix, file)) == count == len(REGISTRY.files[file]["attributes"])


def test_the_types_are_those_of_upstream() -> None:
    """The mix of types is the one counted at upstream's commit, and no other type stands anywhere."""
    mix = Counter(REGISTRY.attributes[name].type for name in names("gen_ai.", "gen_ai"))
    assert mix == {
        "string": 33, "int": 21, "any": 8, "double": 6, "enum": 5, "string[]": 3, "boolean": 2, "template": 1
    }  # fmt: skip
    assert {attribute.type for attribute in REGISTRY.attributes.values()} <= TYPES


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("gen_ai.operation.name", 18),
        ("gen_ai.provider.name", 16),
        ("gen_ai.output.type", 4),
        ("gen_ai.response.status", 6),
        ("gen_ai.token.modality", 4),
        ("gen_ai.response.finish_reasons", 6),
        ("openai.request.service_tier", 2),
        ("openai.api.type", 2),
        ("mcp.method.name", 25),
    ],
)
def test_every_upstream_value_is_there(name: str, count: int) -> None:
    """An enumeration has as many values as upstream's commit."""
    assert len(REGISTRY.attributes[name].members) == count


def test_every_value_says_what_it_means() -> None:
    """A constant of an enumeration has a docstring."""
    assert [(n, v) for n, members in REGISTRY.members.items() for v, said in members.items() if not said] == []


def test_an_enumeration_has_members() -> None:
    """Type enum without values would be a string."""
    assert [a.name for a in REGISTRY.attributes.values() if a.type == "enum" and not a.members] == []


def test_every_signal_is_there() -> None:
    """Spans, refinements, metrics, events and entities are as many as at upstream's commit."""
    upstream = [name for name in REGISTRY.instruments if not name.startswith("spanwise.")]
    assert len([span for span in REGISTRY.spans.values() if span.refines is None]) == 13
    assert len([span for span in REGISTRY.spans.values() if span.refines is not None]) == 8
    assert len(upstream) == 23
    assert len(REGISTRY.refined_instruments) == 8
    assert sorted(REGISTRY.events) == [
        "gen_ai.client.inference.operation.details",
        "gen_ai.client.operation.exception",
        "gen_ai.evaluation.result",
    ]
    assert list(REGISTRY.entities) == ["gen_ai.main_agent"]


def test_no_group_of_uses_is_left_over() -> None:
    """Every group of attributes is used by a span or a metric."""
    for file in ("spans", "metrics"):
        parsed = REGISTRY.files[file]
        entries = [*parsed[file], *parsed["refinements"], *REGISTRY.files["spanwise"].get(file, [])]
        assert set(parsed["groups"]) - {group for entry in entries for group in entry.get("groups", [])} == set()


def test_no_bucket_advice_is_left_over() -> None:
    """Every list of bounds is some histogram's, and rises."""
    parsed = REGISTRY.files["metrics"]
    entries = [*parsed["metrics"], *REGISTRY.files["spanwise"]["metrics"]]
    assert {entry["buckets"] for entry in entries if "buckets" in entry} == set(parsed["buckets"])
    assert all(bounds == sorted(set(bounds)) for bounds in parsed["buckets"].values())


def test_every_attribute_has_a_sensitivity() -> None:
    """Redaction can rely on the sensitivity of each attribute; structured content is never less than content."""
    assert {a.sensitivity for a in REGISTRY.attributes.values()} == {"content", "personal", "plain", "safe"}
    assert {a.sensitivity for a in REGISTRY.attributes.values() if a.type == "any"} == {"content"}
    assert {a.sensitivity for a in REGISTRY.attributes.values() if a.type == "template"} == {"content", "personal"}


def test_constants_are_distinct() -> None:
    """No two names become one constant."""
    for listed in (REGISTRY.attributes, REGISTRY.spans, REGISTRY.instruments | REGISTRY.refined_instruments):
        assert len({constant(name) for name in listed}) == len(listed)


def test_our_extension_stays_out_of_upstream_namespaces() -> None:
    """Beyond `spanwise.` we use only the names of the cost proposal."""
    ours = [entry["name"] for entry in REGISTRY.files["spanwise"]["attributes"]]
    assert sorted(name for name in ours if not name.startswith("spanwise.")) == [
        "gen_ai.usage.cost.amount",
        "gen_ai.usage.cost.currency",
        "gen_ai.usage.cost.source",
    ]
    assert [n for file in UPSTREAM for n in names("spanwise.", file)] == []


def test_what_is_in_flight_is_not_in_the_registry() -> None:
    """A proposed name is neither a current nor an outdated one, and says where it is discussed."""
    topics = REGISTRY.files["provisional"]["topics"]
    proposed = [
        name for t in topics for kind in ("attributes", "spans", "metrics", "events") for name in t.get(kind, [])
    ]
    current = {*REGISTRY.attributes, *REGISTRY.spans, *REGISTRY.instruments, *REGISTRY.events}
    outdated = {entry["from"] for entry in REGISTRY.files["deprecated"]["renamed"]}
    assert len(proposed) == len(set(proposed)) > 10
    assert set(proposed) & (current | outdated) == set()
    values = [(name, value) for topic in topics for name, listed in topic.get("values", {}).items() for value in listed]
    assert [(n, v) for n, v in values if v in REGISTRY.attributes[n].members] == []
    assert all(re.search(r"#\d+|branch|none", topic["where"]) for topic in topics)


def change(file: str, part: str, place: int, **values: object) -> Registry:
    """The registry with one entry changed."""
    files = copy.deepcopy(REGISTRY.files)
    files[file][part][place] |= values
    return Registry.resolve(files)


@pytest.mark.parametrize(
    ("file", "part", "values", "said"),
    [
        ("gen_ai", "attributes", {"name": "gen_ai.provider.name"}, "declared twice"),
        ("gen_ai", "attributes", {"breif": "x"}, "no such key: breif"),
        ("spans", "spans", {"groups": ["nothing"]}, "no such group: nothing"),
        (
            "spans",
            "spans",
            {"uses": [{"ref": "gen_ai.nothing", "level": "opt_in"}]},
            "no such attribute: gen_ai.nothing",
        ),
        ("spans", "spans", {"uses": [{"ref": "error.type", "level": "conditionally_required"}]}, "but when?"),
        ("spans", "spans", {"uses": [{"ref": "error.type", "level": "perhaps"}]}, "perhaps"),
        ("spans", "spans", {"names": ["{gen_ai.tool.name}"]}, "the name needs gen_ai.tool.name"),
        ("spans", "spans", {"entities": ["nothing"]}, "no such entity: nothing"),
        ("events", "events", {"uses": [{"ref": "x", "level": "opt_in"}]}, "no such attribute: x"),
        ("metrics", "metrics", {"uses": [{"ref": "x", "level": "opt_in"}]}, "no such attribute: x"),
        ("entities", "entities", {"identity": ["x"]}, "no such attribute: x"),
        ("deprecated", "renamed", {"to": "x"}, "no such attribute: x"),
    ],
)
def test_a_contradiction_is_an_error(file: str, part: str, values: dict[str, object], said: str) -> None:
    """A slip in the YAML stops the generator with a message, and never becomes a wrong constant."""
    with pytest.raises(ValueError, match=re.escape(said)):
        change(file, part, 0, **values)


def test_own_contradictions_are_registry_errors() -> None:
    """The generator's own complaint has a class of its own."""
    with pytest.raises(RegistryError):
        change("spans", "spans", 0, groups=["nothing"])


def test_expected_follows_from_level_and_condition() -> None:
    """What is recommended only sometimes is not demanded; what is required is."""
    every = [use for span in REGISTRY.spans.values() for use in span.uses]
    assert all(use.expected for use in every if use.level is Level.REQUIRED)
    assert not any(use.expected for use in every if use.level in {Level.OPT_IN, Level.CONDITIONALLY_REQUIRED})
    assert all(use.expected is not bool(use.condition) for use in every if use.level is Level.RECOMMENDED)
