"""Calls of Mistral and Cohere are priced from the attributes that their codecs set, where the price book can."""

from __future__ import annotations

from typing import Any

import pytest

from spanwise.cost import Cost, CostConfig, OwnPrices
from spanwise.instrument.codec import Codec
from spanwise.instrument.codec.cohere_chat import CohereChat
from spanwise.instrument.codec.cohere_chat_v1 import CohereChatV1
from spanwise.instrument.codec.cohere_embed import CohereEmbed
from spanwise.instrument.codec.cohere_rerank import CohereRerank
from spanwise.instrument.codec.mistral_chat import MistralChat
from spanwise.instrument.codec.mistral_embeddings import MistralEmbeddings
from spanwise.instrument.codec.mistral_fim import MistralFim
from spanwise.instrument.codec.mistral_ocr import MistralOcr
from spanwise.policy import Reader
from spanwise.record import SpanRecord
from spanwise.record.span import AttributeValue


NOVEMBER_S = 1_795_132_800
TOKENS = {"prompt_tokens": 1_000_000, "completion_tokens": 100_000}
BILLED = {"billed_units": {"input_tokens": 1_000_000, "output_tokens": 100_000}}
RERANKED = {"meta": {"billed_units": {"search_units": 3}}}


def priced(
    codec: Codec, provider: str, model: str, body: dict[str, Any], prices: OwnPrices | None = None
) -> dict[str, AttributeValue]:
    """What the step writes on the span of a call that was answered with `body`."""
    named: dict[str, Any] = {"gen_ai.operation.name": codec.operation, "gen_ai.provider.name": provider}
    attributes = {**named, **codec.request({"model": model}), **codec.response(body)}
    span = SpanRecord("call", 1, 2, start_unix_nano=NOVEMBER_S * 10**9, attributes=attributes)
    return Cost(CostConfig(prices=prices, warn_unknown=False))(span).attributes


@pytest.mark.parametrize(
    ("codec", "provider", "model", "body", "usd"),
    [
        (MistralChat(), "mistral_ai", "mistral-small-2603", {"usage": TOKENS}, 0.15 + 0.06),
        # What the cache read costs a tenth.
        (MistralChat(), "mistral_ai", "mistral-small-2603",
         {"usage": {**TOKENS, "prompt_tokens_details": {"cached_tokens": 400_000}}}, 0.6 * 0.15 + 0.4 * 0.015 + 0.06),
        (MistralFim(), "mistral_ai", "codestral-2508", {"usage": TOKENS}, 0.3 + 0.09),
        (MistralEmbeddings(), "mistral_ai", "mistral-embed",
         {"usage": {"prompt_tokens": 1_000_000, "completion_tokens": 0}}, 0.1),
        (MistralOcr(), "mistral_ai", "mistral-ocr-2512", {"usage_info": {"pages_processed": 1000}}, 2.0),
        (MistralOcr(), "mistral_ai", "mistral-ocr-2512",
         {"usage_info": {"pages_processed": 1000}, "document_annotation": "{}"}, 3.0),
        (CohereChat(), "cohere", "command-a-03-2025", {"usage": BILLED}, 2.5 + 1.0),
        (CohereChatV1(), "cohere", "command-r-08-2024", {"meta": BILLED}, 0.15 + 0.06),
        (CohereEmbed(), "cohere", "embed-v4.0", {"meta": {"billed_units": {"input_tokens": 1_000_000}}}, 0.12),
    ],
)  # fmt: skip
def test_calls_are_priced(codec: Codec, provider: str, model: str, body: dict[str, Any], usd: float) -> None:
    """What the codec says of a call is what its price needs, exactly."""
    found = priced(codec, provider, model, body)
    assert found["spanwise.cost.status"] == "exact"
    assert found["gen_ai.usage.cost.amount"] == pytest.approx(usd, rel=1e-9)


def test_a_reranking_without_a_price_is_unpriced() -> None:
    """The price book has no price of a search: that is said, and no amount is."""
    found = priced(CohereRerank(), "cohere", "rerank-v3.5", RERANKED)
    assert found["spanwise.cost.status"] == "unpriced"
    assert "gen_ai.usage.cost.amount" not in found


def test_a_reranking_has_a_price_of_ones_own() -> None:
    """A policy that names the price of a search prices a reranking by what it is billed."""
    reader = Reader({"models": [{"model": "rerank-*", "provider": "cohere", "rerank_search": 0.002}]}, path=("prices",))
    own = OwnPrices.read(reader)
    assert reader.problems == []
    found = priced(CohereRerank(), "cohere", "rerank-v3.5", RERANKED, own)
    assert found["gen_ai.usage.cost.amount"] == pytest.approx(0.006)
    assert found["spanwise.cost.status"] == "exact"


def test_a_search_in_ones_own_data_costs_nothing() -> None:
    """A retrieval without usage is no call that is missing a price."""
    found = priced(CohereRerank(), "cohere", "rerank-v3.5", {})
    assert "spanwise.cost.status" not in found
