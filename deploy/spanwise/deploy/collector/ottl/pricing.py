"""Statements that price a span once its tariff is known: prices, and whole numbers."""

from __future__ import annotations

from typing import Final

from spanwise.cost import quote as answers
from spanwise.cost.book import PriceBook
from spanwise.cost.reading import COUNTS
from spanwise.deploy.collector.ottl import price_row
from spanwise.deploy.collector.ottl.amount import PARTS, count, multiplied, price_slot
from spanwise.deploy.collector.ottl.call_statement import COUNTED, FIVE_MINUTES, RARE, RICH, counts, held, sent, taken
from spanwise.deploy.collector.ottl.doubt_statement import TIER_AND_SPEED, reasons, refusals, why
from spanwise.deploy.collector.ottl.expression import (
    absent,
    attribute,
    both,
    either,
    is_text,
    joined,
    on,
    only,
    piece,
    present,
    put,
    slot,
    text,
)
from spanwise.deploy.collector.ottl.own_statement import OwnStatements
from spanwise.deploy.collector.ottl.price_row import COLUMNS, COMMON
from spanwise.deploy.collector.ottl.resolving import (
    MARKED,
    PROVIDER_AT,
    TARIFF_AT,
    Group,
    model_name,
)
from spanwise.deploy.collector.ottl.string_table import searched
from spanwise.deploy.collector.ottl.tariff_table import (
    NONE,
    NUMBER,
    ROW_AT,
    WINDOW_AT,
    TariffTable,
)
from spanwise.deploy.collector.ottl.writing import written
from spanwise.semconv import attributes as attr


_START: Final = "span.start_time_unix_nano"
_NANOS: Final = 1_000_000_000
_INPUT_PARTS: Final = tuple(
    usage for usage in COUNTS.values() if usage.endswith("_tokens") and usage.startswith(("input_", "cache_"))
)[1:]
_OUTPUT_PARTS: Final = tuple(
    usage for usage in COUNTS.values() if usage.startswith("output_") and usage.endswith("_tokens")
)[1:]
_LARGE: Final = {"web_searches": 50_000, "storage_searches": 50_000}
_LARGE_TOKENS: Final = 2_000_000
_TIERLESS: Final = ("default", "standard", "auto", "on_demand")
_UNSAID: Final = ("auto", "default")
_TRAFFIC: Final = {"on_demand_priority": "priority", "on_demand_flex": "flex", "on_demand": "default"}
_TOKEN_PARTS: Final = ("input", "cache_read", "cache_write", "output")


def pricing(tariffs: TariffTable, book: PriceBook, own: OwnStatements, numbers: dict[str, str]) -> Group:
    """The last group: from the tariff to the amount."""
    return {
        "conditions": [MARKED],
        "statements": [
            *taken(),
            *sent(),
            *counts(),
            *only(RARE, _contexts(tariffs)),
            *_row(tariffs, numbers),
            *own.chosen(),
            *_prices(tariffs),
            *own.prices(),
            *reasons(tariffs, numbers),
            *_rests(),
            *_amounts(),
            *_uplifts(tariffs),
            *own.discounts(),
            *refusals(),
            *written(book, own),
        ],
    }


def _contexts(tariffs: TariffTable) -> list[str]:
    """The tariff of the service tier, the batch or the speed, in place of the standard one."""
    tier, wanted, speed = slot("tier"), slot("want"), slot("speed")
    sources = (attr.OPENAI_RESPONSE_SERVICE_TIER, attr.SPANWISE_RESPONSE_SERVICE_TIER)
    asked, fast = attribute(attr.OPENAI_REQUEST_SERVICE_TIER), attribute(attr.SPANWISE_RESPONSE_SPEED)
    lower = f"ToLowerCase({asked})"
    return [
        *(put(tier, f"ToLowerCase({attribute(name)})", absent(tier), is_text(attribute(name))) for name in sources),
        *(put(tier, text(word), present(tier), f"{tier} == {text(of)}") for of, word in _TRAFFIC.items()),
        put(wanted, lower, absent(tier), is_text(asked), *(f"{lower} != {text(word)}" for word in _UNSAID)),
        put(tier, wanted, present(wanted)),
        put(speed, f"ToLowerCase({fast})", is_text(fast)),
        put(slot("x"), joined(text("t:"), tier), present(tier), f'{tier} != "batch"'),
        put(slot("x"), text("b:batch"), present(tier), f'{tier} == "batch"'),
        put(slot("y"), joined(text("s:"), speed), present(speed)),
        put(slot("z"), slot("e"), present(slot("known"))),
        *_context(tariffs, "x", (*_TIERLESS,), "t:", answers.NO_TIER_PRICE),
        put(slot("both"), "true", f"{slot('e')} != {slot('z')}", present(slot("known"))),
        *_context(tariffs, "y", ("standard", "normal"), "s:", answers.NO_SPEED_PRICE),
    ]


def _context(tariffs: TariffTable, name: str, plain: tuple[str, ...], kind: str, missing: str) -> list[str]:
    of, at, key = slot(name), slot("i"), slot("k")
    asked = both(present(of), present(slot("known")))
    entries = {key: to for key, to in tariffs.contexts.items() if (key.split("|")[1][:2] == "s:") == (kind == "s:")}
    unknown = both(*(f"{of} != {text(kind + word)}" for word in plain))
    no_batch = [why(answers.NO_BATCH_PRICE, asked, f"{at} < 0", f'{of} == "b:batch"')] if kind == "t:" else []
    second = [why(TIER_AND_SPEED, asked, f"{at} >= 0", present(slot("both")))] if kind == "s:" else []
    return [
        put(key, joined(slot("z"), text("|"), of), asked),
        *searched(entries, "k", "e", asked),
        *no_batch,
        *second,
        why(missing, asked, f"{at} < 0", unknown),
    ]


def _row(tariffs: TariffTable, numbers: dict[str, str]) -> list[str]:
    """The line of the tariff, its prices for a prompt of this length, its name."""
    row, number, band, rule, known = slot("w"), slot("g"), slot("band"), slot("rule"), present(slot("known"))
    prompt = count("input_tokens")
    longest = max(map(len, numbers))
    threshold = f"Int({piece(row, price_row.THRESHOLD_AT, price_row.THRESHOLD)})"
    statements = [
        *tariffs.lines.read("e", "l", "rule", known),
        # A line without a name: the tariff is called as provider and model are.
        *(name for index in range(2) for name in model_name("m", index, known, absent(rule), _first(index))),
        put(slot("k"), piece(slot("s"), PROVIDER_AT, 2), known, absent(rule)),
        *searched({number: f"{name:{longest}}" for name, number in numbers.items()}, "k", "o", known, absent(rule)),
        put(rule, joined(f"Trim({slot('o')})", text("/"), slot("m")), known, absent(rule)),
        put(number, f"Int({piece(slot('l'), *ROW_AT)})", known),
        *tariffs.rows.read("g", "w", known),
    ]
    for step in range(1, tariffs.bands + 1):
        before = [f"{band} == {step - 1}"] if step > 1 else [known, present(prompt)]
        statements += [
            put(slot("t"), threshold, *before, f"{prompt} > {threshold}"),
            put(band, str(step), *before, f"{prompt} > {threshold}"),
            put(number, f"{number} + 1", f"{band} == {step}"),
            tariffs.rows.read_on("g", "w", f"{band} == {step}"),
        ]
    return [
        *statements,
        put(slot("q"), f"Int({piece(row, price_row.SHARED_AT, price_row.SHARED)})", known),
        *tariffs.shared.read("q", "v", known),
    ]


def _first(index: int) -> str:
    """Whether the tariff was found by the model's first name, or by the second."""
    return f"{piece(slot('s'), TARIFF_AT, NUMBER)} {'==' if index else '!='} {text(NONE)}"


def _prices(tariffs: TariffTable) -> list[str]:
    """The prices of what was counted; a price that the row does not have stays away. Private models read no row."""
    row, rare, known = slot("w"), slot("v"), present(slot("row"))
    statements = [put(slot("row"), "true", present(slot("known")), absent(slot("private")))]
    for column in COLUMNS:
        at, width = price_row.place(column.price)
        needed = [] if column.usage == "requests" else [present(count(column.usage))]
        # Whether an absent count has a price matters for these two.
        needed = [] if column.usage in {"input_tokens", "output_tokens"} else needed
        statements.append(
            put(price_slot(column.price), f"Int({piece(row if column in COMMON else rare, at, width)})", known, *needed)
        )
    # Whether writes are billed by lifetime, and reads at all.
    for key, of, flag in (("cache_write_1h_mtok", rare, "lives"), ("cache_read_mtok", row, "reads")):
        at, _ = price_row.place(key)
        statements.append(put(slot(flag), "true", known, f'{piece(of, at, 1)} != "{price_row.BLANK}"'))
    costly = [
        both(present(held(usage)), f"{held(usage)} > 0", f'{piece(rare, price_row.FLAGS_AT + index, 1)} == "1"')
        for index, usages in enumerate(price_row.OTHERS.values())
        for usage in usages
    ]
    other = f'{piece(rare, price_row.SHARED_WIDTH - 1, 1)} == "1"'
    five_at = price_row.FLAGS_AT + list(price_row.OTHERS).index("cache_write_5m_mtok")
    five = both(present(held(FIVE_MINUTES)), f"{held(FIVE_MINUTES)} > 0", f'{piece(rare, five_at, 1)} == "1"')
    since, until = (f"Int({piece(slot('win'), at, 10)}) * {_NANOS}" for at in (0, 10))
    window = f"Int({piece(slot('l'), *WINDOW_AT)})"
    return [
        *statements,
        put(slot("other"), "true", on(RICH), known, either(*costly)),
        put(slot("other"), "true", known, either(other, five)),
        put(slot("win"), piece(text(tariffs.windows), f"{window} * 20", 20), known, f"{window} > 0"),
        put(slot("late"), "true", present(slot("win")), either(f"{_START} < {since}", f"{_START} >= {until}")),
    ]


def _rests() -> list[str]:
    """What is left of each count without its parts; a part without a price costs what its whole does."""
    read, written, hour = (count(f"cache_{kind}_tokens") for kind in ("read", "write", "write_1h"))
    thought = count("output_reasoning_tokens")
    statements = [put(slot(f"n{name}"), "0") for name in ("cr", "cw", "ch", "rs")]
    for path, name, key in (
        (read, "cr", "cache_read_mtok"),
        (written, "cw", "cache_write_mtok"),
        (hour, "ch", "cache_write_1h_mtok"),
        (thought, "rs", "output_reasoning_mtok"),
    ):
        statements.append(put(slot(f"n{name}"), path, present(path), present(price_slot(key))))
    whole_in, whole_out = count("input_tokens"), count("output_tokens")
    price_in, price_out = price_slot("input_mtok"), price_slot("output_mtok")
    parts_in = either(*(f"({present(held(usage))} and {held(usage)} > 0)" for usage in _INPUT_PARTS))
    parts_out = either(*(f"({present(held(usage))} and {held(usage)} > 0)" for usage in _OUTPUT_PARTS))
    return [
        *statements,
        # Tokens written for an hour are a part of those written, where these have a price.
        put(slot("sub"), f"{slot('ncr')} + {slot('ncw')}"),
        put(slot("sub"), f"{slot('ncr')} + {slot('nch')}", absent(price_slot("cache_write_mtok"))),
        put(slot("nin"), f"{whole_in} - {slot('sub')}", present(whole_in), present(price_in)),
        put(slot("nout"), f"{whole_out} - {slot('nrs')}", present(whole_out), present(price_out)),
        put(slot("ncw"), f"{slot('ncw')} - {slot('nch')}", present(price_slot("cache_write_mtok"))),
        put(slot("wrong"), "true", either(
            both(present(slot("nin")), f"{slot('nin')} < 0"),
            both(present(slot("nout")), f"{slot('nout')} < 0"),
            f"{slot('ncw')} < 0",
        )),
        put(slot("part"), "true", absent(whole_in), either(present(price_in), present(slot("band"))), parts_in),
        put(slot("part"), "true", absent(whole_out), present(price_out), parts_out),
    ]  # fmt: skip


def _amounts() -> list[str]:
    """The amount of each part in units, as whole numbers, where they cannot overflow."""
    limits = {count(usage): _LARGE.get(usage, _LARGE_TOKENS) for usage in COUNTED[:-1]}
    large = either(*(f"({present(path)} and {path} > {limit})" for path, limit in limits.items()))
    total = " + ".join(
        f"Double(Coalesce([{count(column.usage)}, 0])) * Double(Coalesce([{price_slot(column.price)}, 0]))"
        for column in COLUMNS
        if column.usage != "requests"
    )
    summed = {
        "input": (("nin", "input_mtok"),),
        "cache_read": (("ncr", "cache_read_mtok"),),
        "cache_write": (("ncw", "cache_write_mtok"), ("nch", "cache_write_1h_mtok")),
        "output": (("nout", "output_mtok"), ("nrs", "output_reasoning_mtok")),
    }
    statements = [
        put(slot("dear"), total, large),
        put(slot("huge"), "true", present(slot("dear")), f"{slot('dear')} > {float(price_row.MOST_UNITS):.1f}"),
        *(put(slot(f"a_{part}"), "0") for part in PARTS),
    ]
    for part, lines in summed.items():
        for rest, key in lines:
            amount = f"{slot(f'a_{part}')} + {slot(rest)} * {price_slot(key)}"
            # A rest of nothing costs nothing, whether it has a price or not.
            counts = both(present(slot(rest)), present(price_slot(key)), f"{slot(rest)} > 0")
            statements.append(put(slot(f"a_{part}"), amount, absent(slot("huge")), counts))
    for usage, key in (("web_searches", "web_searches_kcount"), ("storage_searches", "storage_searches_kcount")):
        amount = f"{slot('a_other')} + {count(usage)} * {price_slot(key)}"
        statements.append(
            put(slot("a_other"), amount, absent(slot("huge")), present(count(usage)), present(price_slot(key)))
        )
    flat = price_slot("requests_kcount")
    statements.append(put(slot("a_other"), f"{slot('a_other')} + {flat}", present(flat)))
    return statements


def _uplifts(tariffs: TariffTable) -> list[str]:
    up, statements = slot("up"), []
    for index, factor in enumerate(tariffs.factors):
        applies = both(present(up), f'{up} == "{index}"')
        statements += [multiplied(slot(f"a_{part}"), factor, applies) for part in _TOKEN_PARTS]
        label = joined(slot("rule"), text("+"), slot("reg"), text(f"*{factor}"))
        statements.append(put(slot("rule"), label, applies))
    return statements
