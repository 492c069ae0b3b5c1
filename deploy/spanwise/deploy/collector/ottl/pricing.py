"""Statements that price a span once its tariff is known: counts, prices, whole numbers, and what goes on the span."""

from __future__ import annotations

from typing import Final

from spanwise.cost import assumption
from spanwise.cost import quote as answers
from spanwise.cost import step as cost_step
from spanwise.cost.arithmetic import MAX_COUNT
from spanwise.cost.book import PriceBook
from spanwise.cost.reading import COUNTS, NO_USAGE
from spanwise.cost.region import EDGES, GLOBAL
from spanwise.deploy.collector.ottl import price_row
from spanwise.deploy.collector.ottl.expression import (
    absent,
    attribute,
    both,
    drop,
    either,
    is_text,
    joined,
    matches,
    one_of,
    piece,
    present,
    put,
    slot,
    text,
)
from spanwise.deploy.collector.ottl.own_statement import OwnStatements
from spanwise.deploy.collector.ottl.amount import count, multiplied, price_slot
from spanwise.deploy.collector.ottl.price_row import ATTRIBUTES, COLUMNS, COMMON
from spanwise.deploy.collector.ottl.resolving import (
    GUESSED,
    GUESSED_AT,
    MARKED,
    PROVIDER_AT,
    REGIONAL,
    REGIONAL_AT,
    STATE,
    TARIFF_AT,
    Group,
    model_name,
)
from spanwise.deploy.collector.ottl.tariff_table import (
    NO_UPLIFT,
    NONE,
    NUMBER,
    REFUSED,
    REGIONS_AT,
    ROW_AT,
    WINDOW_AT,
    TariffTable,
)
from spanwise.deploy.collector.ottl.string_table import searched
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


ANOTHER_TIME: Final = "price of another time"
"""The prices of the configuration do not hold when the call was made; those of its day are taken."""
TIER_AND_SPEED: Final = "price for tier and speed together not carried"
NOT_CARRIED: Final = "price not carried by the collector"
NAME_NOT_CARRIED: Final = "model name not carried by the collector"
TOO_LARGE: Final = "amount too large for the collector"

STATUS: Final = attribute(attr.SPANWISE_COST_STATUS)
REASON: Final = attribute(attr.SPANWISE_COST_REASON)

_START: Final = "span.start_time_unix_nano"
_NANOS: Final = 1_000_000_000
_USD: Final = "USD"
_LARGEST_SENT: Final = 1e12
_FIVE_MINUTES: Final = "cache_write_5m_tokens"
_COUNTED: Final = (*(column.usage for column in COLUMNS if column.usage != "requests"), _FIVE_MINUTES)
_RICH: Final = tuple(usage for usage in COUNTS.values() if usage not in _COUNTED)
_INPUT_PARTS: Final = tuple(
    usage for usage in COUNTS.values() if usage.endswith("_tokens") and usage.startswith(("input_", "cache_"))
)[1:]
_OUTPUT_PARTS: Final = tuple(
    usage for usage in COUNTS.values() if usage.startswith("output_") and usage.endswith("_tokens")
)[1:]
_CACHED_PARTS: Final = ("cache_text_read_tokens", "cache_image_read_tokens", "cache_audio_read_tokens")
_LARGE: Final = {"web_searches": 50_000, "storage_searches": 50_000}
_LARGE_TOKENS: Final = 2_000_000
_TIERLESS: Final = ("default", "standard", "auto", "on_demand")
_UNSAID: Final = ("auto", "default")
_TRAFFIC: Final = {"on_demand_priority": "priority", "on_demand_flex": "flex", "on_demand": "default"}
_HOST_REGION: Final = (
    r"^(?:([a-z]{2})\.api\.openai\.com|([a-z]+-[a-z]+[0-9]+|us|eu|global)-aiplatform\.googleapis\.com|"
    r"aiplatform\.([a-z]{2})\.rep\.googleapis\.com|([a-z]{2})-api\.together\.(?:ai|xyz))$"
)
_VERTEX_GLOBAL: Final = "aiplatform.googleapis.com"
_BLIND_SCOPE: Final = "opentelemetry.instrumentation.openai_v2"
_CACHED_BY: Final = ("openai", "azure")
_LEAST_CACHED: Final = 1024
_PARTS: Final = {
    "input": attr.SPANWISE_COST_INPUT,
    "cache_read": attr.SPANWISE_COST_CACHE_READ,
    "cache_write": attr.SPANWISE_COST_CACHE_WRITE,
    "output": attr.SPANWISE_COST_OUTPUT,
    "other": attr.SPANWISE_COST_OTHER,
}
_TOKEN_PARTS: Final = ("input", "cache_read", "cache_write", "output")


def pricing(tariffs: TariffTable, book: PriceBook, own: OwnStatements, numbers: dict[str, str]) -> Group:
    """The last group: from the tariff to the amount."""
    return {
        "conditions": [MARKED],
        "statements": [
            *_taken(),
            *_sent(),
            *_counts(),
            *_contexts(tariffs),
            *_row(tariffs, numbers),
            *own.chosen(),
            *_prices(tariffs),
            *own.prices(),
            *_reasons(tariffs, numbers),
            *_rests(),
            *_amounts(),
            *_uplifts(tariffs),
            *own.discounts(),
            *_refusals(),
            *_written(book, own),
        ],
    }


def _of(usage: str) -> str:
    return attribute(ATTRIBUTES[usage])


def _why(reason: str, *where: str) -> str:
    """The statement that makes the amount an estimate, unless it is one already for a reason that comes first."""
    return put(slot("why"), text(reason), absent(slot("why")), *where)


def _no(reason: str, *where: str) -> str:
    """The statement that leaves the call without a price, unless it has none already for a reason that comes first."""
    return put(slot("no"), text(reason), absent(slot("no")), *where)


def _taken() -> list[str]:
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


def _sent() -> list[str]:
    """The amount that somebody has put on the span, where it is one."""
    amount = attribute(attr.GEN_AI_USAGE_COST_AMOUNT)
    number = either(f"IsInt({amount})", f"IsDouble({amount})")
    source = attribute(attr.GEN_AI_USAGE_COST_SOURCE)
    local = values.GEN_AI_USAGE_COST_SOURCE_PROVIDER
    currency = attribute(attr.GEN_AI_USAGE_COST_CURRENCY)
    return [
        put(slot("sent"), f"Double({amount})", present(amount), number, f"{amount} >= 0", f"{amount} <= {_LARGEST_SENT:.1f}"),
        put(slot("kept"), "true", present(slot("sent")), f"{source} == {text(local)}"),
        put(slot("cur"), f"ToUpperCase({currency})", present(slot("sent")), is_text(currency)),
    ]  # fmt: skip


def _counts() -> list[str]:
    """The counts as whole numbers; `bad` where one is none, is below 0 or beyond reason."""
    statements = [put(slot("bad"), "true", either(*(f"({_is_bad(usage)})" for usage in _COUNTED)))]
    statements += [put(count(usage), f"Int({_of(usage)})", present(_of(usage))) for usage in _COUNTED[:-1]]
    # Counts that most calls do not have are looked at only where there is one.
    statements += [put(slot("rich"), "true", either(*(present(_of(usage)) for usage in _RICH)))]
    statements += [put(slot("bad"), "true", present(slot("rich")), either(*(f"({_is_bad(usage)})" for usage in _RICH)))]
    read = count("cache_read_tokens")
    unsaid = both(present(slot("rich")), absent(_of("cache_read_tokens")))
    statements.append(put(read, "0", unsaid, either(*(present(_of(usage)) for usage in _CACHED_PARTS))))
    statements += [put(read, f"{read} + Int({_of(usage)})", unsaid, present(_of(usage))) for usage in _CACHED_PARTS]
    five, hour, whole = _of(_FIVE_MINUTES), count("cache_write_1h_tokens"), count("cache_write_tokens")
    return [
        *statements,
        put(slot("split"), "true", either(present(five), present(hour))),
        put(whole, hour, absent(whole), present(hour)),
        put(whole, f"{hour} + Int({five})", absent(_of("cache_write_tokens")), present(hour), present(five)),
        put(whole, f"Int({five})", absent(whole), present(five)),
    ]


def _is_bad(usage: str) -> str:
    path = _of(usage)
    rounded = f"Double(Int({path})) != {path}"
    if "seconds" in usage:
        rounded = "false"
    return both(
        present(path),
        either(f"(not IsInt({path}) and {either(f'not IsDouble({path})', rounded)})", f"{path} < 0", f"{path} > {MAX_COUNT}"),
    )  # fmt: skip


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
    no_batch = [_why(answers.NO_BATCH_PRICE, asked, f"{at} < 0", f'{of} == "b:batch"')] if kind == "t:" else []
    second = [_why(TIER_AND_SPEED, asked, f"{at} >= 0", present(slot("both")))] if kind == "s:" else []
    return [
        put(key, joined(slot("z"), text("|"), of), asked),
        *searched(entries, "k", "e", asked),
        *no_batch,
        *second,
        _why(missing, asked, f"{at} < 0", unknown),
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
        put(rule, joined(rule, text(">"), f"String({slot('t')})"), present(band)),
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
        statements.append(put(price_slot(column.price), f"Int({piece(row if column in COMMON else rare, at, width)})", known, *needed))
    # Whether writes are billed by lifetime, and reads at all.
    for key, of, flag in (("cache_write_1h_mtok", rare, "lives"), ("cache_read_mtok", row, "reads")):
        at, _ = price_row.place(key)
        statements.append(put(slot(flag), "true", known, f'{piece(of, at, 1)} != "{price_row.BLANK}"'))
    costly = [
        both(present(_of(usage)), f"{_of(usage)} > 0", f'{piece(rare, price_row.FLAGS_AT + index, 1)} == "1"')
        for index, usages in enumerate(price_row.OTHERS.values())
        for usage in usages
    ]
    other = f'{piece(rare, price_row.SHARED_WIDTH - 1, 1)} == "1"'
    five = [both(present(_of(_FIVE_MINUTES)), f"{_of(_FIVE_MINUTES)} > 0", f'{piece(rare, price_row.FLAGS_AT + list(price_row.OTHERS).index("cache_write_5m_mtok"), 1)} == "1"')]  # fmt: skip
    since, until = (f"Int({piece(slot('win'), at, 10)}) * {_NANOS}" for at in (0, 10))
    window = f"Int({piece(slot('l'), *WINDOW_AT)})"
    return [
        *statements,
        put(slot("other"), "true", known, present(slot("rich")), either(*costly)),
        put(slot("other"), "true", known, either(other, *five)),
        put(slot("win"), piece(text(tariffs.windows), f"{window} * 20", 20), known, f"{window} > 0"),
        put(slot("late"), "true", present(slot("win")), either(f"{_START} < {since}", f"{_START} >= {until}")),
    ]


def _reasons(tariffs: TariffTable, numbers: dict[str, str]) -> list[str]:
    """Why the amount is an estimate, the reason that comes first in a process before the others."""
    outcome, finish = attribute(attr.SPANWISE_STREAM_OUTCOME), attribute(attr.GEN_AI_RESPONSE_FINISH_REASONS)
    operation = attribute(attr.GEN_AI_OPERATION_NAME)
    put_in, put_out = count("input_tokens"), count("output_tokens")
    guessed = f"{piece(slot('s'), GUESSED_AT, 1)} == {text(GUESSED)}"
    listed = absent(slot("own"))
    scope, dialect, asked = "scope.name", attribute(attr.SPANWISE_DIALECT), attribute(attr.GEN_AI_REQUEST_MODEL)
    on_litellm = both(f'{dialect} == "google_adk"', is_text(asked), f'Index({asked}, "/") >= 0')
    blind = either(f"{scope} == {text(_BLIND_SCOPE)}", f'{dialect} == "litellm"', f"({on_litellm})")
    of_openai = one_of(piece(slot("s"), PROVIDER_AT, 2), [numbers[name] for name in _CACHED_BY if name in numbers])
    least = either(f"{put_in} >= {_LEAST_CACHED}", f"({put_in} >= 1 and not {of_openai})")
    written = count("cache_write_tokens")
    drained = values.SPANWISE_STREAM_OUTCOME_DRAINED
    return [
        _why(assumption.STREAM_ENDED_EARLY, present(outcome), f"{outcome} != {text(drained)}", absent(finish)),
        _why(assumption.TIER_ASKED_FOR, present(slot("want"))),
        _why(assumption.INPUT_MISSING, absent(put_in), present(price_slot("input_mtok"))),
        _why(
            assumption.OUTPUT_MISSING,
            absent(put_out), present(price_slot("output_mtok")),
            f"{operation} != {text(values.GEN_AI_OPERATION_NAME_EMBEDDINGS)}",
        ),
        *_regions(tariffs),
        _why(assumption.PROVIDER_GUESSED, listed, guessed),
        _why(
            assumption.CACHED_UNKNOWN,
            listed, present(slot("reads")), absent(count("cache_read_tokens")), present(put_in), least, blind,
        ),
        _why(answers.NO_LIFETIME, present(slot("lives")), present(written), f"{written} > 0", absent(slot("split"))),
    ]  # fmt: skip


def _regions(tariffs: TariffTable) -> list[str]:
    """The region of the call, and what is said of the model there: slot `up` is a digit, a letter or `n`."""
    said, host, name = attribute(attr.SPANWISE_RESPONSE_REGION), attribute(attr.SERVER_ADDRESS), attribute(attr.GEN_AI_PROVIDER_NAME)  # fmt: skip
    region, up, line = slot("reg"), slot("up"), slot("l")
    start, _ = REGIONS_AT
    counted = both(present(slot("known")), absent(slot("own")), f"{piece(slot('s'), REGIONAL_AT, 1)} == {text(REGIONAL)}")  # fmt: skip
    concerned = f'{piece(line, start, 3)} != "{NO_UPLIFT * 3}"'
    in_doubt = both(absent(region), f"{name} == {text(values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI)}")
    elsewhere = either(absent(host), f"{host} != {text(_VERTEX_GLOBAL)}")
    at = both(present(slot("area")), absent(slot("own")))
    return [
        put(slot("area"), "true", counted, concerned),
        put(region, f"ToLowerCase({said})", present(slot("area")), is_text(said), f'{said} != "not_available"'),
        put(region, f"ToLowerCase({host})", present(slot("area")), absent(region), is_text(host), matches(host, "(?i)" + _HOST_REGION)),
        f"replace_pattern({region}, {text(_HOST_REGION)}, {text('$1$2$3$4')}) where {present(region)}",
        put(up, piece(line, start, 1), at, in_doubt, elsewhere),
        put(up, piece(line, start + 1, 1), at, present(region), f'{region} == "us"'),
        put(up, piece(line, start + 2, 1), at, present(region), f'{region} != "us"', f"{region} != {text(GLOBAL)}"),
        put(slot("late"), "true", present(up), f'{up} != "{NO_UPLIFT}"', f"{_START} < {max(EDGES) * _NANOS}"),
        *(
            _why(reason, present(up), f'{up} == "{chr(ord("A") + index)}"')
            for index, reason in enumerate(tariffs.reasons)
        ),
    ]  # fmt: skip


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
    parts_in = either(*(f"({present(_of(usage))} and {_of(usage)} > 0)" for usage in _INPUT_PARTS))
    parts_out = either(*(f"({present(_of(usage))} and {_of(usage)} > 0)" for usage in _OUTPUT_PARTS))
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
    large = either(
        *(f"({present(count(usage))} and {count(usage)} > {_LARGE.get(usage, _LARGE_TOKENS)})" for usage in _COUNTED[:-1])
    )  # fmt: skip
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
        *(put(slot(f"a_{part}"), "0") for part in _PARTS),
    ]
    for part, lines in summed.items():
        for rest, key in lines:
            amount = f"{slot(f'a_{part}')} + {slot(rest)} * {price_slot(key)}"
            # A rest of nothing costs nothing, whether it has a price or not.
            statements.append(
                put(slot(f"a_{part}"), amount, absent(slot("huge")), present(slot(rest)), present(price_slot(key)), f"{slot(rest)} > 0")
            )  # fmt: skip
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


def _refusals() -> list[str]:
    """Why there is no amount, the reason that comes first in a process before the others."""
    used = either(*(f"({present(count(usage))} and {count(usage)} > 0)" for usage in _COUNTED[:-1]))
    found = slot("e")
    provider = f'{piece(slot("s"), PROVIDER_AT, 2)} == "--"'
    unknown = both(absent(slot("known")), absent(slot("own")))
    return [
        put(slot("used"), "true", either(used, present(slot("unmetered")))),
        _no(answers.INCONSISTENT, present(slot("bad"))),
        _no(NO_USAGE, absent(slot("used"))),
        _no(NAME_NOT_CARRIED, unknown, f"{found} == {text(REFUSED)}"),
        _no(answers.UNKNOWN_PROVIDER, unknown, provider),
        _no(answers.UNKNOWN_MODEL, unknown),
        _no(NOT_CARRIED, present(slot("other"))),
        _no(answers.INCOMPLETE, present(slot("part"))),
        _no(answers.INCONSISTENT, present(slot("wrong"))),
        _no(TOO_LARGE, present(slot("huge"))),
    ]


def _written(book: PriceBook, own: OwnStatements) -> list[str]:
    """What goes on the span. An amount of the provider's is kept; one of somebody else's is compared, or better than none."""
    sent, kept, no, currency = slot("sent"), slot("kept"), slot("no"), slot("cur")
    amount = attribute(attr.SPANWISE_COST_AMOUNT_USD)
    micro = attribute(attr.SPANWISE_COST_MICRO_USD)
    total, usd = slot("sum"), slot("usd")
    priced = both(absent(kept), absent(no))
    taken = both(present(no), present(sent), f"{sent} > 0.0", absent(kept))
    of_sent = either(present(kept), f"({taken})")
    dollars = both(of_sent, present(currency), f"{currency} == {text(_USD)}")
    exact, estimated = values.SPANWISE_COST_STATUS_EXACT, values.SPANWISE_COST_STATUS_ESTIMATED
    differ = either(f"{usd} - {sent} > 0.01 * {sent}", f"{sent} - {usd} > 0.01 * {sent}")
    return [
        put(total, " + ".join(slot(f"a_{part}") for part in _PARTS), priced),
        put(usd, f"Double({total}) / {float(price_row.UNITS_PER_USD):.1f}", priced),
        put(slot("why"), text(cost_step.PRICED_DIFFERENTLY), priced, present(sent), f"{sent} > 0.0", differ),
        # Such an amount cannot be trusted, whatever else is assumed.
        put(slot("why"), text(ANOTHER_TIME), present(slot("late"))),
        put(amount, usd, priced),
        put(micro, f"({total} + {price_row.UNITS_PER_MICRO // 2}) / {price_row.UNITS_PER_MICRO}", priced),
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
        # An amount that was sent.
        *own.off_sent(sent, kept, currency),
        put(amount, sent, dollars),
        put(micro, f"Int({sent} * 1000000.0 + 0.5)", dollars),
        put(STATUS, text(values.SPANWISE_COST_STATUS_PROVIDER), absent(STATUS), present(kept), present(currency)),
        put(STATUS, text(estimated), f"({taken})", present(currency)),
        put(REASON, text(cost_step.PRICED_ELSEWHERE), f"({taken})", present(currency)),
        put(slot("no"), text(cost_step.CURRENCY_UNKNOWN), of_sent, absent(currency)),
        # No price, which is not a price of nothing.
        put(STATUS, text(values.SPANWISE_COST_STATUS_UNPRICED), absent(STATUS)),
        put(REASON, no, f"{STATUS} == {text(values.SPANWISE_COST_STATUS_UNPRICED)}"),
    ]  # fmt: skip
