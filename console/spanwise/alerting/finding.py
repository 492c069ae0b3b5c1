"""`Finding`: the value of one rule for one group of labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Finding(NamedTuple):
    """What a rule found of one service, model, budget or whatever it tells apart.

    Attributes:
        labels: Its labels, as Prometheus would have them; what is unknown is absent.
        value: The value, in the unit of the rule.
        holds: Whether it is beyond the threshold, with enough traffic to say so.
    """

    labels: Mapping[str, str]
    value: float
    holds: bool
