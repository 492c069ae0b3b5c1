"""`Plan`: everything that a policy says, for the process and for the stack around it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self

from spanwise.alert import DEFAULT_SLOS, AlertConfig, Slo, read_slos
from spanwise.baggage import config as baggage
from spanwise.baggage.config import BaggageConfig
from spanwise.budget import Budget
from spanwise.content import ContentConfig
from spanwise.feedback.config import ABOUT, SECTION, FeedbackConfig
from spanwise.pipeline.config import PipelineConfig
from spanwise.plan.contradiction import complain_of_contradictions
from spanwise.policy import Policy, Reader
from spanwise.sample import SampleConfig
from spanwise.sink import RetentionConfig, SinkConfig


@dataclass(frozen=True, slots=True)
class Plan:
    """All sections of a policy. `Plan()` is what holds without one.

    Attributes:
        pipeline: What every process does with its spans.
        content: Where texts of prompts and answers are written.
        sinks: Where telemetry goes.
        retention: For how long it stays.
        budgets: What model calls may cost.
        sample: Which traces are kept; the section `sampling`.
        slos: What share of the calls must go well.
        alerts: What rings, and who hears it.
        feedback: Who may send scores from a browser.
        baggage: What of a context crosses processes.
    """

    pipeline: PipelineConfig = field(default_factory=PipelineConfig)
    content: ContentConfig = field(default_factory=ContentConfig)
    sinks: SinkConfig = field(default_factory=SinkConfig)
    retention: RetentionConfig = field(default_factory=RetentionConfig)
    budgets: tuple[Budget, ...] = ()
    sample: SampleConfig = field(default_factory=SampleConfig)
    slos: tuple[Slo, ...] = DEFAULT_SLOS
    alerts: AlertConfig = field(default_factory=AlertConfig)
    feedback: FeedbackConfig = field(default_factory=FeedbackConfig)
    baggage: BaggageConfig = field(default_factory=BaggageConfig)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The plan that `reader` holds; complaints, also of sections that contradict each other, go to `reader`."""
        pipeline = PipelineConfig.read(reader)
        plan = cls(
            pipeline=pipeline,
            content=pipeline.content or ContentConfig(),
            sinks=SinkConfig.read(reader.section("sinks", about="Where telemetry goes.")),
            retention=RetentionConfig.read(
                reader.section("retention", about="Whole days after which the stores delete what they hold.")
            ),
            budgets=tuple(pipeline.budgets),
            sample=SampleConfig.read(reader.section("sampling", about="Which traces the collector keeps.")),
            slos=read_slos(reader),
            alerts=AlertConfig.read(reader.section("alerts", about="What rings, at which numbers, and who hears it.")),
            feedback=FeedbackConfig.read(reader.section(SECTION, about=ABOUT)),
            baggage=BaggageConfig.read(reader.section(baggage.SECTION, about=baggage.ABOUT)),
        )
        complain_of_contradictions(reader, plan)
        return plan

    @classmethod
    def from_policy(cls, policy: Policy, *, here: bool = False) -> Self:
        """The plan that a policy file describes.

        A stack is rendered on one machine and runs on others, so the files and variables that the policy names, as
        that of the key of pseudonyms, are looked at only when they are those `here`.

        Raises:
            PolicyError: the file has mistakes; all of them are in it, each with its line.
        """
        plan = policy.read(cls.read, here=here)
        pipeline = plan.pipeline
        return replace(plan, pipeline=replace(pipeline, cost=pipeline.cost.placed(policy.place)))
