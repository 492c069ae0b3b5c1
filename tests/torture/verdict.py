"""What a case came to: the spans and facts that were found, held against those that were expected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tests.torture.case import Case, Expect
from tests.torture.span import Spans, error_type, is_error


Json: TypeAlias = Any
"""A JSON value."""

PASSED: Final = "pass"
FAILED: Final = "fail"
UNSUPPORTED: Final = "not supported"

_LOW_CARDINALITY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,99}|[1-5][0-9]{2}")
"""A class, a provider's code or a status: not a message, an address or a number that is another one each time."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case of one suite.

    Args:
        sdk: what was called.
        case: its id.
        promise: the row it belongs to.
        outcome: `pass`, `fail` or `not supported`.
        faults: a sentence for each.
    """

    sdk: str
    case: str
    promise: str
    outcome: str
    faults: tuple[str, ...] = ()


def judge(case: Case, spans: Spans, facts: Json, bare: Json) -> tuple[str, tuple[str, ...]]:
    """The outcome of a case that ended, and its faults."""
    if "crashed" in facts:
        return FAILED, (f"the program failed: {facts['crashed'].strip().splitlines()[-1]}",)
    if case.bare:
        faults = tuple(_differences(bare, facts, ""))
        return (FAILED if faults else PASSED), faults
    if case.expect.tokens is not None and len(spans.calls) == 1 and _absent(case.expect.tokens, spans):
        return UNSUPPORTED, ()
    faults = (*_counted(case.expect, spans), *_placed(case.expect, spans), *_said(case.expect, spans, facts))
    return (FAILED if faults else PASSED), faults


def _absent(tokens: dict[str, int], spans: Spans) -> bool:
    return all(name not in span.attributes for span in spans.calls for name in tokens)


def _counted(expect: Expect, spans: Spans) -> Iterator[str]:
    counted = [*spans.calls, *(spans.native if expect.counts_native else ())]
    if expect.spans is not None and len(counted) != expect.spans:
        yield f"{len(counted)} spans instead of {expect.spans}"
    for span in counted if expect.failed is not None else ():
        if expect.failed != is_error(span):
            yield f"status {span.status.name}"
        elif expect.failed and not _LOW_CARDINALITY.fullmatch(error_type(span) or ""):
            yield f"error.type {error_type(span)!r}"
    for name, value in (expect.tokens or {}).items():
        for span in counted:
            if span.attributes.get(name) != value:
                yield f"{name} is {span.attributes.get(name)} instead of {value}"


def _placed(expect: Expect, spans: Spans) -> Iterator[str]:
    for span in spans.application:
        expected = (expect.parents or {}).get(span.name, "")
        if expected != "" and spans.parent_of(span) != expected:
            yield f"{span.name} is a child of {spans.parent_of(span)} instead of {expected}"
    for span in spans.calls if expect.parent is not None else ():
        if spans.parent_of(span) != expect.parent:
            yield f"the call is a child of {spans.parent_of(span)} instead of {expect.parent}"
    if expect.one_each:
        parents = [span.parent_span_id for span in spans.calls]
        wrong = sum(parents.count(span.span_id) != 1 for span in spans.application if span.name == "job")
        if wrong:
            yield f"{wrong} callers have not exactly one call"


def _said(expect: Expect, spans: Spans, facts: Json) -> Iterator[str]:
    for text in expect.forbids:
        if text in spans.raw:
            yield f"a span holds {text!r}"
    yield from _differences(expect.facts or {}, {name: facts.get(name) for name in expect.facts or {}}, "")


def _differences(expected: Json, found: Json, path: str) -> Iterator[str]:
    """Where two JSON values differ, at most a few words each."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in {**expected, **found}:
            yield from _differences(expected.get(name), found.get(name), f"{path}.{name}".strip("."))
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from _differences(one, other, f"{path}[{number}]")
    elif expected != found:
        yield f"{path} is {str(found)[:90]!r} instead of {str(expected)[:90]!r}"
