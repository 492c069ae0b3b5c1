"""The page about money: where it goes, to whom, what caches save, what is unknown, and what budgets say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.deploy.grafana import link
from spanwise.deploy.grafana.budget import budgets
from spanwise.deploy.grafana.dashboard import Dashboard, Row
from spanwise.deploy.grafana.limit import ceiling, threshold
from spanwise.deploy.grafana.panel import BARS, BLUE, TABLE, TIME_SERIES, Panel, Query, Step, legend, stat
from spanwise.deploy.grafana.promql import (
    PER_HOUR,
    RANGE,
    RATE,
    by,
    increase,
    named,
    or_none,
    or_zero,
    rate,
    select,
    share,
)
from spanwise.deploy.grafana.vocabulary import (
    AGENT,
    ERROR,
    MODEL,
    OPERATION,
    PROMPT,
    PROVIDER,
    SERVICE,
    TENANT,
    VERSION,
    Vocabulary,
    series,
    title_of,
)
from spanwise.deploy.series import label_name
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics


if TYPE_CHECKING:
    from spanwise.plan import Plan

USD: Final = "currencyUSD"
_COST: Final = series(metrics.SPANWISE_COST)
_SAVINGS: Final = series(metrics.SPANWISE_COST_CACHE_SAVINGS)
_UNPRICED: Final = series(metrics.SPANWISE_COST_UNPRICED)
_BOOK: Final = series(metrics.SPANWISE_COST_BOOK_TIME)
_STATUS: Final = label_name(attr.SPANWISE_COST_STATUS)
_NOT_SET: Final = "(not set)"


def cost(plan: Plan, words: Vocabulary) -> Dashboard:
    """What model calls cost, split by everything that the policy lets calls be told apart by."""
    return Dashboard(
        uid=words.uid("cost"),
        title=words.title("Cost and budgets"),
        about="What model calls cost: by model, service, tenant and prompt, what caches save, and what budgets say.",
        rows=(
            Row("In the time shown", _now(plan, words)),
            Row("Budgets", budgets(plan)),
            Row("Where it goes", _where(words)),
            Row("For whom and for what", _whom(words)),
            Row("Caches", _caches(words)),
            Row("What is not known", _unknown(plan, words)),
        ),
        variables=words.variables,
        since="now-24h",
        refresh="5m",
        tags=words.tags,
    )


def _now(plan: Plan, words: Vocabulary) -> tuple[Panel, ...]:
    spent = increase(_COST, words.of_calls)
    calls = words.duration.count(window=RANGE, function="increase")
    tokens = " + ".join(words.tokens(direction, window=RANGE) for direction in ("input", "output"))
    return (
        stat("Spent", "US dollars, priced when each call was made.", spent, USD, decimals=2, instant=True),
        stat(
            "Pace per hour",
            "US dollars an hour at the pace of now. Compare it with what a budget allows an hour.",
            f"{PER_HOUR} {rate(_COST, words.of_calls)}",
            USD,
            decimals=2,
        ),
        stat(
            "Per call",
            "The mean cost of a model call. When it rises, look at tokens and at the mix of models.",
            f"{spent} / {calls}",
            USD,
            decimals=5,
            instant=True,
        ),
        stat(
            "Per million tokens",
            "Input and output together. It falls with cache hits and with cheaper models.",
            f"1000000 * {rate(_COST, words.of_calls, window=RANGE)} / ({tokens})",
            USD,
            decimals=2,
            instant=True,
        ),
        stat(
            "Saved by caches",
            "What input read from the provider's cache would have cost more as plain input. Not counted where the "
            "price is unknown.",
            or_zero(increase(_SAVINGS, words.of_calls)),
            USD,
            steps=(Step(BLUE),),
            decimals=2,
            instant=True,
        ),
        stat(
            "Calls without a price",
            "Successful calls whose cost is unknown, not 0. No sum here and no budget sees them: add a price.",
            or_zero(increase(_UNPRICED, (*words.of_calls, f'{ERROR}=""'))),
            steps=ceiling(threshold(plan, "unpriced_calls")),
            decimals=0,
            instant=True,
        ),
    )


def _where(words: Vocabulary) -> tuple[Panel, ...]:
    split = ((MODEL, link.of_model()), (SERVICE, link.of_service()))
    panels = tuple(
        Panel(
            TIME_SERIES,
            f"Cost per hour by {title.lower()}",
            f"US dollars at the pace of the moment, by {title.lower()}.",
            (Query(f"{PER_HOUR} {rate(_COST, words.of_calls, of=(label,))}", legend(label)),),
            USD,
            width=12,
            stacked="normal",
            links=(way,),
        )
        for (label, way), title in zip(split, ("Model", "Service"), strict=True)
    )
    return (*panels, _table(words))


def _table(words: Vocabulary) -> Panel:
    labels = {PROVIDER: "Provider", MODEL: "Model", OPERATION: "Operation"}
    of = tuple(labels)
    spent = increase(_COST, words.of_calls, of=of)
    whole = increase(_COST, words.of_calls)
    calls = words.duration.count(of=of, window=RANGE, function="increase")
    return Panel(
        TABLE,
        "Models by cost",
        "Where a cheaper model would pay most. Embeddings cost and have no place among model calls, so they show no "
        "number of calls.",
        (
            Query(spent, "Cost", instant=True, unit=USD),
            Query(f"{spent} / on () group_left () {whole}", "Share", instant=True, unit="percentunit"),
            Query(calls, "Calls", instant=True, unit="short"),
            Query(f"{spent} / {calls}", "Cost per call", instant=True, unit=USD),
            Query(increase(_SAVINGS, words.of_calls, of=of), "Saved by cache", instant=True, unit=USD),
        ),
        width=24,
        labels=labels,
        sorted_by="Cost",
        links=(link.of_row({f"span.{attr.GEN_AI_REQUEST_MODEL}": "Model"}),),
    )


def _whom(words: Vocabulary) -> tuple[Panel, ...]:
    own = tuple(label for label in words.labels if label not in {TENANT, PROMPT, VERSION, AGENT})
    return tuple(
        panel for label in (TENANT, PROMPT, *own) for panel in _split(words, label, (label,), title_of(label).lower())
    ) + _split(words, VERSION, (PROMPT, VERSION), "prompt version")


def _split(words: Vocabulary, label: str, of: tuple[str, ...], what: str) -> tuple[Panel, ...]:
    """Bars of what was spent, and its course, by one label that a policy may add."""
    about = (
        f"US dollars by {what}. '{_NOT_SET}': the call says none, or the policy does not allow the label; see "
        "measure.labels."
    )
    spent = named(increase(_COST, words.of_calls, of=of), label, _NOT_SET)
    pace = named(rate(_COST, words.of_calls, of=of), label, _NOT_SET)
    return (
        Panel(
            BARS,
            f"Spent by {what}",
            f"{about} The twenty dearest in the time shown.",
            (Query(f"sort_desc(topk(20, {spent}))", legend(*of), instant=True),),
            USD,
            width=8,
            steps=(Step(BLUE),),
            decimals=2,
        ),
        Panel(
            TIME_SERIES,
            f"Cost per hour by {what}",
            f"{about} The ten dearest at each moment.",
            (Query(f"{PER_HOUR} topk(10, {pace})", legend(*of)),),
            USD,
            width=16,
            stacked="normal",
        ),
    )


def _caches(words: Vocabulary) -> tuple[Panel, ...]:
    saved = Panel(
        TIME_SERIES,
        "Saved by caches per hour",
        "What input read from the provider's cache would have cost more as plain input, by model.",
        (Query(f"{PER_HOUR} {rate(_SAVINGS, words.of_calls, of=(MODEL,))}", legend(MODEL)),),
        USD,
        width=12,
        stacked="normal",
    )
    if not words.is_current:
        return (saved,)  # the released metrics do not tell cached tokens apart
    read = series(metrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS)
    hits = share(rate(read, words.of_calls, of=(MODEL,)), words.tokens("input", of=(MODEL,), window=RATE))
    return (
        Panel(
            TIME_SERIES,
            "Input read from caches",
            "Share of the input tokens that came from the provider's cache. A fall means that prompts begin with "
            "something that changes, or that calls come too seldom.",
            (Query(hits, legend(MODEL)),),
            "percentunit",
            width=12,
            most=1,
        ),
        saved,
    )


def _unknown(plan: Plan, words: Vocabulary) -> tuple[Panel, ...]:
    unpriced = rate(_UNPRICED, (*words.of_calls, f'{ERROR}=""'), of=(PROVIDER, MODEL))
    book = select(_BOOK, words.of_process)
    return (
        Panel(
            TIME_SERIES,
            "Calls without a price, per hour",
            "Models that no price book and no price of the policy knows. Add one under prices.overrides.",
            (Query(or_none(f"{PER_HOUR} {unpriced}", MODEL), legend(PROVIDER, MODEL)),),
            "short",
            links=(link.of_model(),),
        ),
        Panel(
            TIME_SERIES,
            "Cost per hour by how sure it is",
            "exact: from the provider's own numbers and a known price. estimated: something was assumed; the span says "
            "what.",
            (Query(f"{PER_HOUR} {rate(_COST, words.of_calls, of=(_STATUS,))}", legend(_STATUS)),),
            USD,
            stacked="normal",
        ),
        Panel(
            BARS,
            "Age of the prices",
            "How old the price book is that each service uses. Old prices are wrong without looking wrong: upgrade, or "
            "refresh the book.",
            (Query(f"time() - max{by((SERVICE,))}({book})", legend(SERVICE), instant=True),),
            "s",
            steps=ceiling(threshold(plan, "price_book_age_s")),
        ),
    )
