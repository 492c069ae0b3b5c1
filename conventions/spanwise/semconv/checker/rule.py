"""The rules a finding can come from, and how serious each is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Severity(StrEnum):
    """How serious a finding is, from worst to mildest."""

    VIOLATION = "violation"
    IMPROVEMENT = "improvement"
    INFORMATION = "information"


class Rule(StrEnum):
    """What was looked at. The value is the id of the finding, the same as OpenTelemetry Weaver's where it has one."""

    MISSING_ATTRIBUTE = "missing_attribute"
    TEMPLATE_ATTRIBUTE = "template_attribute"
    MISSING_METRIC = "missing_metric"
    MISSING_EVENT = "missing_event"
    DEPRECATED = "deprecated"
    TYPE_MISMATCH = "type_mismatch"
    NOT_STABLE = "not_stable"
    UNIT_MISMATCH = "unit_mismatch"
    UNEXPECTED_INSTRUMENT = "unexpected_instrument"
    UNDEFINED_ENUM_VARIANT = "undefined_enum_variant"
    REQUIRED_ATTRIBUTE_NOT_PRESENT = "required_attribute_not_present"
    RECOMMENDED_ATTRIBUTE_NOT_PRESENT = "recommended_attribute_not_present"
    OPT_IN_ATTRIBUTE_NOT_PRESENT = "opt_in_attribute_not_present"
    CONDITIONALLY_REQUIRED_ATTRIBUTE_NOT_PRESENT = "conditionally_required_attribute_not_present"
    ENTITY_REQUIRED_ATTRIBUTE_NOT_PRESENT = "entity_required_attribute_not_present"
    ENTITY_RECOMMENDED_ATTRIBUTE_NOT_PRESENT = "entity_recommended_attribute_not_present"
    ENTITY_ASSOCIATION_NOT_SATISFIED = "entity_association_not_satisfied"
    MISSING_NAMESPACE = "missing_namespace"
    INVALID_FORMAT = "invalid_format"
    ILLEGAL_NAMESPACE = "illegal_namespace"
    EXTENDS_NAMESPACE = "extends_namespace"
    GENAI_SPAN_NAME_FORMAT = "genai_span_name_format"
    GENAI_EXPECTED_ATTRIBUTE_MISSING = "genai_expected_attribute_missing"
    GENAI_SPAN_KIND_UNEXPECTED = "genai_span_kind_unexpected"
    GENAI_OPERATION_NAME_UNKNOWN = "genai_operation_name_unknown"
    GENAI_CONTENT_SCHEMA = "genai_content_schema"
    SPAN_STATUS_OK_SET_BY_INSTRUMENTATION = "span_status_ok_set_by_instrumentation"
    ERROR_TYPE_MISSING_ON_ERROR = "error_type_missing_on_error"
    ERROR_TYPE_WITHOUT_ERROR_STATUS = "error_type_without_error_status"


_MILDER: Final = {
    Severity.IMPROVEMENT: (
        Rule.RECOMMENDED_ATTRIBUTE_NOT_PRESENT,
        Rule.ENTITY_RECOMMENDED_ATTRIBUTE_NOT_PRESENT,
        Rule.MISSING_NAMESPACE,
    ),
    Severity.INFORMATION: (
        Rule.TEMPLATE_ATTRIBUTE,
        Rule.NOT_STABLE,
        Rule.UNDEFINED_ENUM_VARIANT,
        Rule.OPT_IN_ATTRIBUTE_NOT_PRESENT,
        Rule.CONDITIONALLY_REQUIRED_ATTRIBUTE_NOT_PRESENT,
        Rule.ENTITY_ASSOCIATION_NOT_SATISFIED,
        Rule.EXTENDS_NAMESPACE,
    ),
}

SEVERITIES: Final[Mapping[str, Severity]] = {rule.value: Severity.VIOLATION for rule in Rule} | {
    rule.value: severity for severity, rules in _MILDER.items() for rule in rules
}
"""The severity of each rule by its id: a violation unless the rule is milder."""


class Note(NamedTuple):
    """What a rule has to say about one sample: which rule, about which attribute, and a sentence without values.

    `certain` is false where only the caller can know whether it applies; it is then no more than information.
    """

    rule: Rule
    attribute: str | None
    message: str
    certain: bool = True
