"""The report: order, limits, groups, and what a caller may change."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from spanwise.semconv import spans as registry
from spanwise.semconv.checker import SEVERITIES, Finding, Inspection, Severity, check
from spanwise.semconv.checker.condition import CONDITIONS
from spanwise.semconv.events import ALL as EVENTS
from spanwise.semconv.metrics import ALL as METRICS
from tests.semconv.check.telemetry import CHAT, changed, found, of_span, span, spans, violations


WRONG = {**changed(CHAT, gen_ai__provider__name=None, gen_ai__response__id=None), "gen_ai.foo": 1}


def test_worst_first() -> None:
    """Findings come worst first, in their list and in their groups."""
    report = check(spans(span(WRONG), span(CHAT)))
    order = list(Severity)
    for severities in ([one.severity for one in report.findings], [group.severity for group in report.groups()]):
        assert severities == sorted(severities, key=order.index)
        assert len(set(severities)) == 3


def test_groups() -> None:
    """A group is a rule about an attribute, with how often and the first example."""
    report = check(spans(span(WRONG, name="one"), span(WRONG, name="two")))
    [group] = [one for one in report.groups() if one.id == "missing_attribute"]
    assert (group.attribute, group.signal, group.count, group.example.subject) == ("gen_ai.foo", "span", 2, "one")
    assert sum(one.count for one in report.groups()) == len(report.findings)


def test_limit_keeps_the_worst() -> None:
    """Beyond the limit findings are counted, the mildest go first, and nothing is forgotten in the counts."""
    everything = check(spans(*[span(CHAT)] * 20, span(WRONG)))
    short = check(spans(*[span(CHAT)] * 20, span(WRONG)), limit=10)
    assert len(short.findings) == 10
    assert violations(short) == violations(everything)
    assert short.severities == everything.severities
    assert short.left_out == len(everything.findings) - 10


def test_reaches() -> None:
    """A report reaches a severity when it has that one or a worse one."""
    good, wrong = of_span(CHAT), of_span(WRONG)
    assert [good.reaches(severity) for severity in Severity] == [False, False, True]
    assert [wrong.reaches(severity) for severity in Severity] == [True, True, True]
    assert not check([]).reaches(Severity.INFORMATION)


def test_limit_does_not_hide_a_failure() -> None:
    """Whether a severity is reached does not depend on how many findings are kept."""
    assert check(spans(span(WRONG)), limit=0).reaches(Severity.VIOLATION)


def test_ignored_rules() -> None:
    """A caller leaves out rules by id."""
    report = check(spans(span(WRONG)), ignore=["missing_attribute"])
    assert ("missing_attribute", "gen_ai.foo") not in found(report)
    assert ("extends_namespace", "gen_ai.foo") in found(report)


def test_other_severities() -> None:
    """A caller gives a rule another severity, which holds where the rule is uncertain too."""
    rules = {"missing_attribute": "information", "recommended_attribute_not_present": Severity.VIOLATION}
    report = check(spans(span(WRONG)), severities=rules)
    weights = {(one.id, one.attribute): one.severity for one in report.findings}
    assert weights["missing_attribute", "gen_ai.foo"] == "information"
    assert weights["recommended_attribute_not_present", "gen_ai.request.max_tokens"] == "violation"


def test_misspelt_rules_are_refused() -> None:
    """An id or severity that does not exist is an error, not a rule that silently stays."""
    with pytest.raises(ValueError, match="no such rule: mising_attribute"):
        check([], ignore=["mising_attribute"])
    with pytest.raises(ValueError, match="no such rule"):
        check([], severities={"x": "violation"})
    with pytest.raises(ValueError, match="fatal"):
        check([], severities={"deprecated": "fatal"})


def test_ids() -> None:
    """The ids are the ones upstream's tools use, with their severities."""
    assert {name for name, severity in SEVERITIES.items() if severity == "information"} == {
        "template_attribute",
        "not_stable",
        "undefined_enum_variant",
        "opt_in_attribute_not_present",
        "conditionally_required_attribute_not_present",
        "entity_association_not_satisfied",
        "extends_namespace",
    }
    assert SEVERITIES["recommended_attribute_not_present"] == SEVERITIES["missing_namespace"] == "improvement"
    assert {name for name in SEVERITIES if name.startswith(("genai_", "error_type_", "span_"))} == {
        "genai_span_name_format",
        "genai_expected_attribute_missing",
        "genai_span_kind_unexpected",
        "genai_operation_name_unknown",
        "genai_content_schema",
        "span_status_ok_set_by_instrumentation",
        "error_type_missing_on_error",
        "error_type_without_error_status",
    }


def test_conditions_are_the_registry_s() -> None:
    """Each condition that is decided stands in the registry in the same words, so none is dead."""
    uses = [
        *(use for definition in registry.ALL.values() for use in definition.uses),
        *(use for instrument in METRICS.values() for use in instrument.uses),
        *(use for event in EVENTS.values() for use in event.uses),
    ]
    assert set(CONDITIONS) <= {use.condition for use in uses}


def test_schemas_are_compiled_when_content_is_seen() -> None:
    """The JSON Schema library is loaded by the first content, and the SDK and pytest never."""
    code = (
        "import sys\n"
        "from spanwise.semconv.checker import check\n"
        "heavy = ('jsonschema', 'opentelemetry', 'pytest', 'google')\n"
        "print([name for name in heavy if name in sys.modules])\n"
        "check({'resourceSpans': [{'scopeSpans': [{'spans': [{'attributes': [{'key': 'gen_ai.input.messages',"
        " 'value': {'stringValue': '[]'}}]}]}]}]})\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[:2] == ["[]", "['jsonschema']"]


def test_memory_is_bounded_while_reading() -> None:
    """Findings beyond the limit are not even held: a stream without end costs no more than its first part."""
    gc.collect()
    before = sum(type(one) is Finding for one in gc.get_referrers(Finding))
    inspection = Inspection(limit=5)
    for _ in range(50):
        inspection.add_document(spans(span(WRONG)))
    held = sum(type(one) is Finding for one in gc.get_referrers(Finding)) - before
    assert 0 < held <= 5 * len(Severity)
    assert inspection.report().severities[Severity.VIOLATION] == 50 * len(violations(check(spans(span(WRONG)))))
