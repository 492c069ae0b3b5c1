"""Statements that read a call off its span: what was found before, what was sent, what was counted."""

from __future__ import annotations

from typing import Final

from spanwise.cost.arithmetic import MAX_COUNT
from spanwise.cost.reading import COUNTS
from spanwise.deploy.collector.ottl.amount import count
from spanwise.deploy.collector.ottl.expression import (
    absent,
    attribute,
    both,
    drop,
    either,
    is_text,
    only,
    piece,
    present,
    put,
    slot,
    text,
)
from spanwise.deploy.collector.ottl.price_row import ATTRIBUTES, COLUMNS
from spanwise.deploy.collector.ottl.resolving import (
    STATE,
    TARIFF_AT,
)
from spanwise.deploy.collector.ottl.tariff_table import (
    NONE,
    NUMBER,
    REFUSED,
)
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


_LARGEST_SENT: Final = 1e12
FIVE_MINUTES: Final = "cache_write_5m_tokens"
COUNTED: Final = (*(column.usage for column in COLUMNS if column.usage != "requests"), FIVE_MINUTES)
_RICH: Final = tuple(usage for usage in COUNTS.values() if usage not in COUNTED)
_CACHED_PARTS: Final = ("cache_text_read_tokens", "cache_image_read_tokens", "cache_audio_read_tokens")


RARE: Final = "rare"
RICH: Final = "rich"
PRICED: Final = "go"
"""Flags: something that few calls have is on the span; counts that few calls have; there is an amount."""

_RARELY: Final = (
    attr.GEN_AI_USAGE_COST_AMOUNT,
    attr.OPENAI_RESPONSE_SERVICE_TIER,
    attr.OPENAI_REQUEST_SERVICE_TIER,
    attr.SPANWISE_RESPONSE_SERVICE_TIER,
    attr.SPANWISE_RESPONSE_SPEED,
    attr.SPANWISE_STREAM_OUTCOME,
    attr.SPANWISE_USAGE_CACHE_WRITE_1H_INPUT_TOKENS,
    attr.SPANWISE_USAGE_CACHE_WRITE_5M_INPUT_TOKENS,
)


def taken() -> list[str]:
    """The state into slots, off the span; `e` is the first tariff that was found."""
    state, found = slot("s"), slot("e")
    return [
        # The Collector looks its slots up one after the other, in the order in which they came.
        *(put(slot(name), "0") for name in ("h", "i")),
        *(put(slot(name), text("")) for name in ("b", "w", "l")),
        *(put(slot(name), "false") for name in (RARE, RICH, PRICED)),
        put(slot(RARE), "true", either(*(present(attribute(name)) for name in _RARELY))),
        put(slot(RICH), "true", either(*(present(held(usage)) for usage in _RICH))),
        put(state, STATE),
        drop(attr.SPANWISE_COST_RULE),
        *(
            put(found, piece(state, TARIFF_AT + NUMBER * index, NUMBER), *([f"{found} == {text(NONE)}"] * bool(index)))
            for index in range(3)
        ),
        put(slot("known"), "true", f"{found} != {text(NONE)}", f"{found} != {text(REFUSED)}"),
    ]


def sent() -> list[str]:
    """The amount that somebody has put on the span, where it is one."""
    amount = attribute(attr.GEN_AI_USAGE_COST_AMOUNT)
    number = either(f"IsInt({amount})", f"IsDouble({amount})")
    source = attribute(attr.GEN_AI_USAGE_COST_SOURCE)
    local = values.GEN_AI_USAGE_COST_SOURCE_PROVIDER
    currency = attribute(attr.GEN_AI_USAGE_COST_CURRENCY)
    most = _LARGEST_SENT
    statements = [
        put(slot("sent"), f"Double({amount})", present(amount), number, f"{amount} >= 0", f"{amount} <= {most:.1f}"),
        put(slot("kept"), "true", present(slot("sent")), f"{source} == {text(local)}"),
        put(slot("cur"), f"ToUpperCase({currency})", present(slot("sent")), is_text(currency)),
    ]  # fmt: skip
    return list(only(RARE, statements))


def counts() -> list[str]:
    """The counts as whole numbers; `bad` where one is none, is below 0 or beyond reason."""
    statements = [put(slot("bad"), "true", either(*(f"({_is_bad(usage)})" for usage in COUNTED)))]
    statements += [put(count(usage), f"Int({held(usage)})", present(held(usage))) for usage in COUNTED[:-1]]
    read = count("cache_read_tokens")
    unsaid = absent(held("cache_read_tokens"))
    rich = [
        put(slot("bad"), "true", either(*(f"({_is_bad(usage)})" for usage in _RICH))),
        put(read, "0", unsaid, either(*(present(held(usage)) for usage in _CACHED_PARTS))),
        *(put(read, f"{read} + Int({held(usage)})", unsaid, present(held(usage))) for usage in _CACHED_PARTS),
    ]
    five, hour, whole = held(FIVE_MINUTES), count("cache_write_1h_tokens"), count("cache_write_tokens")
    rare = [
        put(slot("split"), "true", either(present(five), present(hour))),
        put(whole, hour, absent(whole), present(hour)),
        put(whole, f"{hour} + Int({five})", absent(held("cache_write_tokens")), present(hour), present(five)),
        put(whole, f"Int({five})", absent(whole), present(five)),
    ]
    return [*statements, *only(RICH, rich), *only(RARE, rare)]


def _is_bad(usage: str) -> str:
    path = held(usage)
    rounded = f"Double(Int({path})) != {path}"
    if "seconds" in usage:
        rounded = "false"
    fractional = f"(not IsInt({path}) and {either(f'not IsDouble({path})', rounded)})"
    return both(present(path), either(fractional, f"{path} < 0", f"{path} > {MAX_COUNT}"))


def held(usage: str) -> str:
    """The attribute of a count."""
    return attribute(ATTRIBUTES[usage])
