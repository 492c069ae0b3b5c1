"""What the series are called: in the current convention, and in the released one before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from spanwise.alert.calls import CALLERS_OWN
from spanwise.deploy.grafana.promql import Histogram, rate, select
from spanwise.deploy.grafana.variable import Variable
from spanwise.deploy.series import PAST_SERIES, SERIES, label_name
from spanwise.semconv import attributes as attr
from spanwise.semconv import flavour, metrics, values
from spanwise.semconv.metrics import Instrument


if TYPE_CHECKING:
    from spanwise.plan import Plan

MODEL: Final = label_name(attr.GEN_AI_REQUEST_MODEL)
PROVIDER: Final = label_name(attr.GEN_AI_PROVIDER_NAME)
SERVICE: Final = label_name(attr.SERVICE_NAME)
ENVIRONMENT: Final = label_name(attr.DEPLOYMENT_ENVIRONMENT_NAME)
OPERATION: Final = label_name(attr.GEN_AI_OPERATION_NAME)
ERROR: Final = label_name(attr.ERROR_TYPE)
TENANT: Final = label_name(attr.SPANWISE_TENANT)
PROMPT: Final = label_name(attr.GEN_AI_PROMPT_NAME)
VERSION: Final = label_name(attr.GEN_AI_PROMPT_VERSION)
AGENT: Final = label_name(attr.GEN_AI_AGENT_NAME)
TOOL: Final = label_name(attr.GEN_AI_TOOL_NAME)
FINISH_REASON: Final = label_name(attr.SPANWISE_FINISH_REASON)
EVALUATION: Final = label_name(attr.GEN_AI_EVALUATION_NAME)

FAILED: Final = f'{ERROR}!~"|{"|".join(CALLERS_OWN)}"'
"""Calls that failed. A call that its own caller gave up is no failure; success has no error type at all."""

_INFERENCE: Final = "|".join(
    (
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
    )
)
_TITLES: Final = {TENANT: "Tenant", PROMPT: "Prompt", VERSION: "Prompt version", AGENT: "Agent"}


def series(instrument: Instrument) -> str:
    """The series of an instrument; of a histogram without its ending."""
    return SERIES[instrument.name].name


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of one flavour, and the choices that its dashboards offer.

    Attributes:
        is_current: Whether it is the convention that this distribution is built from; else the released one.
        labels: Labels of calls that the policy adds to those of the convention.
    """

    is_current: bool = True
    labels: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, *, is_current: bool) -> Vocabulary:
        """The names of a flavour, with the labels that the policy of `plan` allows."""
        return cls(is_current, tuple(label_name(name) for name in plan.pipeline.measure.labels))

    @property
    def flavour(self) -> str:
        """Its name in a policy."""
        return flavour.CURRENT.name if self.is_current else flavour.RELEASED.name

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Choices for what is measured of calls."""
        basis = (*self.process_variables, *self._model_variables)
        matchers = tuple(one.matcher for one in basis)
        cost = series(metrics.SPANWISE_COST)
        extra = tuple(
            Variable(label, title_of(label), "A label that the policy adds to calls.", label, cost, matchers)
            for label in self.labels
            if label != AGENT
        )
        return (*basis, *extra)

    @property
    def process_variables(self) -> tuple[Variable, ...]:
        """Choices for what a process says of itself."""
        heard = f"{self.duration_name}_count"
        environment = Variable(
            "environment", "Environment", "deployment.environment.name of the resource.", ENVIRONMENT, heard
        )
        service = Variable(
            "service", "Service", "service.name of the resource.", SERVICE, heard, (environment.matcher,)
        )
        return (environment, service)

    @property
    def _model_variables(self) -> tuple[Variable, ...]:
        heard = f"{self.duration_name}_count"
        before = tuple(one.matcher for one in self.process_variables)
        provider = Variable("provider", "Provider", "gen_ai.provider.name of the call.", PROVIDER, heard, before)
        after = (*before, provider.matcher)
        return (provider, Variable("model", "Model", "gen_ai.request.model of the call.", MODEL, heard, after))

    @property
    def of_calls(self) -> tuple[str, ...]:
        """What the choices ask of the series of calls."""
        return tuple(one.matcher for one in self.variables)

    @property
    def of_process(self) -> tuple[str, ...]:
        """What the choices ask of series that know no model."""
        return tuple(one.matcher for one in self.process_variables)

    @property
    def duration_name(self) -> str:
        """The histogram of how long model calls take."""
        if self.is_current:
            return series(metrics.GEN_AI_CLIENT_INFERENCE_DURATION)
        return PAST_SERIES[flavour.OPERATION_DURATION.name].name

    @property
    def duration(self) -> Histogram:
        """How long model calls take."""
        return self.duration_of(self.of_calls)

    def duration_of(self, matchers: tuple[str, ...]) -> Histogram:
        """How long those model calls take that `matchers` choose."""
        # The released metric is of all operations; the current one is of inference alone.
        inference = () if self.is_current else (f'{OPERATION}=~"{_INFERENCE}"',)
        return Histogram(self.duration_name, (*matchers, *inference))

    @property
    def other_operations(self) -> Histogram:
        """How long client operations other than model calls take."""
        name = PAST_SERIES[flavour.OPERATION_DURATION.name].name
        return Histogram(name, (*self.of_calls, f'{OPERATION}!~"{_INFERENCE}"'))

    @property
    def first_chunk(self) -> Histogram:
        """How long a stream takes to begin."""
        return self.first_chunk_of(self.of_calls)

    def first_chunk_of(self, matchers: tuple[str, ...]) -> Histogram:
        """How long those streams take to begin that `matchers` choose."""
        if self.is_current:
            name = series(metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK)
        else:
            name = PAST_SERIES[flavour.TIME_TO_FIRST_CHUNK.name].name
        return Histogram(name, matchers)

    def tokens(self, direction: str, *, of: tuple[str, ...] = (), window: str) -> str:
        """Tokens in a second; `direction` is `input` or `output`."""
        if self.is_current:
            chosen = {
                "input": metrics.GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
                "output": metrics.GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
            }[direction]
            return rate(series(chosen), self.of_calls, of=of, window=window)
        usage = Histogram(PAST_SERIES[flavour.TOKEN_USAGE.name].name, self.of_calls)
        return usage.where(f'{label_name(flavour.TOKEN_TYPE)}="{direction}"').total(of=of, window=window)

    def uid(self, name: str) -> str:
        """The uid of a dashboard."""
        return f"spanwise-{name}" if self.is_current else f"spanwise-{name}-released"

    def title(self, name: str) -> str:
        """The title of a dashboard."""
        return f"Spanwise / {name}" if self.is_current else f"Spanwise / {name} (released names)"

    @property
    def tags(self) -> tuple[str, ...]:
        """What tells its dashboards from those of the other flavour."""
        return (self.flavour,)

    @property
    def counts(self) -> str:
        """The counter whose series stand for the calls of a service."""
        return select(f"{self.duration_name}_count", self.of_calls)


def title_of(label: str) -> str:
    """A label for people: `gen_ai_prompt_version` as `Prompt version`."""
    return _TITLES.get(label) or label.replace("_", " ").capitalize()
