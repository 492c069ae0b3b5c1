"""Calls of a store at moments that a test chooses."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Final

from opentelemetry.trace import SpanKind

from spanwise.record import AttributeValue, Event, Resource, Scope, SpanRecord


NOON_S: Final = 1_795_003_200
"""2026-11-18 12:00 UTC, a Wednesday."""

_NUMBERS = count(1)


def call(
    at_s: float,
    *,
    service: str = "shop",
    environment: str | None = "prod",
    usd: float | None = None,
    took_s: float = 1.0,
    trace: int | None = None,
    parent: int = 0,
    **attributes: AttributeValue,
) -> SpanRecord:
    """A chat call that ended at `at_s`; `attributes` are added, with `__` for `.`, those that are `None` taken away."""
    number = next(_NUMBERS)
    end_ns = int(at_s * 1e9)
    priced: dict[str, AttributeValue] = (
        {} if usd is None else {"gen_ai__usage__cost__amount": usd, "gen_ai__usage__cost__currency": "USD"}
    )
    named: dict[str, AttributeValue | None] = {
        "gen_ai__operation__name": "chat",
        "gen_ai__provider__name": "openai",
        "gen_ai__request__model": "gpt-5",
        **priced,
        **attributes,
    }
    place = {} if environment is None else {"deployment.environment.name": environment}
    return SpanRecord(
        name="chat gpt-5",
        trace_id=trace or number,
        span_id=number,
        parent_span_id=parent,
        kind=SpanKind.CLIENT,
        start_unix_nano=end_ns - int(took_s * 1e9),
        end_unix_nano=end_ns,
        attributes={name.replace("__", "."): value for name, value in named.items() if value is not None},
        resource=Resource({"service.name": service, **place}),
        scope=Scope("spanwise.instrument", "1"),
    )


def calls(each_s: float, begin_s: float, end_s: float, **settings: object) -> list[SpanRecord]:
    """A call every `each_s` seconds, after `begin_s` and until `end_s`."""
    return [call(at_s, **settings) for at_s in _moments(each_s, begin_s, end_s)]  # type: ignore[arg-type]


def scored(record: SpanRecord, name: str, value: float) -> SpanRecord:
    """`record` with the result of an evaluation."""
    attributes: dict[str, AttributeValue] = {"gen_ai.evaluation.name": name, "gen_ai.evaluation.score.value": value}
    record.events.append(Event("gen_ai.evaluation.result", record.end_unix_nano, attributes))
    return record


def _moments(each_s: float, begin_s: float, end_s: float) -> Iterable[float]:
    at_s = begin_s + each_s
    while at_s <= end_s:
        yield at_s
        at_s += each_s
