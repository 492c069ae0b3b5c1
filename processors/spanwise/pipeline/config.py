"""What a user can set for the pipeline, and how a wrong key is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, TypeAlias, TypeVar

from spanwise.cap import CapConfig
from spanwise.cost.config import CostConfig
from spanwise.dedupe.config import DedupeConfig
from spanwise.measure import MeasureConfig
from spanwise.measure.config import CURRENT, FLAVOURS
from spanwise.normalise.config import NormaliseConfig
from spanwise.redact import RedactConfig


Options: TypeAlias = Mapping[str, Any]
"""Options as a declarative configuration file hands them over: the JSON border of this module."""

Section = TypeVar("Section", CapConfig, CostConfig, DedupeConfig, MeasureConfig, NormaliseConfig, RedactConfig)


class ConfigError(ValueError):
    """A setting that cannot be used. Its message names the key, what was found and what is accepted."""


@dataclass(frozen=True, slots=True)
class PipelineConfig:
    """Settings of every step. The defaults are those of `opentelemetry-instrument` without any configuration."""

    semconv: str = CURRENT
    """The state of the convention that spans leave in: current, released or legacy."""
    normalise: NormaliseConfig = field(default_factory=NormaliseConfig)
    dedupe: DedupeConfig = field(default_factory=DedupeConfig)
    cost: CostConfig = field(default_factory=CostConfig)
    measure: MeasureConfig = field(default_factory=MeasureConfig)
    redact: RedactConfig = field(default_factory=RedactConfig)
    cap: CapConfig = field(default_factory=CapConfig)

    @classmethod
    def from_options(cls, options: Options) -> PipelineConfig:
        """The configuration that nested `options` describe.

        Raises:
            ConfigError: when a key is unknown or a value is not accepted; every complaint is in the message.
        """
        _known(options, tuple(field.name for field in fields(cls)), "")
        semconv = options.get("semconv", CURRENT)
        if semconv not in FLAVOURS:
            raise ConfigError(f"semconv: found {semconv!r}; accepted: {', '.join(FLAVOURS)}")
        return cls(
            semconv=semconv,
            normalise=_section(NormaliseConfig, options, "normalise"),
            dedupe=_section(DedupeConfig, options, "dedupe"),
            cost=_section(CostConfig, options, "cost"),
            measure=_section(MeasureConfig, options, "measure"),
            redact=_section(RedactConfig, options, "redact"),
            cap=_section(CapConfig, options, "cap"),
        )


def _section(kind: type[Section], options: Options, name: str) -> Section:
    given = options.get(name) or {}
    if not isinstance(given, Mapping):
        raise ConfigError(f"{name}: found {type(given).__name__}; accepted is a mapping of options")
    _known(given, tuple(field.name for field in fields(kind)), f"{name}.")
    frozen: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    section = kind(**frozen)
    if problems := section.validate():
        raise ConfigError("; ".join(f"{name}.{problem}" for problem in problems))
    return section


def _known(given: Options, accepted: tuple[str, ...], prefix: str) -> None:
    for key in given:
        if key not in accepted:
            close = get_close_matches(str(key), accepted, 1)
            hint = f" Did you mean {prefix}{close[0]}?" if close else ""
            raise ConfigError(f"{prefix}{key}: not an option.{hint} Accepted: {', '.join(accepted) or 'none'}")
