"""Statements that put the price of a call on its span."""

from __future__ import annotations

from typing import Final

from spanwise.cost import step as cost_step
from spanwise.cost.book import PriceBook
from spanwise.deploy.collector.ottl import price_row
from spanwise.deploy.collector.ottl.call_statement import PRICED, RARE
from spanwise.deploy.collector.ottl.doubt_statement import ANOTHER_TIME
from spanwise.deploy.collector.ottl.expression import (
    absent,
    attribute,
    both,
    either,
    joined,
    on,
    only,
    present,
    put,
    slot,
    text,
)
from spanwise.deploy.collector.ottl.own_statement import OwnStatements
from spanwise.deploy.collector.ottl.resolving import (
    STATE,
)
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


STATUS: Final = attribute(attr.SPANWISE_COST_STATUS)
REASON: Final = attribute(attr.SPANWISE_COST_REASON)
_USD: Final = "USD"
_PARTS: Final = {
    "input": attr.SPANWISE_COST_INPUT,
    "cache_read": attr.SPANWISE_COST_CACHE_READ,
    "cache_write": attr.SPANWISE_COST_CACHE_WRITE,
    "output": attr.SPANWISE_COST_OUTPUT,
    "other": attr.SPANWISE_COST_OTHER,
}


def written(book: PriceBook, own: OwnStatements) -> list[str]:
    """What goes on the span. A provider's amount is kept; one of somebody else's is compared, or taken for want."""
    sent, kept, no, currency = slot("sent"), slot("kept"), slot("no"), slot("cur")
    amount = attribute(attr.SPANWISE_COST_AMOUNT_USD)
    micro = attribute(attr.SPANWISE_COST_MICRO_USD)
    total, usd = slot("sum"), slot("usd")
    priced = on(PRICED)
    taken = both(present(no), present(sent), f"{sent} > 0.0", absent(kept))
    of_sent = either(present(kept), f"({taken})")
    dollars = both(of_sent, present(currency), f"{currency} == {text(_USD)}")
    exact, estimated = values.SPANWISE_COST_STATUS_EXACT, values.SPANWISE_COST_STATUS_ESTIMATED
    differ = either(f"{usd} - {sent} > 0.01 * {sent}", f"{sent} - {usd} > 0.01 * {sent}")
    amount_sent = [
        *own.off_sent(sent, kept, currency),
        put(amount, sent, dollars),
        put(micro, f"Int({sent} * 1000000.0 + 0.5)", dollars),
        put(STATUS, text(values.SPANWISE_COST_STATUS_PROVIDER), absent(STATUS), present(kept), present(currency)),
        put(STATUS, text(estimated), f"({taken})", present(currency)),
        put(REASON, text(cost_step.PRICED_ELSEWHERE), f"({taken})", present(currency)),
        put(slot("no"), text(cost_step.CURRENCY_UNKNOWN), of_sent, absent(currency)),
    ]
    return [
        put(slot(PRICED), "true", absent(kept), absent(no)),
        put(total, " + ".join(slot(f"a_{part}") for part in _PARTS), priced),
        put(usd, f"Double({total}) / {float(price_row.UNITS_PER_USD):.1f}", priced),
        put(slot("why"), text(cost_step.PRICED_DIFFERENTLY), on(RARE), priced, present(sent), f"{sent} > 0.0", differ),
        # Such an amount cannot be trusted, whatever else is assumed.
        put(slot("why"), text(ANOTHER_TIME), present(slot("late"))),
        put(amount, usd, priced),
        put(micro, f"({total} + {price_row.UNITS_PER_MICRO // 2}) / {price_row.UNITS_PER_MICRO}", priced),
        put(slot("rule"), joined(slot("rule"), text(">"), f"String({slot('t')})"), priced, present(slot("t"))),
        put(STATE, slot("rule"), priced),
        put(attribute(attr.SPANWISE_COST_BOOK), text(f"{book.name} {book.version}"), priced),
        put(attribute(attr.SPANWISE_COST_BOOK_DATE), text(book.date.isoformat()), priced),
        *(
            put(attribute(name), f"Double({slot(f'a_{part}')}) / {float(price_row.UNITS_PER_USD):.1f}",
                priced, f"{slot(f'a_{part}')} > 0")
            for part, name in _PARTS.items()
        ),
        put(STATUS, text(estimated), priced, present(slot("why"))),
        put(REASON, slot("why"), priced, present(slot("why"))),
        put(STATUS, text(exact), priced, absent(slot("why"))),
        *own.billed(usd, priced),
        *only(RARE, amount_sent),
        # No price, which is not a price of nothing.
        put(STATUS, text(values.SPANWISE_COST_STATUS_UNPRICED), absent(STATUS)),
        put(REASON, no, f"{STATUS} == {text(values.SPANWISE_COST_STATUS_UNPRICED)}"),
    ]  # fmt: skip
