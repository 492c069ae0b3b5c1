"""Every target by name, and how much of the time it gets."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from tests.fuzz import clean_target, engine_target, plant_target, price_target, speed_target
from tests.fuzz.broken import Broken


Play: TypeAlias = Callable[[Random], None]
"""Makes an input out of chance and raises `Broken` when a promise does not hold for it."""


class Target(NamedTuple):
    """One thing that is tried, and its share of the time."""

    play: Play
    share: int


def play(name: str, chance: Random) -> None:
    """Play the target `name` once.

    Raises:
        Broken: a promise does not hold, or something raised that nobody expected.
    """
    try:
        TARGETS[name].play(chance)
    except Broken:
        raise
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(frame.filename).name}:{frame.name}"
        raise Broken(f"no exception, but {type(error).__name__}", repr(error), detail=where) from error


TARGETS: Final[Mapping[str, Target]] = MappingProxyType(
    {
        "text": Target(engine_target.any_text, 4),
        "span": Target(engine_target.any_span, 2),
        "hostile": Target(speed_target.hostile, 3),
        "growing": Target(speed_target.growing, 2),
        "planted": Target(plant_target.planted, 4),
        "split": Target(plant_target.split, 2),
        "clean": Target(clean_target.clean, 2),
        "call": Target(price_target.any_call, 1),
        "sums": Target(price_target.exact_sums, 1),
    }
)
