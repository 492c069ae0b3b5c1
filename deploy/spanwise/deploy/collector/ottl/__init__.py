"""The policy as statements of the Collector's own language: prices, and the redaction rules that it can carry."""

from __future__ import annotations

from spanwise.deploy.collector.ottl.generated import generated
from spanwise.deploy.collector.ottl.price import carried_prices, price_processors
from spanwise.deploy.collector.ottl.redaction import carried_rules, redaction_processors
from spanwise.deploy.collector.ottl.refusal import Carried, Refusal


__all__ = [
    "Carried",
    "Refusal",
    "carried_prices",
    "carried_rules",
    "generated",
    "price_processors",
    "redaction_processors",
]
