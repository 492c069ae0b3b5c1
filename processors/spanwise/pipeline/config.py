"""What a user can set for the pipeline, and how a wrong key is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from spanwise.cap import CapConfig
from spanwise.cost.config import CostConfig
from spanwise.dedupe.config import DedupeConfig
from spanwise.measure import MeasureConfig
from spanwise.measure.config import CURRENT, FLAVOURS
from spanwise.normalise.config import NormaliseConfig
from spanwise.policy import Problem, Reader, dotted
from spanwise.quality.config import QualityConfig
from spanwise.redact import RedactConfig
from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.budget import Budget, LoopGuard
    from spanwise.budget.fleet import Fleet
    from spanwise.content import ContentConfig
    from spanwise.policy import Policy


Options: TypeAlias = Mapping[str, Any]
"""Options as a declarative configuration file hands them over: the JSON border of this module."""


T = TypeVar("T")

ABOUT: Final = {
    "normalise": "Spans of other suites in the names and words of the convention.",
    "dedupe": "Calls that two instrumentations saw, counted once.",
    "cost": "How calls are priced.",
    "prices": "Your own prices, which go before the list: negotiated rates, private models, other currencies.",
    "quality": "What is checked of answers without asking a model.",
    "measure": "Metrics that are made of spans before any sampling.",
    "redact": "What is taken out of prompts, answers and labels, and what stands in its place.",
    "cap": "How large a span may be.",
    "budget_collector": "The collector that adds up budgets of several machines, and the token it is asked with.",
    "loop_guard": "What one trace may take, so that an agent that goes in circles ends.",
    "content": "Prompts and answers: whether they are written, and where.",
}
"""What each section is for."""

AROUND: Final = ("sinks", "retention", "sampling", "slos", "alerts", "feedback", "baggage")
"""Sections that the stack around a process is rendered from. A process neither reads them nor fails for them."""


class ConfigError(ValueError):
    """Settings that cannot be used. Its message names each key, what was found and what is accepted."""


@dataclass(frozen=True, slots=True)
class PipelineConfig:
    """Settings of every step. The defaults are those of `opentelemetry-instrument` without any configuration."""

    semconv: str = CURRENT
    """The state of the convention that spans leave in: current, released or legacy."""
    normalise: NormaliseConfig = field(default_factory=NormaliseConfig)
    dedupe: DedupeConfig = field(default_factory=DedupeConfig)
    cost: CostConfig = field(default_factory=CostConfig)
    quality: QualityConfig = field(default_factory=QualityConfig)
    measure: MeasureConfig = field(default_factory=MeasureConfig)
    redact: RedactConfig = field(default_factory=RedactConfig)
    cap: CapConfig = field(default_factory=CapConfig)
    budgets: Sequence[Budget] = ()
    """What model calls may cost."""
    loop_guard: LoopGuard | None = None
    """What one trace may take; `None` for all it wants."""
    fleet: Fleet | None = None
    """Who adds up budgets of several machines; `None` where each machine has its own."""
    content: ContentConfig | None = None
    """Where texts of prompts and answers are written; `None` where a policy does not say, and the environment may."""
    withheld: str = ""
    """Why no content may leave the process; set by a host that could not learn what to take out, never by a file."""

    @classmethod
    def read(cls, reader: Reader, base: PipelineConfig | None = None) -> PipelineConfig:
        """The settings that `reader` holds, section by section; a section that is absent is taken from `base`.

        Complaints go to `reader`. `base` is the default configuration when absent.
        """
        default = base or cls()
        config = cls(
            semconv=reader.choice(
                "semconv",
                FLAVOURS,
                default.semconv,
                about="The state of the convention that spans leave in.",
                variable=environment.SPANWISE_SEMCONV,
            ),
            normalise=_section(reader, "normalise", NormaliseConfig.read, default.normalise),
            dedupe=_section(reader, "dedupe", DedupeConfig.read, default.dedupe),
            cost=_cost(reader, default.cost),
            quality=_section(reader, "quality", QualityConfig.read, default.quality),
            measure=_section(reader, "measure", MeasureConfig.read, default.measure),
            redact=_section(reader, "redact", RedactConfig.read, default.redact),
            cap=_section(reader, "cap", CapConfig.read, default.cap),
            budgets=_budgets(reader) if reader.has("budgets") else default.budgets,
            loop_guard=_loop_guard(reader) if reader.has("loop_guard") else default.loop_guard,
            fleet=_fleet(reader) if reader.has("budget_collector") else default.fleet,
            content=_content(reader) if reader.has("content") else default.content,
            withheld=default.withheld,
        )
        for section in AROUND:
            reader.has(section)
        reader.finish()
        return config

    @classmethod
    def from_options(cls, options: Options, base: PipelineConfig | None = None) -> PipelineConfig:
        """The configuration that nested `options` describe; sections they leave out are those of `base`.

        Raises:
            ConfigError: when a key is unknown or a value is not accepted; every complaint is in the message.
        """
        reader = Reader(options)
        config = cls.read(reader, base)
        if reader.problems:
            raise ConfigError("; ".join(map(_sentence, reader.problems)))
        return config

    @classmethod
    def from_policy(cls, policy: Policy) -> PipelineConfig:
        """The configuration that a policy file describes.

        Raises:
            PolicyError: the file has mistakes; all of them are in it, each with its line.
        """
        config = policy.read(cls.read)
        return replace(config, cost=config.cost.placed(policy.place))


def _section(reader: Reader, key: str, read: Callable[[Reader], T], default: T) -> T:
    return read(reader.section(key, about=ABOUT[key])) if reader.has(key) else default


def _cost(reader: Reader, default: CostConfig) -> CostConfig:
    """The settings of the cost step, which stand in two sections: how it works, and the user's own prices."""
    config = _section(reader, "cost", CostConfig.read, default)
    if not reader.has("prices"):
        return replace(config, prices=default.prices)
    from spanwise.cost.own import OwnPrices

    return replace(config, prices=_section(reader, "prices", OwnPrices.read, None))


def _budgets(reader: Reader) -> tuple[Budget, ...]:
    from spanwise.budget import read_budgets

    return read_budgets(reader)


def _loop_guard(reader: Reader) -> LoopGuard:
    from spanwise.budget import LoopGuard

    return _section(reader, "loop_guard", LoopGuard.read, LoopGuard())


def _fleet(reader: Reader) -> Fleet:
    from spanwise.budget.fleet import Fleet

    return _section(reader, "budget_collector", Fleet.read, Fleet())


def _content(reader: Reader) -> ContentConfig:
    from spanwise.content import ContentConfig

    return _section(reader, "content", ContentConfig.read, ContentConfig())


def _sentence(problem: Problem) -> str:
    return ": ".join(part for part in (dotted(problem.path), problem.message) if part)
