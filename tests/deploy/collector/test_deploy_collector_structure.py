"""What holds in every rendered Collector file, whatever the policy."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath
from typing import Any, TypeAlias

import pytest
import yaml

from spanwise.deploy.collector import CONTRIB, RELEASES, SLIM, Component, compile_collector, role_files
from spanwise.deploy.collector.configuration import Configuration
from spanwise.deploy.collector.release import SECTIONS, NotBuiltError
from spanwise.plan import Plan
from spanwise.semconv.definitions import ATTRIBUTES
from tests.deploy.collector.role_server import plan


Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Yaml: TypeAlias = Any
"""A parsed YAML document."""

POLICIES = {
    "default": "",
    "sampled": "sampling: {ratio: 0.1}",
    "content on spans": "content: {mode: span}",
    "content apart": "{content: {mode: both}, sinks: {content: {clickhouse: {password_file: /run/pw}}}}",
    "elsewhere": """
sampling: {ratio: 0.5, keep: {errors: false, slower_than_s: false, dearer_than_usd: false, score_below: false,
           refused: false, new_prompt_version: false, tokens_above: false, spans_above: false}}
sinks:
  traces: {otlp: {endpoint: "https://otlp.example/x", headers_file: /run/h, tls: {ca_file: /run/ca}}}
  metrics: {}
""",
    "nowhere": "sinks: {traces: {}, metrics: {}}",
}

ROLES = ["agent", "all-in-one", "gateway", "kafka-gateway", "kafka-sampler", "sampler"]


@cache
def files(policy: str) -> dict[PurePosixPath, str]:
    """The rendered files of a policy, by path."""
    return {artefact.path: artefact.text for artefact in role_files(plan(policy))}


@cache
def documents(policy: str) -> dict[PurePosixPath, Yaml]:
    """The same, parsed."""
    return {path: yaml.load(text, Loader) for path, text in files(policy).items()}


EVERY = [(name, path) for name, text in POLICIES.items() for path in files(text)]


@pytest.fixture(params=EVERY, ids=lambda entry: f"{entry[0]}: {entry[1]}")
def document(request: pytest.FixtureRequest) -> Yaml:
    """Each file of each policy."""
    name, path = request.param
    return documents(POLICIES[name])[path]


def pipelines(document: Yaml) -> dict[str, Yaml]:
    """The pipelines of a file."""
    return dict(document["service"]["pipelines"])


def test_every_pipeline_begins_with_the_memory_limiter(document: Yaml) -> None:
    """Nothing is worked on before there is known to be memory for it."""
    assert {pipeline["processors"][0] for pipeline in pipelines(document).values()} == {"memory_limiter"}


def test_every_component_is_used_and_every_used_one_is_there(document: Yaml) -> None:
    """No dangling reference, no component that nobody asked for; an overlay may lean on its base."""
    for kind in ("receivers", "processors", "exporters"):
        used = {name for pipeline in pipelines(document).values() for name in pipeline[kind]}
        there = set(document.get(kind, {}))
        connectors = set(document.get("connectors", {})) if kind != "processors" else set()
        assert there <= used
        if "extensions" in document:
            assert used <= there | connectors
    assert set(document.get("extensions", {})) == set(document["service"].get("extensions", []))


def test_connectors_are_fed_and_read(document: Yaml) -> None:
    """What goes into a connector comes out of it somewhere."""
    fed = {name for pipeline in pipelines(document).values() for name in pipeline["exporters"]}
    read = {name for pipeline in pipelines(document).values() for name in pipeline["receivers"]}
    for connector in document.get("connectors", {}):
        assert connector in fed
        assert connector in read


def test_what_is_sent_waits_on_disk_and_is_never_given_up(document: Yaml) -> None:
    """Each exporter over the network has a queue in a file, bounded in bytes, and retries without end."""
    for name, settings in document.get("exporters", {}).items():
        if name.partition("/")[0] in {"debug", "prometheus"}:
            continue
        assert settings["sending_queue"]["storage"].startswith("file_storage/")
        assert settings["sending_queue"]["sizer"] == "bytes"
        assert settings["sending_queue"]["batch"]["max_size"] <= 4 * 1024 * 1024
        assert settings["retry_on_failure"]["max_elapsed_time"] == "0s"


def test_receivers_listen_on_loopback_unless_told(document: Yaml) -> None:
    """No file opens a port to the world by itself, and every request has a bound."""
    protocols = document.get("receivers", {}).get("otlp", {}).get("protocols", {})
    for settings in protocols.values():
        assert settings["endpoint"].startswith("${env:SPANWISE_OTLP_HOST:-127.0.0.1}:")
    assert not protocols or protocols["grpc"]["max_recv_msg_size_mib"] == 16
    assert not protocols or protocols["http"]["max_request_body_size"] == 16 * 1024 * 1024
    assert "0.0.0.0" not in yaml.safe_dump(document)


def test_metrics_are_made_before_sampling(document: Yaml) -> None:
    """A connector that makes metrics is fed by a pipeline without tail sampling, and not from behind one."""
    behind: set[str] = set()
    for pipeline in pipelines(document).values():
        if "tail_sampling" in pipeline["processors"]:
            behind.update(pipeline["exporters"])
    for pipeline in pipelines(document).values():
        makes = [name for name in pipeline["exporters"] if name.partition("/")[0].endswith("metrics")]
        if makes:
            assert "tail_sampling" not in pipeline["processors"]
            assert not behind.intersection(pipeline["receivers"])
            assert not behind.intersection(makes)


def test_no_store_of_traces_gets_content_unless_the_policy_says_so() -> None:
    """Each pipeline that ends in a store or a next hop takes content out, in every policy that wants none there."""
    for policy in ("default", "sampled", "elsewhere"):
        for path, document in documents(POLICIES[policy]).items():
            for name, pipeline in pipelines(document).items():
                ends = [e for e in pipeline["exporters"] if e not in document.get("connectors", {})]
                if name.startswith("traces") and ends and path.stem != "foreign":
                    assert "transform/drop_content" in pipeline["processors"], (path, name)
                if name.startswith("logs") and ends:
                    assert "transform/drop_log_content" in pipeline["processors"], (path, name)


def test_with_a_store_of_content_only_its_pipelines_have_content() -> None:
    """Content and traces part before the stores: no pipeline writes to both."""
    for path, document in documents(POLICIES["content apart"]).items():
        for name, pipeline in pipelines(document).items():
            ends = {e.partition("/")[2] or e for e in pipeline["exporters"]}
            if ends & {"jaeger", "tempo"}:
                assert "transform/drop_content" in pipeline["processors"], (path, name)
            if ends & {"content", "clickhouse"}:
                assert not ends & {"jaeger", "tempo"}, (path, name)


def test_every_convention_name_of_content_is_taken_out() -> None:
    """A new attribute of content in the registry is dropped without anybody thinking of it."""
    statements = files("")[PurePosixPath("sampler.yaml")]
    for name, attribute in ATTRIBUTES.items():
        if attribute.sensitivity == "content" and name.startswith("gen_ai.") and attribute.type != "template":
            assert f'delete_key(span.attributes, "{name}")' in statements, name


def test_secrets_are_files() -> None:
    """Passwords, tokens, keys and headers are read from files or the environment, never text of the file."""
    secret = {"password", "token", "key_file", "cert_file", "headers", "filename"}
    for text in POLICIES.values():
        for document in documents(text).values():
            for key, value in _leaves(document):
                if key in secret:
                    assert str(value).startswith(("${file:", "${env:", "/run/")), (key, value)


def _leaves(value: Yaml, key: str = "") -> list[tuple[str, Yaml]]:
    if isinstance(value, dict):
        return [leaf for name, inner in value.items() for leaf in _leaves(inner, name)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in _leaves(inner, key)]
    return [(key, value)]


def test_hops_between_collectors_are_secured_on_both_sides() -> None:
    """Gateways and samplers ask for certificate and token; who sends to them has both."""
    for path, document in documents("").items():
        for name, settings in document.get("exporters", {}).items():
            if name in {"otlp_grpc/gateway", "otlp_grpc/sampler"}:
                assert settings["tls"]["min_version"] == "1.3"
                assert settings["auth"]["authenticator"] == "bearertokenauth/outgoing"
        if path.stem in {"gateway", "sampler", "kafka-gateway"}:
            for settings in document["receivers"]["otlp"]["protocols"].values():
                assert settings["tls"]["client_ca_file"]
                assert settings["auth"]["authenticator"] == "bearertokenauth/incoming"


def test_all_in_one_tells_how_to_secure_it() -> None:
    """The file without TLS says what to write before it listens elsewhere."""
    text = files("")[PurePosixPath("all-in-one.yaml")]
    assert "client_ca_file: DIR/ca.crt" in text
    assert "authenticator: bearertokenauth" in text


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_there_for_every_release_and_says_what_is_tested(role: str) -> None:
    """One file a role and release; its head names version and what our tests do with it."""
    rendered = files("")
    for release in RELEASES:
        text = rendered[PurePosixPath(release.folder, f"{role}.yaml")]
        assert f"Collector {release.version}" in text
        exercised = "Our tests validate this file" if release.is_exercised else "Not exercised by our tests"
        assert exercised in " ".join(line.removeprefix("# ") for line in text.splitlines()[:8])


def test_every_setting_of_the_environment_is_explained_at_the_top() -> None:
    """What can be set from outside is listed with what it means."""
    for path, text in files(POLICIES["content apart"]).items():
        head, _, body = text.partition("\n\n")
        for name in set(re.findall(r"\$\{env:([A-Z0-9_]+)", body)):
            assert f"#   {name}: " in head, (path, name)


def test_a_ratio_of_one_leaves_tail_sampling_out_of_all_in_one_and_keeps_the_tier() -> None:
    """Where nothing is sampled away nothing waits in memory; the sampler, which is there to sample, still does."""
    whole, some = documents(""), documents(POLICIES["sampled"])
    for path in (PurePosixPath("all-in-one.yaml"), PurePosixPath("contrib/all-in-one.yaml")):
        assert "tail_sampling" not in whole[path]["processors"]
        assert "tail_sampling" in some[path]["processors"]
    assert "tail_sampling" in whole[PurePosixPath("sampler.yaml")]["processors"]


def test_rules_that_are_off_have_no_policy() -> None:
    """With every rule of keep off, the ratio alone decides, and no span is given a reason."""
    document = documents(POLICIES["elsewhere"])[PurePosixPath("sampler.yaml")]
    (policy,) = document["processors"]["tail_sampling"]["policies"]
    assert policy == {"name": "ratio", "type": "probabilistic", "probabilistic": {"sampling_percentage": 50.0}}
    (group,) = document["processors"]["transform/reason"]["trace_statements"]
    assert len(group["statements"]) == 1


def test_policies_have_names_of_their_own_and_reasons_are_among_them() -> None:
    """The processor refuses two policies of one name, and a reason without a policy would explain nothing."""
    document = documents(POLICIES["sampled"])[PurePosixPath("sampler.yaml")]
    named = [policy["name"] for policy in document["processors"]["tail_sampling"]["policies"]]
    assert len(named) == len(set(named))
    statements = yaml.safe_dump(document["processors"]["transform/reason"], width=10_000)
    reasons = set(re.findall(r'sample\.reason"\], "([a-z_]+)"\)', statements))
    assert reasons
    assert reasons <= set(named)


def test_contrib_shares_traces_out_and_writes_content_itself() -> None:
    """The image with more components uses them: load balancing by trace, ClickHouse."""
    rendered = documents(POLICIES["content apart"])
    gateway = rendered[PurePosixPath("contrib/gateway.yaml")]
    assert gateway["exporters"]["load_balancing/samplers"]["routing_key"] == "traceID"
    assert gateway["exporters"]["clickhouse"]["traces_table_name"] == "otel_traces_inbox"
    assert "otlp_grpc/content" in rendered[PurePosixPath("sampler.yaml")]["exporters"]
    assert PurePosixPath("contrib/content.yaml") in rendered


def test_components_are_named_by_the_release_alone() -> None:
    """A component that a release does not have is refused with both names, and each has its section."""
    with pytest.raises(NotBuiltError, match=r"Collector 0\.155\.0 .* has no load balancing by trace"):
        Configuration(SLIM, "x").add(Component.LOAD_BALANCING, "", {})
    assert CONTRIB.identity(Component.LOAD_BALANCING, "a") == "load_balancing/a"
    assert set(SECTIONS) == set(Component)


def test_two_components_of_one_id_and_different_settings_are_a_mistake() -> None:
    """The second would silently win in YAML."""
    file = Configuration(SLIM, "x")
    file.add(Component.FORWARD, "a", {})
    with pytest.raises(ValueError, match="forward/a is there already"):
        file.add(Component.FORWARD, "a", {"other": 1})


def test_the_same_plan_gives_the_same_bytes() -> None:
    """Rendering is a function of the plan."""
    assert [a.text for a in compile_collector(Plan())] == [a.text for a in compile_collector(Plan())]


def test_a_dollar_of_the_policy_is_no_variable() -> None:
    """A Collector expands what begins with a dollar; an address of the policy stays what it is."""
    policy = "sinks: {traces: {otlp: {endpoint: 'https://otlp.example/${env:HOME}', tls: {server_name: 'a$b'}}}}"
    settings = yaml.safe_load(files(policy)[PurePosixPath("sampler.yaml")])["exporters"]["otlp_http/otlp"]
    assert settings["endpoint"] == "https://otlp.example/$${env:HOME}"
    assert settings["tls"]["server_name_override"] == "a$$b"
