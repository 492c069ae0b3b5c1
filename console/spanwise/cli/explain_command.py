"""`spanwise prices explain`: which prices a call was priced with, line by line."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from spanwise.cli.output import say, show_json, show_table
from spanwise.report import plain
from spanwise.store import Store


if TYPE_CHECKING:
    from spanwise.cost.explanation import Explanation
    from spanwise.cost.pricer import Pricer
    from spanwise.record import SpanRecord

Document: TypeAlias = Any
"""JSON that a user gave."""

WRONG_USE: Final = 2
STANDARD_INPUT: Final = "-"
MAX_INPUT_BYTES: Final = 16 * 1024 * 1024

_SPAN_DIGITS: Final = 16
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_MOST_NAMED: Final = 10


class ExplainError(Exception):
    """A span that cannot be explained; the message says why."""


def explain_span(store: Store, wanted: str, *, as_json: bool) -> int:
    """Print how the span `wanted` is priced, or the one on standard input; the exit code: 0, or 2 when there is none.

    Raises:
        PolicyError: the policy, which may hold the user's own prices, has mistakes.
        StoreError: the store cannot be used.
    """
    from spanwise.cost.explanation import explain

    try:
        span = _given() if wanted == STANDARD_INPUT else _stored(store, wanted)
    except ExplainError as error:
        say(f"spanwise: {error}")
        return WRONG_USE
    found = explain(span, pricer())
    if as_json:
        show_json(_document(found))
    else:
        _show(found)
    return 0


def pricer() -> Pricer:
    """The prices that apply here: the active book and those of the policy.

    Raises:
        PolicyError: the policy has mistakes.
    """
    from spanwise.cost import Cost
    from spanwise.pipeline import PipelineConfig
    from spanwise.policy import find_policy, read_policy

    file = find_policy(os.environ)
    config = PipelineConfig() if file is None else PipelineConfig.from_policy(read_policy(file))
    return Cost(config.cost).pricer


def _stored(store: Store, wanted: str) -> SpanRecord:
    if not wanted or len(wanted) > _SPAN_DIGITS or not _HEX.issuperset(wanted):
        raise ExplainError(f"{plain(wanted, 40)!r} is no span id; accepted is one, the beginning of one, or -")
    found = store.spans_by_id(wanted, _MOST_NAMED)
    if not found:
        raise ExplainError(f"no span in {store.path} has an id that begins with {wanted}; see: spanwise trace last")
    if len({(call.record.trace_id, call.record.span_id) for call in found}) > 1:
        ids = ", ".join(f"{call.record.span_id:016x}" for call in found)
        raise ExplainError(f"{wanted} begins more than one span id: {ids}")
    return found[0].record


def _given() -> SpanRecord:
    """The span on standard input: OTLP/JSON, of which the first model call is taken, or an object with attributes."""
    import orjson

    from spanwise.record.otlp_json import records
    from spanwise.record.received import MalformedRequest
    from spanwise.semconv import attributes as attr

    text = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    if len(text) > MAX_INPUT_BYTES:
        raise ExplainError(f"standard input has more than {MAX_INPUT_BYTES} bytes")
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ExplainError(f"standard input is no JSON (line {error.lineno})") from None
    if isinstance(document, dict) and isinstance(document.get("attributes"), dict):
        return _of_object(document)
    try:
        spans = records(text).records
    except MalformedRequest:
        spans = []
    for span in spans:
        if attr.GEN_AI_OPERATION_NAME in span.attributes:
            return span
    raise ExplainError(
        "standard input holds no model call; accepted: OTLP/JSON, or an object with attributes and start"
    )


def _of_object(document: Document) -> SpanRecord:
    """A span as `spanwise trace --json` shows it: `attributes`, `start` in ISO 8601, `duration_s`."""
    from spanwise.record import Scope, SpanRecord

    start = document.get("start")
    try:
        moment = datetime.fromisoformat(start).astimezone(UTC) if isinstance(start, str) else datetime.now(UTC)
    except (ValueError, OverflowError):
        raise ExplainError(f"start: found {plain(str(start), 40)!r}; accepted is a time in ISO 8601") from None
    duration_s = document.get("duration_s")
    lasted_s = duration_s if isinstance(duration_s, int | float) and 0 <= duration_s < 10**7 else 0
    start_ns = int(moment.timestamp()) * 10**9
    scope = document.get("scope")
    return SpanRecord(
        name="",
        trace_id=1,
        span_id=1,
        start_unix_nano=start_ns,
        end_unix_nano=start_ns + int(lasted_s * 10**9),
        attributes=document["attributes"],
        scope=Scope(scope if isinstance(scope, str) else ""),
    )


def _show(found: Explanation) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    for line in (*_heading(found), *_recorded(found)):
        sys.stdout.write(f"{line}\n")
    if found.charges:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for name in ("counted", "bucket"):
            table.add_column(name)
        for name in ("units", "USD", "per", "amount USD"):
            table.add_column(name, justify="right")
        for charge in found.charges:
            numbers = (f"{charge.units:,}", f"{charge.price:f}", f"{charge.per:,}", f"{charge.amount:f}")
            table.add_row(charge.usage_key, charge.bucket, *numbers)
        show_table(table)
    sys.stdout.write("considered, in order of precedence:\n")
    for number, entry in enumerate(found.considered, 1):
        where = f"  [{plain(entry.where)}]" if entry.where else ""
        name = f" {plain(entry.name)}" if entry.name else ""
        sys.stdout.write(f"  {number}. {entry.kind}{name}: {entry.outcome}{where}\n")


def _heading(found: Explanation) -> list[str]:
    model = plain(found.model_answered or found.model_asked or "unknown model")
    facts = [f"{plain(found.provider) or 'unknown provider'}", f"at {found.at:%Y-%m-%d %H:%M:%S} UTC"]
    facts += [f"{name} {plain(value)}" for name, value in _special(found) if value]
    lines = [f"{model} ({', '.join(facts)})"]
    amount = "no amount" if found.amount_usd is None else f"{_short(found.amount_usd)} USD"
    reason = f": {found.reason}" if found.reason else ""
    lines.append(f"price now: {amount}, {found.status}{reason}")
    if found.rule:
        lines.append(f"rule: {plain(found.rule)}")
    lines.append(f"book: {found.book} of {found.book_date}")
    if found.billed is not None and found.currency is not None:
        currency = found.currency
        rate = f"{currency.usd:f} USD, rate of {currency.day}"
        lines.append(f"billed: {_short(found.billed)} {currency.code} (1 {currency.code} = {rate})")
    return lines


def _special(found: Explanation) -> list[tuple[str, str | None]]:
    return [("service tier", found.tier), ("region", found.region), ("tenant", found.tenant)]


def _recorded(found: Explanation) -> list[str]:
    """What stands on the span, where it was priced before."""
    old = found.recorded
    if old is None:
        return []
    amount = "no amount" if old.amount is None else f"{old.amount} {plain(old.currency) or 'of no currency'}"
    facts = [plain(fact) for fact in (old.status, old.reason, old.rule, old.book) if fact]
    same = found.amount_usd is not None and old.amount is not None and float(found.amount_usd) == old.amount
    return [f"on the span: {amount}{', the same' if same else ''} ({', '.join(facts) or 'not priced by spanwise'})"]


def _short(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _document(found: Explanation) -> Document:
    document = {name: getattr(found, name) for name in found.__slots__}
    currency = found.currency
    rate = None if currency is None else {"code": currency.code, "usd": currency.usd, "day": currency.day.isoformat()}
    document["currency"] = rate
    document["charges"] = [charge._asdict() for charge in found.charges]
    document["considered"] = [entry._asdict() for entry in found.considered]
    document["recorded"] = None if found.recorded is None else asdict(found.recorded)
    return document
