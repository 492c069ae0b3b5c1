"""What the checker says about whole spans."""

from __future__ import annotations

import pytest

from spanwise.semconv.checker import check
from tests.semconv.check.telemetry import CHAT, MCP, TOOL, WHERE, Json, changed, found, of_span, span, spans, violations


@pytest.mark.parametrize(
    ("attributes", "how"),
    [
        (CHAT, {}),
        (CHAT, {"kind": "SPAN_KIND_CLIENT"}),
        (changed(CHAT, gen_ai__request__model=None), {"name": "chat"}),
        (changed(CHAT, server__address=None, server__port=None), {"kind": 1}),
        (TOOL, {"name": "execute_tool search", "kind": 1}),
        (MCP, {"name": "tools/call search"}),
        (MCP, {"name": "tools/call search", "kind": 2}),
        ({**TOOL, "mcp.method.name": "tools/call"}, {"name": "execute_tool search", "kind": 1}),
        ({"gen_ai.operation.name": "plan", "gen_ai.agent.name": "cook"}, {"name": "plan cook", "kind": 1}),
    ],
)
def test_conforming_span(attributes: Json, how: Json) -> None:
    """A span as the conventions want it has neither violations nor improvements."""
    report = of_span(attributes, **how)
    assert report.judged == 1
    assert [one for one in report.findings if one.severity != "information"] == []


def test_other_spans_are_counted_and_not_judged() -> None:
    """A span that is not about GenAI has no findings, whatever it looks like; our mark on it changes nothing."""
    other = {"http.method": "GET", "Foo": 1, "spanwise.processed": "1"}
    report = check(spans(span(other, status=1), span({}, name="x", kind=0)))
    assert (report.spans, report.judged, report.findings) == (2, 0, ())


@pytest.mark.parametrize(
    ("attributes", "name", "wrong"),
    [
        (CHAT, "ChatCompletion", True),
        (CHAT, "chat", True),
        (changed(CHAT, gen_ai__request__model=None), "chat llama-4", True),
        (changed(CHAT, gen_ai__operation__name=None), "anything", False),
        (MCP, "search", True),
        (changed(MCP, mcp__method__name="ping", gen_ai__tool__name=None, gen_ai__operation__name=None), "ping", False),
    ],
)
def test_span_name(attributes: Json, name: str, wrong: bool) -> None:
    """The name is the first template whose attributes are known; it cannot be judged without the operation."""
    assert (("genai_span_name_format", None) in found(of_span(attributes, name=name))) is wrong


@pytest.mark.parametrize(
    ("attributes", "name", "kind", "wrong"),
    [
        (CHAT, "chat llama-4", 2, True),
        (CHAT, "chat llama-4", 1, False),
        (TOOL, "execute_tool search", 3, True),
        (MCP, "tools/call search", 1, False),
        (changed(MCP, gen_ai__operation__name=None), "tools/call search", 1, True),
        ({"gen_ai.operation.name": "invoke_agent"}, "invoke_agent", 1, False),
        ({"gen_ai.operation.name": "invoke_agent"}, "invoke_agent", 3, False),
        ({"gen_ai.operation.name": "invoke_agent"}, "invoke_agent", 2, True),
    ],
)
def test_span_kind(attributes: Json, name: str, kind: int, wrong: bool) -> None:
    """Each span type has its kinds, and the kind tells a remote agent from one in the process."""
    assert (("genai_span_kind_unexpected", None) in found(of_span(attributes, name=name, kind=kind))) is wrong


def test_remote_agents_owe_a_provider() -> None:
    """The kind decides which rules an agent's run is under."""
    agent = {"gen_ai.operation.name": "invoke_agent"}
    wanted = ("required_attribute_not_present", "gen_ai.provider.name")
    assert wanted in found(of_span(agent, name="invoke_agent", kind=3))
    assert wanted not in found(of_span(agent, name="invoke_agent", kind=1))


def test_unknown_operation() -> None:
    """An operation the conventions do not have is a violation, and is named."""
    report = of_span(changed(CHAT, gen_ai__operation__name="agent_step"), name="agent_step llama-4")
    assert ("genai_operation_name_unknown", "gen_ai.operation.name") in violations(report)
    assert "agent_step" in report.findings[0].message


@pytest.mark.parametrize("marking", ["gen_ai.system", "gen_ai.usage.prompt_tokens", "gen_ai.response.model"])
def test_without_operation_the_attributes_tell(marking: str) -> None:
    """A span without an operation is told by its attributes, outdated ones too, and lacks the operation."""
    report = of_span({marking: "x"})
    assert ("required_attribute_not_present", "gen_ai.operation.name") in violations(report)


@pytest.mark.parametrize(
    ("provider", "attribute"),
    [("openai", "openai.api.type"), ("aws.bedrock", "aws.bedrock.guardrail.id")],
)
def test_provider_narrows_the_rules(provider: str, attribute: str) -> None:
    """A provider with rules of its own is held to them, the others are not."""
    expected = ("genai_expected_attribute_missing", attribute)
    assert expected in violations(of_span(changed(CHAT, gen_ai__provider__name=provider)))
    assert expected not in violations(of_span(CHAT))


def test_skill_narrows_the_rules() -> None:
    """The run of a tool that loads a skill is named after both."""
    skill = {**TOOL, "gen_ai.skill.name": "pdf"}
    assert violations(of_span(skill, name="execute_tool search pdf", kind=1)) == []
    assert violations(of_span(skill, name="execute_tool search", kind=1)) == [("genai_span_name_format", None)]


@pytest.mark.parametrize(
    ("attributes", "status", "expected"),
    [
        (CHAT, 1, ("span_status_ok_set_by_instrumentation", None)),
        (CHAT, "STATUS_CODE_ERROR", ("error_type_missing_on_error", "error.type")),
        ({**CHAT, "error.type": "timeout"}, None, ("error_type_without_error_status", "error.type")),
    ],
)
def test_status(attributes: Json, status: object, expected: tuple[str, str | None]) -> None:
    """Instrumentation never sets OK, and an error has both the status and a type."""
    assert expected in violations(of_span(attributes, status=status))


def test_failed_call() -> None:
    """A failed call owes nothing of a response, but still what it asked for."""
    failed = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "groq",
        "gen_ai.request.model": "llama-4",
        "server.address": "api.groq.com",
        "server.port": 443,
        "error.type": "429",
    }
    report = of_span(failed, status=2)
    assert [one for one in report.findings if one.severity != "information"] == []
    assert not any(one.attribute == "gen_ai.response.id" for one in report.findings)
    lacking = of_span(changed(failed, gen_ai__provider__name=None), status=2)
    assert violations(lacking) == [("required_attribute_not_present", "gen_ai.provider.name")]


@pytest.mark.parametrize(
    ("status", "expected"), [(None, True), ("completed", True), ("queued", False), ("in_progress", False)]
)
def test_response_that_is_still_made(status: str | None, expected: bool) -> None:
    """What is made in the background has no token counts before its end."""
    report = of_span(changed(CHAT, gen_ai__usage__output_tokens=None, gen_ai__response__status=status))
    assert (("genai_expected_attribute_missing", "gen_ai.usage.output_tokens") in violations(report)) is expected


@pytest.mark.parametrize(
    ("outcome", "expected"), [(None, True), ("drained", True), ("closed", False), ("abandoned", False)]
)
def test_stream_that_was_not_read_to_its_end(outcome: str | None, expected: bool) -> None:
    """Nobody can expect token counts of a stream whose end was not read."""
    report = of_span(changed(CHAT, gen_ai__usage__output_tokens=None, spanwise__stream__outcome=outcome))
    assert (("genai_expected_attribute_missing", "gen_ai.usage.output_tokens") in violations(report)) is expected


@pytest.mark.parametrize(
    ("changes", "attribute", "wanted"),
    [
        ({"server.port": None}, "server.port", True),
        ({"server.port": None, "server.address": None}, "server.port", False),
        ({}, "error.type", False),
        ({}, "gen_ai.prompt.version", False),
        ({"gen_ai.prompt.name": "greeting"}, "gen_ai.prompt.version", True),
        ({}, "gen_ai.request.stream", False),
        ({"gen_ai.response.time_to_first_chunk": 0.1}, "gen_ai.request.stream", True),
    ],
)
def test_conditions_a_span_can_answer(changes: Json, attribute: str, wanted: bool) -> None:
    """A condition that the span itself answers is decided."""
    attributes = {name: item for name, item in {**CHAT, **changes}.items() if item is not None}
    lacking = ("conditionally_required_attribute_not_present", attribute)
    assert (lacking in found(of_span(attributes))) is wanted


def test_levels() -> None:
    """What is missing weighs as much as its level; what may not apply is information only."""
    report = of_span(changed(CHAT, gen_ai__provider__name=None, gen_ai__response__id=None))
    weights = {(one.attribute, one.id): one.severity for one in report.findings}
    assert weights["gen_ai.provider.name", "required_attribute_not_present"] == "violation"
    assert weights["gen_ai.response.id", "recommended_attribute_not_present"] == "improvement"
    assert weights["gen_ai.request.temperature", "recommended_attribute_not_present"] == "information"
    assert weights["gen_ai.input.messages", "opt_in_attribute_not_present"] == "information"
    assert weights["gen_ai.request.seed", "conditionally_required_attribute_not_present"] == "information"


def test_finding_says_where() -> None:
    """A finding has the span's name and ids."""
    [finding] = [one for one in of_span({**CHAT, "gen_ai.foo": 1}).findings if one.id == "missing_attribute"]
    assert (finding.signal, finding.subject, finding.where) == ("span", "chat llama-4", WHERE)


def test_instability_is_said_once() -> None:
    """That nothing is stable is said once for a kind of signal, not for each span."""
    report = check(spans(*[span(CHAT)] * 3))
    assert [one.signal for one in report.findings if one.id == "not_stable"] == ["span"]


def test_top_k_of_a_retrieval() -> None:
    """A name that is outdated on one span type only is outdated there, and current elsewhere."""
    retrieval = {"gen_ai.operation.name": "retrieval", "gen_ai.request.top_k": 3}
    assert ("deprecated", "gen_ai.request.top_k") in violations(of_span(retrieval, name="retrieval"))
    assert ("deprecated", "gen_ai.request.top_k") not in violations(of_span({**CHAT, "gen_ai.request.top_k": 3}))


def test_entity_association_is_information_once() -> None:
    """Agents in the process belong to the main agent, when it has a stable id."""
    tool = span(TOOL, name="execute_tool search", kind=1)
    lacking = ("entity_association_not_satisfied", None)
    report = check(spans(tool, tool))
    assert [one.severity for one in report.findings if one.id == lacking[0]] == ["information"]
    assert lacking not in found(check(spans(tool, resource={"gen_ai.main_agent.id": "urn:a"})))
