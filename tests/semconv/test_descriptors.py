"""The descriptors say what the convention says about spans, metrics, events and outdated names."""

from __future__ import annotations

import pytest

from spanwise.semconv import (
    attributes,
    definitions,
    deprecated,
    entities,
    enums,
    events,
    metrics,
    provisional,
    schema,
    spans,
    values,
)
from spanwise.semconv import environment as environment_names
from spanwise.semconv.descriptor import Event, Level, Span, Use


def use(uses: tuple[Use, ...], attribute: str) -> Use:
    """The use of `attribute` among `uses`."""
    (found,) = [one for one in uses if one.attribute == attribute]
    return found


def levels(uses: tuple[Use, ...], level: Level) -> set[str]:
    """The attributes of one level."""
    return {one.attribute for one in uses if one.level is level}


@pytest.mark.parametrize("span", spans.ALL.values(), ids=list(spans.ALL))
def test_spans_refer_to_attributes_once(span: Span) -> None:
    """Every attribute of a span is declared and stands there once; a condition stands where it is needed."""
    named = [one.attribute for one in span.uses]
    assert len(named) == len(set(named))
    assert set(named) <= definitions.ATTRIBUTES.keys()
    assert all(one.condition for one in span.uses if one.level is Level.CONDITIONALLY_REQUIRED)


@pytest.mark.parametrize("instrument", metrics.ALL.values(), ids=list(metrics.ALL))
def test_metrics_refer_to_attributes(instrument: metrics.Instrument) -> None:
    """Every label of a metric is declared, and only a histogram has buckets."""
    assert {one.attribute for one in instrument.uses} <= definitions.ATTRIBUTES.keys()
    assert instrument.kind in {"histogram", "counter", "gauge"}
    assert instrument.value in {"int", "double"}
    assert instrument.kind == "histogram" or instrument.buckets is None


@pytest.mark.parametrize("event", events.ALL.values(), ids=list(events.ALL))
def test_events_refer_to_attributes(event: Event) -> None:
    """Every attribute of an event is declared."""
    assert {one.attribute for one in event.uses} <= definitions.ATTRIBUTES.keys()


def test_an_operation_belongs_to_one_span_type_of_a_kind() -> None:
    """Operation name and kind lead to one span type, so that a span can be classified."""
    found = [
        (operation, kind)
        for span in spans.ALL.values()
        if span.refines is None
        for operation in span.operations
        for kind in span.kinds
    ]
    assert len(found) == len(set(found))
    assert {operation for operation, _ in found} == values.GEN_AI_OPERATION_NAME


def test_a_refinement_is_a_narrower_span() -> None:
    """A refinement has the kinds and operations of what it refines and leaves out none of its attributes."""
    refinements = [span for span in spans.ALL.values() if span.refines is not None]
    for span in refinements:
        assert span.refines is not None
        base = spans.ALL[span.refines]
        assert (span.kinds, span.operations, base.refines) == (base.kinds, base.operations, None)
        assert {one.attribute for one in base.uses} <= {one.attribute for one in span.uses}


def test_inference_is_described() -> None:
    """The inference span has the levels of the convention."""
    inference = spans.GEN_AI_CLIENT_INFERENCE.uses
    assert levels(inference, Level.REQUIRED) == {"gen_ai.operation.name", "gen_ai.provider.name"}
    assert levels(inference, Level.OPT_IN) == {
        "gen_ai.system_instructions", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.tool.definitions",
        "gen_ai.prompt.variable",
    }  # fmt: skip
    assert levels(inference, Level.CONDITIONALLY_REQUIRED) == {
        "gen_ai.request.model", "server.port", "error.type", "gen_ai.request.choice.count", "gen_ai.request.top_k",
        "gen_ai.request.seed", "gen_ai.output.type", "gen_ai.request.stream", "gen_ai.prompt.name",
        "gen_ai.prompt.version", "gen_ai.conversation.id",
    }  # fmt: skip
    assert len(levels(inference, Level.RECOMMENDED)) == 28
    assert {one.attribute for one in inference if one.sampling} == {
        "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "server.address", "server.port",
    }  # fmt: skip


def test_what_a_successful_inference_is_expected_to_carry() -> None:
    """The conformance suite's demands on an inference: what is always known of a call that succeeded."""
    assert {one.attribute for one in spans.GEN_AI_CLIENT_INFERENCE.uses if one.expected} == {
        "gen_ai.operation.name", "gen_ai.provider.name", "server.address", "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens", "gen_ai.response.id", "gen_ai.response.model", "gen_ai.response.finish_reasons",
    }  # fmt: skip


def test_fetching_a_response_counts_no_tokens() -> None:
    """A stored response was paid for when it was made."""
    names = {one.attribute for one in spans.GEN_AI_FETCH_RESPONSE_CLIENT.uses}
    assert not any(name.startswith("gen_ai.usage.") for name in names)
    assert "gen_ai.input.messages" not in names


def test_agents_in_process_lose_what_only_a_service_knows() -> None:
    """Provider, agent id and version, cache and modality splits are for remote agents."""
    remote = {one.attribute for one in spans.GEN_AI_INVOKE_AGENT_CLIENT.uses}
    local = {one.attribute for one in spans.GEN_AI_INVOKE_AGENT_INTERNAL.uses}
    gone = {"gen_ai.provider.name", "gen_ai.agent.id", "gen_ai.agent.version", "gen_ai.usage.cache_read.input_tokens"}
    assert gone <= remote - local
    assert {"gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"} <= local


def test_the_sides_of_mcp_name_each_other() -> None:
    """The client says which server, the server which client; both are told by their method."""
    client, server = spans.MCP_CLIENT, spans.MCP_SERVER
    assert (client.kinds, server.kinds, client.operations) == (("client",), ("server",), ())
    one, other = ({used.attribute for used in span.uses} for span in (client, server))
    assert one ^ other == {"server.address", "server.port", "client.address", "client.port"}
    assert use(client.uses, "gen_ai.operation.name").values == ("execute_tool",)


def test_refinements_of_inference_hold_their_provider() -> None:
    """A provider's refinement allows only that provider, and Bedrock's wants a guardrail."""
    held = {
        id_: use(span.uses, "gen_ai.provider.name").values
        for id_, span in spans.ALL.items()
        if span.refines == "gen_ai.client.inference"
    }
    assert held == {
        "openai.gen_ai.client.inference": ("openai",),
        "azure.ai.gen_ai.client.inference": ("azure.ai.inference",),
        "anthropic.gen_ai.client.inference": ("anthropic",),
        "aws.bedrock.gen_ai.client.inference": ("aws.bedrock",),
    }
    bedrock = spans.AWS_BEDROCK_GEN_AI_CLIENT_INFERENCE.uses
    assert use(bedrock, "aws.bedrock.guardrail.id").level is Level.REQUIRED
    assert use(spans.OPENAI_GEN_AI_CLIENT_INFERENCE.uses, "gen_ai.request.model").level is Level.REQUIRED


def test_names_of_spans() -> None:
    """Templates are tried from the most telling to the one that always works."""
    assert spans.GEN_AI_CLIENT_INFERENCE.names == (
        "{gen_ai.operation.name} {gen_ai.request.model}",
        "{gen_ai.operation.name}",
    )
    assert spans.GEN_AI_FETCH_RESPONSE_CLIENT.names == ("{gen_ai.operation.name}",)
    assert spans.GEN_AI_EXECUTE_TOOL_COMMAND_INTERNAL.names[1].endswith("{process.executable.name}")
    for span in spans.ALL.values():
        assert "{gen_ai.skill.resource.name}" not in span.names[-1]


def test_bucket_advice() -> None:
    """Histograms carry the bounds of upstream's prose; where it has none, there are none."""
    duration = metrics.GEN_AI_CLIENT_INFERENCE_DURATION.buckets
    tokens = metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS.buckets
    agent = metrics.GEN_AI_INVOKE_AGENT_DURATION.buckets
    assert duration == tuple(round(0.01 * 2**n, 2) for n in range(14))
    assert tokens == tuple(4**n for n in range(14))
    assert agent == tuple(round(0.1 * 2**n, 1) for n in range(13))
    without = [i.name for i in metrics.ALL.values() if i.kind == "histogram" and i.buckets is None]
    assert without == ["gen_ai.invoke_agent.inference_calls", "gen_ai.invoke_agent.tool_calls"]


def test_labels_of_metrics() -> None:
    """Counters of tokens are split by modality and not by failure; histograms the other way round."""
    for name, instrument in metrics.ALL.items():
        labels = {one.attribute for one in instrument.uses}
        if name.startswith("gen_ai.client.inference.usage."):
            assert "gen_ai.token.modality" in labels
            assert "error.type" not in labels
        if name.startswith("gen_ai.client.inference.operation."):
            assert "gen_ai.token.modality" not in labels
            assert "error.type" in labels


def test_metric_refinements_add_to_their_metric() -> None:
    """OpenAI's refinements keep name, unit and labels, and add the tier and the fingerprint."""
    for refined in metrics.REFINEMENTS.values():
        base = metrics.ALL[refined.name]
        added = {one.attribute for one in refined.uses} - {one.attribute for one in base.uses}
        assert added == {"openai.response.service_tier", "openai.response.system_fingerprint"}
        assert (refined.unit, refined.kind, refined.buckets) == (base.unit, base.kind, base.buckets)


def test_events_have_level_and_severity() -> None:
    """The details event carries what an inference span carries; severities are the convention's."""
    details = events.ALL[events.GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS]
    assert details.uses == spans.GEN_AI_CLIENT_INFERENCE.uses
    assert {name: event.severity for name, event in events.ALL.items()} == {
        "gen_ai.client.inference.operation.details": "DEBUG",
        "gen_ai.evaluation.result": None,
        "gen_ai.client.operation.exception": "WARN",
    }
    assert {event.level for event in events.ALL.values()} == {Level.RECOMMENDED}


def test_entities_are_of_the_resource() -> None:
    """The main agent is identified by its id, and four kinds of span belong to it."""
    agent = entities.ALL["gen_ai.main_agent"]
    assert agent.identity == ("gen_ai.main_agent.id",)
    members = {id_ for id_, span in spans.ALL.items() if agent.type in span.entities and span.refines is None}
    assert members == {
        "gen_ai.execute_tool.internal", "gen_ai.invoke_agent.internal", "gen_ai.invoke_workflow.internal",
        "gen_ai.plan.internal",
    }  # fmt: skip


def test_outdated_names_lead_to_current_ones() -> None:
    """A renamed name leads to a name that exists and is not outdated itself."""
    current = {*definitions.ATTRIBUTES, *metrics.ALL, *events.ALL, *spans.ALL}
    for old, (new, note) in deprecated.RENAMED.items():
        assert old not in current
        assert new is None or (new in current and new not in deprecated.RENAMED)
        assert note
    assert deprecated.RENAMED["gen_ai.system"][0] == "gen_ai.provider.name"
    assert len(deprecated.RENAMED) == 29
    assert {old for old in deprecated.CONTEXTUAL if "[]" not in old} <= current


def test_outdated_values_lead_to_current_ones() -> None:
    """An outdated value leads to a listed one and is not listed itself."""
    for name, changed in deprecated.VALUES.items():
        listed = definitions.ATTRIBUTES[deprecated.RENAMED.get(name, (name,))[0] or name].members
        assert set(changed.values()) <= set(listed)
        assert not set(changed) & set(listed)


def test_enumerations_are_the_values() -> None:
    """A class of an enumeration has the values of its constants, and its members are strings."""
    assert {member.value for member in enums.GenAiOperationName} == values.GEN_AI_OPERATION_NAME
    assert enums.GenAiProviderName("aws.bedrock") is enums.GenAiProviderName.AWS_BEDROCK
    assert enums.McpMethodName("logging/setLevel") is enums.McpMethodName.LOGGING_SET_LEVEL
    assert f"{enums.GenAiOutputType.JSON}" == "json"


def test_definitions_are_the_names() -> None:
    """Every name has a definition of the same sensitivity, and every definition a constant."""
    names = {value for key, value in vars(attributes).items() if key.isupper() and isinstance(value, str)}
    assert names == definitions.ATTRIBUTES.keys()
    for sensitivity, listed in (
        ("content", attributes.CONTENT),
        ("personal", attributes.PERSONAL),
        ("safe", attributes.SAFE),
    ):
        assert listed == {name for name, one in definitions.ATTRIBUTES.items() if one.sensitivity == sensitivity}
    assert definitions.TEMPLATES == ("gen_ai.prompt.variable", "spanwise.metadata")


def test_what_is_in_flight_is_marked() -> None:
    """A proposal can be looked up by its name and is no attribute of the registry."""
    assert provisional.PROPOSALS[provisional.GEN_AI_INVOCATION_IS_NESTED] == "#571"
    assert not provisional.PROPOSALS.keys() & definitions.ATTRIBUTES.keys()
    assert "a2a" in provisional.NAMESPACES


def test_the_upstream_state_is_recorded() -> None:
    """Commit and schema URL of upstream are in the package."""
    assert schema.UPSTREAM_COMMIT == "6fd0d763a092db245a54104fc1124031eb3c51d2"
    assert schema.SCHEMA_URL.startswith("https://opentelemetry.io/schemas/gen-ai-dev/")
    assert environment_names.SPANWISE_PIPELINE == "SPANWISE_PIPELINE"
