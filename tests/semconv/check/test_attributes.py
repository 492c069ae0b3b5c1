"""What the checker says about attributes that are there."""

from __future__ import annotations

import pytest

from spanwise.semconv.checker import check
from tests.semconv.check.telemetry import CHAT, Json, found, of_span, span, spans, violations


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("gen_ai.foo", 1, "missing_attribute"),
        ("mcp.foo", 1, "missing_attribute"),
        ("openai.foo", 1, "missing_attribute"),
        ("aws.bedrock.foo", 1, "missing_attribute"),
        ("spanwise.foo", 1, "missing_attribute"),
        ("gen_ai.prompt.variable.city", "Rome", "template_attribute"),
        ("gen_ai.prompt.variable.city", 1, "type_mismatch"),
        ("gen_ai.system", "openai", "deprecated"),
        ("gen_ai.usage.prompt_tokens", 1, "deprecated"),
        ("gen_ai.prompt", "x", "deprecated"),
        ("gen_ai.provider.name", "vertex_ai", "deprecated"),
        ("gen_ai.response.finish_reasons", ["tool_calls"], "deprecated"),
        ("gen_ai.usage.input_tokens", "12", "type_mismatch"),
        ("gen_ai.usage.input_tokens", 1.0, "type_mismatch"),
        ("gen_ai.usage.input_tokens", True, "type_mismatch"),
        ("gen_ai.request.temperature", "hot", "type_mismatch"),
        ("gen_ai.request.temperature", True, "type_mismatch"),
        ("gen_ai.request.stream", "true", "type_mismatch"),
        ("gen_ai.response.finish_reasons", "stop", "type_mismatch"),
        ("gen_ai.response.finish_reasons", [1], "type_mismatch"),
        ("gen_ai.response.id", 7, "type_mismatch"),
        ("gen_ai.input.messages", 7, "type_mismatch"),
        ("server.port", "443", "type_mismatch"),
        ("gen_ai.provider.name", "my_company", "undefined_enum_variant"),
        ("gen_ai.output.type", "video", "undefined_enum_variant"),
        ("model", "x", "missing_namespace"),
        ("gen_ai.Model", "x", "invalid_format"),
        ("gen_ai._x", "x", "invalid_format"),
        ("gen_ai.request.model.name", "x", "illegal_namespace"),
        ("gen_ai.usage", 1, "illegal_namespace"),
        ("gen_ai.usage.foo", 1, "extends_namespace"),
    ],
)
def test_attribute(name: str, value: object, expected: str) -> None:
    """Each rule about one attribute finds what it is for, and nothing on a span as it should be."""
    assert (expected, name) in found(of_span({**CHAT, name: value}))
    assert expected not in {one.id for one in of_span(CHAT).findings}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gen_ai.request.temperature", 1),
        ("gen_ai.request.temperature", 0.5),
        ("gen_ai.response.finish_reasons", []),
        ("gen_ai.prompt.variable.city", "Rome"),
        ("gen_ai.usage.cost.amount", 0.1),
        ("spanwise.cost.status", "exact"),
        ("http.anything", object()),
        ("app.Other", 1),
    ],
)
def test_attribute_that_is_right(name: str, value: object) -> None:
    """A whole number is a double; other namespaces are nobody's business here; our own names are registered."""
    assert violations(of_span({**CHAT, name: value})) == []


def test_deprecation_says_the_current_name() -> None:
    """Who uses an old name or value is told the new one."""
    old = {**CHAT, "gen_ai.system": "x", "gen_ai.response.finish_reasons": ["tool_calls"]}
    messages = [one.message for one in of_span(old).findings if one.id == "deprecated"]
    assert any("gen_ai.provider.name" in message for message in messages)
    assert any('"tool_call"' in message for message in messages)


@pytest.mark.parametrize("value", ["x" * 65, "\x1b[2J", "a\nb"])
def test_strange_values_are_not_shown(value: str) -> None:
    """Only what looks like an enum's value is quoted."""
    [finding] = [
        one for one in of_span({**CHAT, "gen_ai.provider.name": value}).findings if one.id == "undefined_enum_variant"
    ]
    assert value not in finding.message


def test_strange_names_are_made_printable() -> None:
    """A name from outside cannot act on a terminal or fill a screen."""
    report = check(spans(span({**CHAT, "gen_ai.\x1b[2J" + "x" * 500: 1}, name="\x1b]0;" + "y" * 500)))
    for finding in report.findings:
        assert (finding.attribute or "").isprintable()
        assert len(finding.attribute or "") <= 128
        assert finding.subject.isprintable()
        assert len(finding.subject) <= 128


def test_absent_value_is_no_attribute() -> None:
    """An attribute without a value counts as absent."""
    empty = {**CHAT, "gen_ai.provider.name": object()}
    assert ("required_attribute_not_present", "gen_ai.provider.name") in violations(of_span(empty))


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"gen_ai.main_agent.name": "cook"}, ("entity_required_attribute_not_present", "gen_ai.main_agent.id")),
        ({"gen_ai.main_agent.id": "urn:a"}, ("entity_recommended_attribute_not_present", "gen_ai.main_agent.name")),
        ({"gen_ai.foo": 1}, ("missing_attribute", "gen_ai.foo")),
    ],
)
def test_resource(resource: Json, expected: tuple[str, str]) -> None:
    """A resource that describes the main agent identifies it; governed names on it are registered. Said once."""
    document = spans(resource=resource)
    assert expected in found(check(document))
    assert len(check([document, document]).findings) == len(check(document).findings)


def test_narrowest_namespace() -> None:
    """The namespace that a new name adds to is the narrowest one."""
    [finding] = [one for one in of_span({**CHAT, "gen_ai.usage.foo": 1}).findings if one.id == "extends_namespace"]
    assert finding.message == "adds to the namespace gen_ai.usage"
