"""`Pipeline`: the steps in their fixed order, each inside the error boundary."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from spanwise.dedupe import Dedupe
from spanwise.measure import Measure
from spanwise.measure.config import CURRENT
from spanwise.pipeline import counters
from spanwise.pipeline.boundary import shield
from spanwise.pipeline.underway import UNDERWAY
from spanwise.record import AttributeValue, SpanRecord
from spanwise.redact import DROPPED, drop_content, is_safe, safe_labels
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


if TYPE_CHECKING:
    from spanwise.budget import BudgetStep
    from spanwise.budget.fleet import Fleet
    from spanwise.flavour import Flavouring
    from spanwise.normalise import Normalise
    from spanwise.pipeline.config import PipelineConfig
    from spanwise.quality import Quality, Score
    from spanwise.record import Step
    from spanwise.redact import Redactor


class Pipeline:
    """Account for a finished span, then clean what leaves the process.

    The order is normalise, dedupe, cost, quality, measure, sample, redact, cap, flavour. `account` is the cheap half
    and may run on the thread that ends the span; `clean` is the half that reads content, and begins with the content
    halves of normalise and of quality. What a failing step leaves behind: normalise an untranslated span, dedupe a call
    that counts, cost a call marked unpriced, quality a call without scores, measure one data point less, sample a span
    without mark, redact and cap a span without content, flavour the current convention.

    A record that says it was processed is not accounted for again. It is still cleaned: cleaning is idempotent, and a
    mark on a span that came over a network is only a claim.

    Args:
        config: settings of the steps.
        received: whether spans come over a network, and budgets count those that were processed elsewhere.
        cost, measure, redact, cap: replacements for single steps, for tests and for hosts with steps of their own.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each step that can be another
        self,
        config: PipelineConfig | None = None,
        *,
        received: bool = False,
        cost: Step | None = None,
        measure: Step | None = None,
        redact: Step | None = None,
        cap: Step | None = None,
    ) -> None:
        self._given = config
        self._withheld = config.withheld if config else ""
        self._given_cost = cost
        self._label = lru_cache(maxsize=1024)(self.clean_text)
        self._measure = measure or Measure(
            config.measure if config else None, label=self._label, extra=self._clean_labels
        )
        # A step of somebody else's has nothing of this.
        self._meter = self._measure if isinstance(self._measure, Measure) else None
        self._redact = redact
        self._given_cap = cap
        # Made here, not at first use: it compares what all threads end, and a span may end in a finaliser.
        self._dedupe = Dedupe(config.dedupe if config else None)
        self.budget = self._budgeted(received=received)
        self._novelty: Step | None = None
        self._holds = False
        self._making = threading.RLock()
        counters.prepare()
        counters.watch_book(self)

    @cached_property
    def _config(self) -> PipelineConfig:
        """The settings; where none were given, the defaults, made when a step is built that has some."""
        from spanwise.pipeline.config import PipelineConfig

        return self._given or PipelineConfig()

    @property
    def withheld(self) -> str:
        """Why no content may leave the process; empty when it may."""
        return self._withheld

    @property
    def fleet(self) -> Fleet | None:
        """Who adds up its budgets beside those of other machines; `None` where nobody does."""
        return self._config.fleet if self._config.fleet and self._config.fleet.url else None

    @property
    def limits_depth(self) -> bool:
        """Whether a guard of loops asks how many steps a call stands in, so that somebody has to count them."""
        guard = self._config.loop_guard
        return guard is not None and guard.depth is not None

    @property
    def lost(self) -> str:
        """The reason, one of `values.SPANWISE_REASON`, that is counted when something could not be cleaned."""
        return values.SPANWISE_REASON_WITHHELD if self._withheld else values.SPANWISE_REASON_REDACTION_FAILED

    @cached_property
    def normaliser(self) -> Normalise:
        """The normalise step, built at the first span that is not ours."""
        from spanwise.normalise import Normalise

        return Normalise(self._config.normalise)

    @cached_property
    def flavouring(self) -> Flavouring:
        """The last step, for those who do not want the current convention."""
        from spanwise.flavour import Flavouring

        return Flavouring(self._config.semconv)

    @cached_property
    def pricer(self) -> Step:
        """The cost step, built at the first GenAI span: most processes of an application never make one."""
        from spanwise.cost import Cost

        return self._given_cost or Cost(self._config.cost, label=self._label)

    @cached_property
    def quality(self) -> Quality:
        """The checks of answers, built at the first GenAI span."""
        from spanwise.quality.step import Quality

        return Quality(self._config.quality)

    @cached_property
    def capper(self) -> Step:
        """The cap step, built at the first span that is cleaned: it loads what reads JSON and patterns."""
        from spanwise.cap import Cap

        return self._given_cap or Cap(self._config.cap)

    @property
    def novelty(self) -> Step:
        """What marks the first span of a version of a prompt, built at the first span that has one.

        One for all threads: a second one would mark a second span.
        """
        known: Step | None = self._novelty
        if known is None:
            from spanwise.sample import Novelty

            with self._making:
                known = self._novelty = self._novelty or Novelty()
        return known

    @cached_property
    def redactor(self) -> Redactor:
        """The redaction engine, built at first use because compiling its rules takes milliseconds."""
        from spanwise.redact import Redactor

        return Redactor(self._config.redact)

    @property
    def book_time_s(self) -> int | None:
        """Unix time of the day of the price book in use; `None` until a call was priced."""
        pricer = vars(self).get("pricer")
        if pricer is None:
            return None
        from spanwise.cost import Cost

        return pricer.book_time_s if isinstance(pricer, Cost) else None

    def prepare(self) -> None:
        """Build what reads content and have it read once; nothing when that is done, or content is withheld."""
        if not self._withheld and "redactor" not in vars(self):
            with UNDERWAY:
                self.redactor.text("nobody@example.org")
                shield("quality", self.quality.prepare)
                shield("cap", lambda: self.capper)

    def process(self, span: SpanRecord) -> SpanRecord | None:
        """`span` accounted for and cleaned: what the collector and the exporter call."""
        accounted = self.account(span)
        return None if accounted is None else self.clean(accounted)

    def concerns(self, scope: str, attributes: Mapping[str, object]) -> bool:
        """Whether a span of the instrumentation `scope` is a GenAI operation, in whatever dialect. Under 1 us."""
        return is_genai(attributes) or bool(shield("normalise", self._concerns, scope, attributes))

    def account(self, span: SpanRecord) -> SpanRecord | None:
        """`span` translated, priced and measured, and marked as processed. Spans that are not GenAI pass untouched."""
        if not self.concerns(span.scope.name, span.attributes):
            self.passed(span.trace_id, span.span_id, span.parent_span_id)
            return span
        # Also of a span that was processed: it may have left its host in an older flavour of the convention.
        shield("normalise", self._translate, span)
        if not is_genai(span.attributes):
            self.passed(span.trace_id, span.span_id, span.parent_span_id)
            return span
        # Also a processed one: what another suite or a gateway says of the same call may come after it.
        shield("dedupe", self._dedupe, span)
        if attr.SPANWISE_PROCESSED in span.attributes:
            if self.budget is not None and self.budget.received:
                shield("budget", self.budget, span)
            self.passed(span.trace_id, span.span_id, span.parent_span_id)
            return span
        if attr.SPANWISE_CONTENT_DROPPED in span.attributes:
            counters.dropped(values.SPANWISE_REASON_STREAM_TOO_LARGE)
        # A call that a budget refused was never made: it has no price, and is not without one.
        refused = span.attributes.get(attr.SPANWISE_BUDGET_ACTION) == values.SPANWISE_BUDGET_ACTION_BLOCK
        if not refused and shield("cost", self._price, span) is None:
            span.attributes[attr.SPANWISE_COST_STATUS] = values.SPANWISE_COST_STATUS_UNPRICED
            span.attributes[attr.SPANWISE_COST_REASON] = "pricing failed"
        span.attributes[attr.SPANWISE_PROCESSED] = pipeline_version()
        unwritten = shield("quality", self._structure, span)
        if self.budget is not None:
            shield("budget", self.budget, span)
        shield("measure", self._measure, span)
        self._scored(span, unwritten)
        if attr.GEN_AI_PROMPT_VERSION in span.attributes:
            shield("sample", self.novelty, span)
        counters.processed(genai=True, held=self._holds)
        return span

    def passed(self, trace_id: int, span_id: int, parent_span_id: int) -> None:
        """A span has ended that is not accounted for: it may stand between an agent and its calls. A few us."""
        if self._meter is not None:
            shield("measure", self._meter.passed, trace_id, span_id, parent_span_id)

    def score(self, attributes: Mapping[str, AttributeValue], resource: Mapping[str, AttributeValue]) -> None:
        """Measure the result of an evaluation that came as a log record, before it is cleaned."""
        if self._meter is not None:
            shield("measure", self._meter.score, attributes, resource)

    def hold_counts(self, *, held: bool) -> None:
        """Whether measurements of spans wait for `flush_counts`: for a host in an application.

        The pipeline's gauge flushes before each collection, and `clean` in between.
        """
        self._holds = held
        if self._meter is not None:
            shield("measure", self._meter.hold, held=held)

    def flush_counts(self) -> None:
        """Hand on what was held back."""
        meter = self._meter
        if meter is not None:
            # What fails is no longer held: the rest is handed on after it.
            while shield("measure", meter.flush) is None:
                pass

    def clean(self, span: SpanRecord) -> SpanRecord:
        """`span` without secrets and personal data, within the size limits. Fails closed, never raises."""
        with UNDERWAY:
            return self._clean(span)

    def _clean(self, span: SpanRecord) -> SpanRecord:
        if self._holds and self._meter is not None:
            # Whoever cleans has time that the thread that ended the span had not.
            shield("measure", self._meter.relieve)
        if self._withheld:
            counters.dropped(values.SPANWISE_REASON_WITHHELD)
            return drop_content(span, self._withheld)
        shield("normalise", self._translate_content, span)
        self._scored(span, shield("quality", self._content, span))
        lost_before = attr.SPANWISE_CONTENT_DROPPED in span.attributes
        redacted = shield("redact", self._redact or self._run_redactor, span)
        if redacted is None:
            counters.dropped(values.SPANWISE_REASON_REDACTION_FAILED)
            return drop_content(span, "redaction failed")
        if not lost_before and attr.SPANWISE_CONTENT_DROPPED in redacted.attributes:
            counters.dropped(values.SPANWISE_REASON_OVER_BOUND)
        capped = shield("cap", self._fit, redacted)
        if capped is None:
            counters.dropped(values.SPANWISE_REASON_CAP_FAILED)
            return drop_content(span, "cap failed")
        if self._config.semconv != CURRENT:
            shield("flavour", self._rewrite, capped)
        return capped

    def clean_value(
        self, value: AttributeValue, resource: Mapping[str, AttributeValue] | None = None
    ) -> AttributeValue:
        """A log body without secrets and personal data; `None` when that failed or content is withheld.

        Args:
            value: the body, of any type.
            resource: attributes of the resource it belongs to, which say what environment it is.
        """
        with UNDERWAY:
            return None if self._withheld else shield("redact", self._value, value, resource)

    def clean_attributes(
        self, values: Mapping[str, AttributeValue], resource: Mapping[str, AttributeValue]
    ) -> dict[str, AttributeValue] | None:
        """Attributes of anything but a span without secrets and personal data; `None` as `clean_value`.

        Args:
            values: attributes of a log record, a data point, a resource or a scope.
            resource: attributes of the resource they belong to, which say what environment it is.
        """
        with UNDERWAY:
            return None if self._withheld else shield("redact", self._attributes, values, resource)

    def clean_text(self, text: str) -> str:
        """A name, description or label without secrets and personal data; `[DROPPED]` when that failed."""
        if self._withheld:
            return text if is_safe(text) else DROPPED
        with UNDERWAY:
            clean = shield("redact", self._value, text) if text else text
        return clean if isinstance(clean, str) else DROPPED

    def _scored(self, span: SpanRecord, scores: Sequence[Score] | None) -> None:
        if scores and self._meter is not None:
            shield("measure", self._meter.scored, span, [(score.name, score.value) for score in scores])

    def _budgeted(self, *, received: bool) -> BudgetStep | None:
        """The step of budgets; `None` when the policy has none, and nothing of it is imported."""
        config = self._given
        if config is None or (not config.budgets and config.loop_guard is None):
            return None
        from spanwise.budget import BudgetStep
        from spanwise.pipeline.budgets import key_cleaner

        clean = key_cleaner(lambda values: self._clean_labels(values, {}))
        return BudgetStep(config.budgets, config.loop_guard, clean=clean, received=received)

    def _clean_labels(
        self, labels: Mapping[str, AttributeValue], resource: Mapping[str, AttributeValue]
    ) -> Mapping[str, AttributeValue]:
        clean = self.clean_attributes(labels, resource)
        return safe_labels(labels) if clean is None else clean

    def _concerns(self, scope: str, attributes: Mapping[str, object]) -> bool:
        return self.normaliser.concerns(scope, attributes)

    def _translate(self, span: SpanRecord) -> SpanRecord | None:
        return self.normaliser(span)

    def _translate_content(self, span: SpanRecord) -> SpanRecord:
        return self.normaliser.content(span)

    def _rewrite(self, span: SpanRecord) -> SpanRecord:
        return self.flavouring(span)

    def _price(self, span: SpanRecord) -> SpanRecord | None:
        return self.pricer(span)

    def _structure(self, span: SpanRecord) -> Sequence[Score]:
        return self.quality.structure(span)

    def _content(self, span: SpanRecord) -> Sequence[Score]:
        return self.quality.content(span)

    def _fit(self, span: SpanRecord) -> SpanRecord | None:
        return self.capper(span)

    def _run_redactor(self, span: SpanRecord) -> SpanRecord:
        kinds: Counter[str] = Counter()
        clean = self.redactor(span, kinds)
        counters.redacted(kinds)
        return clean

    def _value(self, value: AttributeValue, resource: Mapping[str, AttributeValue] | None = None) -> AttributeValue:
        kinds: Counter[str] = Counter()
        clean = self.redactor.value(value, kinds, resource=resource or {})
        counters.redacted(kinds)
        return clean

    def _attributes(
        self, values: Mapping[str, AttributeValue], resource: Mapping[str, AttributeValue]
    ) -> dict[str, AttributeValue]:
        kinds: Counter[str] = Counter()
        clean = self.redactor.attributes(values, kinds, resource=resource)
        counters.redacted(kinds)
        return clean


def is_genai(attributes: Mapping[str, object]) -> bool:
    """Whether a span with these attributes is a GenAI operation."""
    return attr.GEN_AI_OPERATION_NAME in attributes


@lru_cache(maxsize=1)
def pipeline_version() -> str:
    """The version of this distribution, as it stands on processed spans."""
    return version("spanwise")
