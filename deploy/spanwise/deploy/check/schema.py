"""Checks by schema, where an engine has no program that judges its files without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from spanwise.deploy.check.compose_schema import COMPOSE
from spanwise.deploy.check.document import Documents
from spanwise.deploy.check.finding import Finding
from spanwise.deploy.check.grafana_schema import DASHBOARD, PROVISIONING
from spanwise.deploy.check.kind import Kind, Parsed
from spanwise.deploy.check.kubernetes_schema import schema_of


if TYPE_CHECKING:
    from jsonschema import ValidationError


_MOST: Final = 40
_LONGEST: Final = 300

SCHEMAS: Final[Mapping[Kind, Callable[[Parsed], Mapping[str, Parsed]]]] = {
    Kind.COMPOSE: lambda _: COMPOSE,
    Kind.KUBERNETES: schema_of,
    Kind.DASHBOARD: lambda _: DASHBOARD,
    Kind.PROVISIONING: lambda _: PROVISIONING,
}
"""The schema of a document, by what it is. Ours are reduced: what they refuse is wrong, what they pass may still be."""


def findings(kind: Kind, documents: Documents) -> list[Finding]:
    """What in `documents` does not follow the schema of `kind`, by line; 40 at most.

    Raises:
        KeyError: there is no schema for `kind`.
    """
    found = islice(_errors(kind, documents), _MOST)
    return sorted((_finding(error, index, documents) for error, index in found), key=lambda finding: finding.line or 0)


def _errors(kind: Kind, documents: Documents) -> Iterator[tuple[ValidationError, int]]:
    from jsonschema import Draft202012Validator

    for index, value in enumerate(documents.values):
        if value is None:  # what stands between two separators may be nothing but a comment
            continue
        for error in Draft202012Validator(SCHEMAS[kind](value)).iter_errors(value):
            yield error, index


def _finding(error: ValidationError, index: int, documents: Documents) -> Finding:
    path = tuple(error.absolute_path)
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
    unknown = _unknown(error)
    line = documents.line(index, (*path, *unknown[:1])) or 1
    return Finding(f"{where or 'the document'}: {_sentence(error, unknown)}"[:_LONGEST], line)


def _unknown(error: ValidationError) -> list[str]:
    """The keys that are none, when the error is about them."""
    if error.validator != "additionalProperties":
        return []
    known, instance = _properties(error), cast("Parsed", error.instance)
    return [str(key) for key in instance if key not in known and not str(key).startswith("x-")]


def _properties(error: ValidationError) -> Mapping[str, Parsed]:
    """The keys that the schema at the error knows."""
    return cast("Parsed", error.schema).get("properties", {})  # type: ignore[no-any-return]


def _sentence(error: ValidationError, unknown: Sequence[str]) -> str:
    """Why, in words that do not repeat the whole of what was found."""
    from spanwise.policy.problem import guess, listed

    if unknown:
        return f"not a key: {listed(unknown)}.{guess(unknown[0], list(_properties(error)))}"
    if error.validator == "type":
        accepted = cast("Parsed", error.validator_value)
        names = [accepted] if isinstance(accepted, str) else list(accepted)
        return f"found {type(error.instance).__name__}; accepted: {listed(names)}"
    if error.validator == "anyOf":
        return "found none of the forms that are accepted here"
    return error.message if len(error.message) <= _LONGEST else f"does not follow {error.validator}"
