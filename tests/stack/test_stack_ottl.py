"""Prices and redaction as the real Collector computes them, against our own steps, value by value."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest

from spanwise.cost import Cost, CostConfig, OwnPrices, PriceBook
from spanwise.deploy.collector.ottl.doubt_statement import (
    ANOTHER_TIME,
    NAME_NOT_CARRIED,
    NOT_CARRIED,
    TIER_AND_SPEED,
    TOO_LARGE,
)
from spanwise.deploy.collector.ottl.price import compiled as compiled_prices
from spanwise.deploy.collector.ottl.redaction import compiled as compiled_rules
from spanwise.deploy.collector.ottl.vectors import PriceVector, price_vectors
from spanwise.policy import Reader
from spanwise.record import AttributeValue, Event, SpanRecord
from spanwise.redact import RedactConfig
from spanwise.redact.budget import Budget
from spanwise.redact.catalogue import catalogue
from spanwise.redact.compile import Example, examples
from spanwise.redact.kinds import DROPPED, label
from spanwise.redact.scanner import Scanner
from spanwise.semconv import attributes as attr
from tests.stack.pipe import Pipe


DAY: Final = dt.date
CLOSE: Final = 1e-6
ALL: Final = 10**6
OURS: Final = frozenset({ANOTHER_TIME, NAME_NOT_CARRIED, NOT_CARRIED, TIER_AND_SPEED, TOO_LARGE})
"""Reasons that only a Collector has: it says less than a process, never something else."""

SAID: Final = (
    attr.SPANWISE_COST_STATUS, attr.SPANWISE_COST_REASON, attr.SPANWISE_COST_MICRO_USD, attr.SPANWISE_COST_RULE,
    attr.SPANWISE_COST_BOOK, attr.SPANWISE_COST_BOOK_DATE, attr.SPANWISE_COST_BILLED_CURRENCY,
)  # fmt: skip
AMOUNTS: Final = (
    attr.SPANWISE_COST_INPUT, attr.SPANWISE_COST_CACHE_READ, attr.SPANWISE_COST_CACHE_WRITE,
    attr.SPANWISE_COST_OUTPUT, attr.SPANWISE_COST_OTHER, attr.SPANWISE_COST_BILLED_AMOUNT,
)  # fmt: skip
POLICY: Final[dict[str, Any]] = {
    "currencies": {"EUR": {"usd": 1.08, "date": DAY(2026, 10, 1)}},
    "overrides": [
        {"model": "gpt-4o*", "provider": "openai", "tenant": "acme*", "input_mtok": 1.4, "name": "acme"},
        {"model": ["gpt-5", "gpt-5-*"], "service_tier": "flex", "input_mtok": 0.5, "output_mtok": 4},
        {
            "model": "claude-*", "provider": "anthropic", "from": DAY(2026, 11, 11), "currency": "EUR",
            "input_mtok": 2.5, "output_mtok": 9.75, "tiers": [{"above": 200000, "input_mtok": 5}],
        },
        {"model": "gpt-5*", "until": DAY(2026, 11, 9), "input_mtok": 0.9},
        {"model": "o3", "service_tier": "*", "cache_read_mtok": 0.1, "cache_write_1h_mtok": 7},
        {"model": "mistral-large*", "input_audio_mtok": 3},
    ],
    "models": [
        {"model": "llama-*-ours", "provider": "vllm", "request": 0.001, "input_mtok": 0.2},
        {"model": "*my-own*", "input_mtok": 0.31, "output_mtok": 0.77, "web_search": 0.01},
        {"model": "slow", "second": 0.0004},
    ],
    "discounts": [
        {"name": "enterprise", "provider": "openai", "percent": 12.5},
        {"model": "gemini-*", "tenant": "acme", "rate": 0.8},
        {"provider": "google", "rate": 0.97},
        {"provider": "anthropic", "percent": 5, "apply_to": "both"},
        {"provider": "groq", "percent": 7, "apply_to": "provider"},
    ],
}  # fmt: skip
WHERE: Final = ("plain", "sentence", "messages", "structured", "event")


@dataclass(frozen=True)
class Pair:
    """A span that both have priced."""

    vector: PriceVector
    ours: dict[str, AttributeValue]
    theirs: dict[str, AttributeValue]

    @property
    def status(self) -> tuple[AttributeValue, AttributeValue]:
        """Ours and the Collector's."""
        return self.ours.get(attr.SPANWISE_COST_STATUS), self.theirs.get(attr.SPANWISE_COST_STATUS)

    @property
    def refused(self) -> bool:
        """Whether the Collector says that it cannot do this."""
        return self.theirs.get(attr.SPANWISE_COST_REASON) in OURS

    def differences(self) -> list[str]:
        """What the two do not have in common."""
        different = [name for name in SAID if self.ours.get(name) != self.theirs.get(name)]
        different += [name for name in AMOUNTS if not _close(self.ours.get(name), self.theirs.get(name))]
        if self.ours.get(attr.SPANWISE_COST_MICRO_USD) is not None:
            amount = self.ours.get(attr.GEN_AI_USAGE_COST_AMOUNT)
            if not _close(amount, self.theirs.get(attr.SPANWISE_COST_AMOUNT_USD)):
                different.append(attr.SPANWISE_COST_AMOUNT_USD)
        return different

    def __str__(self) -> str:
        return f"{self.vector}\n  ours   {self.ours}\n  theirs {self.theirs}"


def _close(left: AttributeValue, right: AttributeValue) -> bool:
    left, right = left or 0.0, right or 0.0
    return isinstance(left, int | float) and isinstance(right, int | float) and abs(left - right) <= CLOSE * abs(left)


def priced(
    vectors: Sequence[PriceVector], book: PriceBook, prices: OwnPrices, folder: pytest.TempPathFactory
) -> list[Pair]:
    """Every call as both price it. The Collector must have had nothing to complain of."""
    step = Cost(CostConfig(book=book, prices=prices, warn_unknown=False))
    with Pipe(compiled_prices(book, prices).processors, folder.mktemp("ottl")) as pipe:
        theirs = pipe.through([vector.span(number) for number, vector in enumerate(vectors, 1)])
        log = pipe.process.log.read_text(encoding="utf-8")
    assert log == "", log[:2000]
    assert len(theirs) == len(vectors)
    return [
        Pair(vector, step(vector.span(number)).attributes, there.attributes)
        for number, (vector, there) in enumerate(zip(vectors, theirs, strict=True), 1)
    ]


@pytest.fixture(scope="module")
def book() -> PriceBook:
    """The bundled book."""
    return PriceBook.bundled()


@pytest.fixture(scope="module")
def listed(book: PriceBook, tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    """All vectors at the prices of the book."""
    return priced(list(price_vectors(book)), book, OwnPrices(), tmp_path_factory)


@pytest.fixture(scope="module")
def agreed(book: PriceBook, tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    """What is odd about a call, and calls at the edges of a policy's entries, at that policy's prices."""
    reader = Reader(POLICY)
    own = OwnPrices.read(reader)
    assert reader.problems == []
    return priced(list(_policy_vectors(book)), book, own, tmp_path_factory)


def _policy_vectors(book: PriceBook) -> Iterator[PriceVector]:
    every = list(price_vectors(book))
    odd = every[3 * sum(len(provider["models"]) for provider in book.raw) - 60 :]
    at, day = every[0].start_unix_nano, 86_400 * 10**9
    for vector in odd:
        yield vector
        attributes = {**vector.attributes, attr.SPANWISE_TENANT: "ACME"}
        yield PriceVector(attributes, vector.start_unix_nano, vector.scope)
    usage = {
        attr.GEN_AI_USAGE_INPUT_TOKENS: 250_000, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 77,
        attr.SPANWISE_USAGE_CACHE_WRITE_1H_INPUT_TOKENS: 50, attr.SPANWISE_USAGE_WEB_SEARCHES: 2,
    }  # fmt: skip
    for provider, model in (
        ("openai", "gpt-5"), ("openai", "o3"), ("openai", "gpt-4o"), ("anthropic", "claude-sonnet-4-5"),
        ("gcp.gemini", "gemini-2.5-pro"), ("vllm", "Llama-3-ours"), ("other", "llama-3-ours"),
        ("vllm", "vllm/llama-9-ours"), ("us", "slow"), ("mistral_ai", "mistral-large-latest"), ("x", "x/my-own"),
    ):  # fmt: skip
        called = {attr.GEN_AI_PROVIDER_NAME: provider, attr.GEN_AI_REQUEST_MODEL: model}
        yield from (PriceVector({**called, **usage}, at + days * day) for days in (-3, -2, -1, 0, 1, 2))
        yield PriceVector(called, at)


def test_an_exact_price_of_the_collector_is_ours(listed: list[Pair]) -> None:
    """Whatever the Collector calls exact is exact here, to the micro-dollar, with the same rule and parts."""
    exact = [pair for pair in listed if pair.status[1] == "exact"]
    assert len(exact) > 7000
    assert [str(pair) for pair in exact if pair.differences()] == []


def test_what_the_collector_does_not_refuse_it_prices_as_we_do(listed: list[Pair]) -> None:
    """Status, reason, amount and rule agree; provider's amounts, estimates and spans that are left alone included."""
    same = [pair for pair in listed if not pair.refused]
    assert {pair.status[1] for pair in same} == {"exact", "estimated", "unpriced", "provider", None}
    differing = [str(pair) for pair in same if pair.differences() and pair.status != ("unpriced", "unpriced")]
    # More tokens than anybody counts are no usage here, though this model bills seconds only.
    assert [text for text in differing if "10000000000000" not in text] == []


def test_what_is_refused_is_an_estimate_or_has_no_price(listed: list[Pair]) -> None:
    """A refusal never has the status of a price that is known, and refusals are few among plain calls."""
    refused = [pair for pair in listed if pair.refused]
    assert {pair.status[1] for pair in refused} == {"estimated", "unpriced"}
    assert len(refused) < len(listed) * 0.03


def test_nearly_every_model_is_exact_in_a_plain_call(listed: list[Pair], book: PriceBook) -> None:
    """A call with input and output tokens is priced as here, but for prices by the hour and models billed so."""
    count = sum(len(provider["models"]) for provider in book.raw)
    plain = listed[: 3 * count : 3]
    wrong = {str(pair.vector.attributes[attr.GEN_AI_RESPONSE_MODEL]) for pair in plain if pair.differences()}
    by_the_hour = ("deepseek", "grok-voice")
    assert [name for name in wrong if not any(word in name for word in by_the_hour)] == []


def test_a_policy_s_own_prices_agree(agreed: list[Pair]) -> None:
    """Overrides, private models and discounts by provider, model, tenant, tier, day, currency and prompt length."""
    exact = [pair for pair in agreed if pair.status[1] == "exact"]
    rules = {str(pair.theirs.get(attr.SPANWISE_COST_RULE)).partition(" ")[0] for pair in exact}
    assert {"own/acme", "own/overrides[1]", "own/overrides[2]", "own/models[1]"} <= {
        rule.partition(">")[0] for rule in rules
    }
    assert [str(pair) for pair in exact if pair.differences()] == []
    estimated = [pair for pair in agreed if pair.status == ("estimated", "estimated") and not pair.refused]
    # Where an entry's price is not carried, an amount that somebody sent is better than none, here as there.
    assert [str(pair) for pair in estimated if pair.differences() and "overrides[5]" not in str(pair.ours)] == []


def test_gen_ai_usage_cost_is_left_to_who_made_the_call(listed: list[Pair]) -> None:
    """A Collector changes no attribute of the convention: they say what the process knew."""
    names = (attr.GEN_AI_USAGE_COST_AMOUNT, attr.GEN_AI_USAGE_COST_CURRENCY, attr.GEN_AI_USAGE_COST_SOURCE)
    for pair in listed:
        for name in names:
            before, after = pair.vector.attributes.get(name), pair.theirs.get(name)
            assert before == after or before != before, str(pair)  # noqa: PLR0124 - not a number is not itself


@pytest.fixture(scope="module")
def redacting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipe]:
    """A Collector with the rules of the default policy."""
    with Pipe(compiled_rules(RedactConfig(), most_stems=ALL).processors, tmp_path_factory.mktemp("ottl")) as pipe:
        yield pipe
        log = pipe.process.log.read_text(encoding="utf-8")
        assert log == "", log[:2000]


CARRIED: Final = frozenset(compiled_rules(RedactConfig(), most_stems=ALL).names)
NARROWER: Final = frozenset({"bank_account", "driving_licence", "imsi", "postal_code"})
"""Rules with an example that a Collector does not find: letters beyond ASCII or a brace beside the word."""


def _sentence(text: str, where: str) -> str:
    return f"Please note: {text} and answer." if where == "sentence" else text


def _document(text: str) -> list[dict[str, AttributeValue]]:
    return [{"role": "user", "parts": [{"type": "text", "content": text}]}]


def _carrying(number: int, text: str, where: str) -> SpanRecord:
    span = SpanRecord("chat", 1, number)
    if where == "event":
        span.attributes[attr.EXCEPTION_MESSAGE] = "none"
        span.events.append(Event("exception", 1, {attr.EXCEPTION_MESSAGE: text}))
    elif where == "structured":
        span.attributes[attr.GEN_AI_INPUT_MESSAGES] = _document(text)
    elif where == "messages":
        span.attributes[attr.GEN_AI_INPUT_MESSAGES] = json.dumps(_document(text), ensure_ascii=False)
    else:
        span.attributes[attr.GEN_AI_TOOL_CALL_RESULT] = text
    return span


def _text_of(span: SpanRecord, where: str) -> str:
    if where == "event":
        return str(span.events[0].attributes[attr.EXCEPTION_MESSAGE])
    if where in {"messages", "structured"}:
        value: Any = span.attributes[attr.GEN_AI_INPUT_MESSAGES]
        document = json.loads(value) if isinstance(value, str) else value
        return str(document[0]["parts"][0]["content"])
    return str(span.attributes[attr.GEN_AI_TOOL_CALL_RESULT])


def _masked(scanner: Scanner, text: str) -> str:
    data, pieces, place = text.encode(), [], 0
    for hit in scanner.hits(data, Budget(10_000)):
        pieces += [data[place : hit.start], label(hit.kind).encode()]
        place = hit.end
    return b"".join([*pieces, data[place:]]).decode()


@pytest.mark.parametrize("where", WHERE)
def test_carried_rules_take_what_ours_take_and_nothing_else(redacting: Pipe, where: str) -> None:
    """Every example, right or wrong, in every form: the text comes back as ours, or, for four rules, untouched."""
    scanner = Scanner([rule for rule in catalogue() if rule.id in CARRIED])
    chosen: list[Example] = [example for example in examples() if example.rule in CARRIED]
    texts = [_sentence(example.data.decode(), where) for example in chosen]
    spans = redacting.through([_carrying(number, text, where) for number, text in enumerate(texts, 1)])
    missed = set()
    for example, text, span in zip(chosen, texts, spans, strict=True):
        found, wanted = _text_of(span, where), _masked(scanner, text)
        if found != wanted:
            assert found == text, f"{example.rule}: {found!r} of {text!r}"
            missed.add(example.rule)
    assert missed <= NARROWER


def test_two_values_in_a_row_are_both_taken(redacting: Pipe) -> None:
    """The sign between two values belongs to both."""
    span = _carrying(1, "dni: 12345678 dni: 87654321,dni: 11223344\ndni: 44332211", "messages")
    (back,) = redacting.through([span])
    assert _text_of(back, "messages").count("[AR_DNI]") + _text_of(back, "messages").count("[PE_DNI]") == 4


def test_a_word_in_one_text_of_a_document_names_no_number_in_another(redacting: Pipe) -> None:
    """The Collector reads the document as text; what separates its strings separates words from values."""
    texts = ["my dni", "12345678", "more"]
    document = (
        json.dumps([{"content": text} for text in texts]) + json.dumps(texts) + json.dumps({"dni": "", "x": "12345678"})
    )
    span = SpanRecord("chat", 1, 1, attributes={attr.GEN_AI_INPUT_MESSAGES: document})
    (back,) = redacting.through([span])
    assert back.attributes[attr.GEN_AI_INPUT_MESSAGES] == document


def test_other_attributes_and_ids_are_not_read(redacting: Pipe) -> None:
    """Only attributes that carry content are; a number beside a word elsewhere is an operator's."""
    attributes: dict[str, AttributeValue] = {"app.note": "dni: 12345678", attr.GEN_AI_TOOL_CALL_RESULT: "dni: 12345678"}
    (back,) = redacting.through([SpanRecord("chat", 1, 1, attributes=attributes, status_description="dni: 12345678")])
    assert back.attributes["app.note"] == "dni: 12345678"
    assert "12345678" not in str(back.attributes[attr.GEN_AI_TOOL_CALL_RESULT])
    assert "12345678" not in back.status_description


def test_actions_of_the_policy_hold(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Kinds that are kept or that only a process can treat stay; a dropped attribute says so."""
    config = RedactConfig(
        actions={"ar_dni": "keep", "pe_dni": "keep", "bank_account": "partial"}, attributes={"user.email": "drop"}
    )
    with Pipe(compiled_rules(config).processors, tmp_path_factory.mktemp("ottl")) as pipe:
        text = "dni: 12345678, account number 12345678, cvv 123"
        span = _carrying(1, text, "plain")
        span.attributes["user.email"] = "joe@example.com"
        (back,) = pipe.through([span])
    assert back.attributes[attr.GEN_AI_TOOL_CALL_RESULT] == text.replace("cvv 123", "cvv [CARD_CVV]")
    assert back.attributes["user.email"] == DROPPED
