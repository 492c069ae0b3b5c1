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


def taken() -> list[str]:
    """The state into slots, off the span; `e` is the first tariff that was found."""
    state, found = slot("s"), slot("e")
    return [
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
    return [
        put(slot("sent"), f"Double({amount})", present(amount), number, f"{amount} >= 0", f"{amount} <= {most:.1f}"),
        put(slot("kept"), "true", present(slot("sent")), f"{source} == {text(local)}"),
        put(slot("cur"), f"ToUpperCase({currency})", present(slot("sent")), is_text(currency)),
    ]  # fmt: skip


def counts() -> list[str]:
    """The counts as whole numbers; `bad` where one is none, is below 0 or beyond reason."""
    statements = [put(slot("bad"), "true", either(*(f"({_is_bad(usage)})" for usage in COUNTED)))]
    statements += [put(count(usage), f"Int({held(usage)})", present(held(usage))) for usage in COUNTED[:-1]]
    # Counts that most calls do not have are looked at only where there is one.
    statements += [put(slot("rich"), "true", either(*(present(held(usage)) for usage in _RICH)))]
    statements += [put(slot("bad"), "true", present(slot("rich")), either(*(f"({_is_bad(usage)})" for usage in _RICH)))]
    read = count("cache_read_tokens")
    unsaid = both(present(slot("rich")), absent(held("cache_read_tokens")))
    statements.append(put(read, "0", unsaid, either(*(present(held(usage)) for usage in _CACHED_PARTS))))
    statements += [put(read, f"{read} + Int({held(usage)})", unsaid, present(held(usage))) for usage in _CACHED_PARTS]
    five, hour, whole = held(FIVE_MINUTES), count("cache_write_1h_tokens"), count("cache_write_tokens")
    return [
        *statements,
        put(slot("split"), "true", either(present(five), present(hour))),
        put(whole, hour, absent(whole), present(hour)),
        put(whole, f"{hour} + Int({five})", absent(held("cache_write_tokens")), present(hour), present(five)),
        put(whole, f"Int({five})", absent(whole), present(five)),
    ]


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
