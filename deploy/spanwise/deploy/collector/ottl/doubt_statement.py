"""Statements that say why an amount is an estimate, or why there is none."""

from __future__ import annotations

from typing import Final

from spanwise.cost import assumption
from spanwise.cost import quote as answers
from spanwise.cost.reading import NO_USAGE
from spanwise.cost.region import EDGES, GLOBAL
from spanwise.deploy.collector.ottl.amount import count, price_slot
from spanwise.deploy.collector.ottl.call_statement import COUNTED, RARE
from spanwise.deploy.collector.ottl.expression import (
    absent,
    attribute,
    both,
    either,
    is_text,
    matches,
    one_of,
    only,
    piece,
    present,
    put,
    slot,
    text,
)
from spanwise.deploy.collector.ottl.resolving import (
    GUESSED,
    GUESSED_AT,
    PROVIDER_AT,
    REGIONAL,
    REGIONAL_AT,
)
from spanwise.deploy.collector.ottl.tariff_table import (
    NO_UPLIFT,
    REFUSED,
    REGIONS_AT,
    TariffTable,
)
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


ANOTHER_TIME: Final = "price of another time"
"""The prices of the configuration do not hold when the call was made; those of its day are taken."""
TIER_AND_SPEED: Final = "price for tier and speed together not carried"
NOT_CARRIED: Final = "price not carried by the collector"
NAME_NOT_CARRIED: Final = "model name not carried by the collector"
TOO_LARGE: Final = "amount too large for the collector"
_START: Final = "span.start_time_unix_nano"
_NANOS: Final = 1_000_000_000
_HOST_REGION: Final = (
    r"^(?:([a-z]{2})\.api\.openai\.com|([a-z]+-[a-z]+[0-9]+|us|eu|global)-aiplatform\.googleapis\.com|"
    r"aiplatform\.([a-z]{2})\.rep\.googleapis\.com|([a-z]{2})-api\.together\.(?:ai|xyz))$"
)
_VERTEX_GLOBAL: Final = "aiplatform.googleapis.com"
_BLIND_SCOPE: Final = "opentelemetry.instrumentation.openai_v2"
_CACHED_BY: Final = ("openai", "azure")
_LEAST_CACHED: Final = 1024


def reasons(tariffs: TariffTable, numbers: dict[str, str]) -> list[str]:
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
        *only(RARE, (
            why(assumption.STREAM_ENDED_EARLY, present(outcome), f"{outcome} != {text(drained)}", absent(finish)),
            why(assumption.TIER_ASKED_FOR, present(slot("want"))),
        )),
        why(assumption.INPUT_MISSING, absent(put_in), present(price_slot("input_mtok"))),
        why(
            assumption.OUTPUT_MISSING,
            absent(put_out), present(price_slot("output_mtok")),
            f"{operation} != {text(values.GEN_AI_OPERATION_NAME_EMBEDDINGS)}",
        ),
        *_regions(tariffs),
        why(assumption.PROVIDER_GUESSED, listed, guessed),
        why(
            assumption.CACHED_UNKNOWN,
            listed, present(slot("reads")), absent(count("cache_read_tokens")), present(put_in), least, blind,
        ),
        why(answers.NO_LIFETIME, present(slot("lives")), present(written), f"{written} > 0", absent(slot("split"))),
    ]  # fmt: skip


def _regions(tariffs: TariffTable) -> list[str]:
    """The region of the call, and what is said of the model there: slot `up` is a digit, a letter or `n`."""
    said, host = attribute(attr.SPANWISE_RESPONSE_REGION), attribute(attr.SERVER_ADDRESS)
    name = attribute(attr.GEN_AI_PROVIDER_NAME)
    region, up, line = slot("reg"), slot("up"), slot("l")
    start, _ = REGIONS_AT
    sure = f"{piece(slot('s'), REGIONAL_AT, 1)} == {text(REGIONAL)}"
    counted = both(present(slot("known")), absent(slot("own")), sure)
    concerned = f'{piece(line, start, 3)} != "{NO_UPLIFT * 3}"'
    shows = matches(host, "(?i)" + _HOST_REGION)
    in_doubt = both(absent(region), f"{name} == {text(values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI)}")
    elsewhere = either(absent(host), f"{host} != {text(_VERTEX_GLOBAL)}")
    at = both(present(slot("area")), absent(slot("own")))
    return [
        put(slot("area"), "true", counted, concerned),
        put(region, f"ToLowerCase({said})", present(slot("area")), is_text(said), f'{said} != "not_available"'),
        put(region, f"ToLowerCase({host})", present(slot("area")), absent(region), is_text(host), shows),
        f"replace_pattern({region}, {text(_HOST_REGION)}, {text('$1$2$3$4')}) where {present(region)}",
        put(up, piece(line, start, 1), at, in_doubt, elsewhere),
        put(up, piece(line, start + 1, 1), at, present(region), f'{region} == "us"'),
        put(up, piece(line, start + 2, 1), at, present(region), f'{region} != "us"', f"{region} != {text(GLOBAL)}"),
        put(slot("late"), "true", present(up), f'{up} != "{NO_UPLIFT}"', f"{_START} < {max(EDGES) * _NANOS}"),
        *(
            why(reason, present(up), f'{up} == "{chr(ord("A") + index)}"')
            for index, reason in enumerate(tariffs.reasons)
        ),
    ]  # fmt: skip


def refusals() -> list[str]:
    """Why there is no amount, the reason that comes first in a process before the others."""
    used = either(*(f"({present(count(usage))} and {count(usage)} > 0)" for usage in COUNTED[:-1]))
    found = slot("e")
    provider = f'{piece(slot("s"), PROVIDER_AT, 2)} == "--"'
    unknown = both(absent(slot("known")), absent(slot("own")))
    return [
        put(slot("used"), "true", either(used, present(slot("unmetered")))),
        no(answers.INCONSISTENT, present(slot("bad"))),
        no(NO_USAGE, absent(slot("used"))),
        # An override lies over prices that are not known here; a private model does not.
        no(NAME_NOT_CARRIED, absent(slot("private")), f"{found} == {text(REFUSED)}"),
        no(answers.UNKNOWN_PROVIDER, unknown, provider),
        no(answers.UNKNOWN_MODEL, unknown),
        no(NOT_CARRIED, present(slot("other"))),
        no(answers.INCOMPLETE, present(slot("part"))),
        no(answers.INCONSISTENT, present(slot("wrong"))),
        no(TOO_LARGE, present(slot("huge"))),
    ]


def why(reason: str, *where: str) -> str:
    """The statement that makes the amount an estimate, unless it is one already for a reason that comes first."""
    return put(slot("why"), text(reason), absent(slot("why")), *where)


def no(reason: str, *where: str) -> str:
    """The statement that leaves the call without a price, unless it has none already for a reason that comes first."""
    return put(slot("no"), text(reason), absent(slot("no")), *where)
