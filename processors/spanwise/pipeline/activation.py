"""What `opentelemetry-instrument` runs before it switches instrumentations on."""

from __future__ import annotations

import atexit
import logging
import os
from typing import TYPE_CHECKING

from spanwise.semconv import environment


if TYPE_CHECKING:
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk.trace import TracerProvider

    from spanwise.pipeline.config import PipelineConfig
    from spanwise.pipeline.driver import Pipeline


_logger = logging.getLogger("spanwise.pipeline")


def activate() -> None:
    """Put the pipeline around the configured providers; under `spanwise run`, send spans to the parent as well.

    Does nothing when the SDK is disabled, when another vendor's provider is in place, or with
    `SPANWISE_PIPELINE=off`. What a policy says of content is set in the convention's variable, unless it has a value.
    A policy file with mistakes is one line in the log, and content is withheld. Registered
    as `opentelemetry_pre_instrument`, which runs after the SDK is configured by environment or by file.
    """
    if os.environ.get(environment.SPANWISE_PIPELINE, "").lower() == "off":
        return
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider

    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        _logger.warning("spanwise: %s is not the SDK's tracer provider; spans stay as they are", type(provider))
        return
    _activate(provider)


def _activate(provider: object) -> None:
    from opentelemetry._logs import get_logger_provider
    from opentelemetry.metrics import get_meter_provider
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

    from spanwise.measure import Measure
    from spanwise.pipeline import logs, metrics
    from spanwise.pipeline.driver import Pipeline
    from spanwise.pipeline.host import PipelineHost
    from spanwise.pipeline.leaving import leave_within
    from spanwise.pipeline.settings import configured

    assert isinstance(provider, TracerProvider)
    config = configured(os.environ)
    _pass_on(config)
    meter_provider = get_meter_provider()
    metered = isinstance(meter_provider, MeterProvider)
    # Where every reader gets clean labels, the thread that ends a span need not clean them, nor build what cleans them.
    pipeline = Pipeline(config, measure=Measure(config.measure if config else None) if metered else None)
    _keep_budgets(provider, pipeline)
    seconds = exit_timeout_s()
    host = PipelineHost(pipeline, exit_timeout_s=seconds)
    host.install(provider)
    logger_provider = get_logger_provider()
    if isinstance(logger_provider, LoggerProvider):
        logs.install(logger_provider, pipeline)
    if isinstance(meter_provider, MeterProvider):
        metrics.install(meter_provider, pipeline)
    given = (provider, logger_provider, meter_provider)
    providers = [each for each in given if isinstance(each, TracerProvider | LoggerProvider | MeterProvider)]
    leave_within(providers, seconds, host.prepare)
    if endpoint := os.environ.get(environment.SPANWISE_RUN_ENDPOINT):
        _join_run(provider, endpoint, pipeline)


def _pass_on(config: PipelineConfig | None) -> None:
    """Tell those who do not ask the pipeline what the policy says of content, estimates and fingerprints."""
    from spanwise.pipeline.prompt_key import PROMPT_KEY

    PROMPT_KEY.follow(config.redact.pseudonym if config else None)
    if config is None:
        return
    if config.content is not None:
        # Instrumentations, also those of others, ask the variable; where it is set it comes before the policy.
        variable = environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT
        os.environ.setdefault(variable, config.content.variable)
    if config.cost.estimate_tokens is not None:
        os.environ.setdefault(environment.SPANWISE_ESTIMATE_TOKENS, str(config.cost.estimate_tokens).lower())


def _keep_budgets(provider: TracerProvider, pipeline: Pipeline) -> None:
    """Registered at exit before the providers are: what spans spend that end there is kept as well."""
    if pipeline.budget is None:
        return
    from spanwise.pipeline.budgets import keep_budgets
    from spanwise.pipeline.depth import Depth

    if pipeline.limits_depth:
        provider.add_span_processor(Depth())
    if (keeper := keep_budgets(pipeline, os.environ)) is not None:
        atexit.register(keeper.close)


def exit_timeout_s() -> float:
    """Seconds that exporters may take at exit, as the environment says; the default when it says nothing usable."""
    from spanwise.pipeline.host import EXIT_TIMEOUT_S

    text = os.environ.get(environment.SPANWISE_EXIT_TIMEOUT_S, "")
    try:
        seconds = float(text) if text else EXIT_TIMEOUT_S
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 3600:
        _logger.warning("spanwise: %s is not a number of seconds", environment.SPANWISE_EXIT_TIMEOUT_S)
        return EXIT_TIMEOUT_S
    return seconds


def _join_run(provider: object, endpoint: str, pipeline: Pipeline) -> None:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from spanwise.pipeline import termination
    from spanwise.pipeline.loopback import LoopbackExporter
    from spanwise.pipeline.loopback_scores import LoopbackScores

    assert isinstance(provider, TracerProvider)
    provider.add_span_processor(BatchSpanProcessor(LoopbackExporter(endpoint)))
    logger_provider = _logger_provider(provider, pipeline)
    if logger_provider is not None:
        logger_provider.add_log_record_processor(LoopbackScores(endpoint))
    termination.flush_on_sigterm(provider, *([logger_provider] if logger_provider else []))


def _logger_provider(provider: TracerProvider, pipeline: Pipeline) -> LoggerProvider | None:
    """The SDK's logger provider, made where a configuration file asks for none; `None` for another vendor's."""
    from opentelemetry._logs import get_logger_provider, set_logger_provider
    from opentelemetry.sdk._logs import LoggerProvider

    from spanwise.pipeline import logs

    found = get_logger_provider()
    if type(found).__module__.startswith("opentelemetry._logs"):
        found = LoggerProvider(provider.resource)
        logs.install(found, pipeline)
        set_logger_provider(found)
    return found if isinstance(found, LoggerProvider) else None
