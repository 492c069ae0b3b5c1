"""Environment variables this distribution reads.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

OTEL_SEMCONV_STABILITY_OPT_IN: Final = "OTEL_SEMCONV_STABILITY_OPT_IN"
"""States of the conventions that instrumentation is asked for, as a list with commas."""

SPANWISE_SEMCONV: Final = "SPANWISE_SEMCONV"
"""State of the conventions that spans are written in: current, released or legacy."""

SPANWISE_METRICS: Final = "SPANWISE_METRICS"
"""States of the conventions whose metrics are recorded, as a list with commas."""

OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: Final = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
"""Where message content goes: NO_CONTENT, SPAN_ONLY, EVENT_ONLY or SPAN_AND_EVENT."""

SPANWISE_ESTIMATE_TOKENS: Final = "SPANWISE_ESTIMATE_TOKENS"
"""Whether calls that end without token counts get a marked estimate: true or false."""

SPANWISE_INCLUDE_USAGE: Final = "SPANWISE_INCLUDE_USAGE"
"""Whether streams are asked for usage: auto, always or never."""

SPANWISE_HTTP: Final = "SPANWISE_HTTP"
"""Which plain HTTP requests to model APIs become spans: auto, known (at known hosts only) or off."""

SPANWISE_HTTP_HOSTS: Final = "SPANWISE_HTTP_HOSTS"
"""Further hosts of model APIs, with commas, each with its provider's name after an equals sign where it has one: llm.example.com=openai."""

SPANWISE_EXIT_TIMEOUT_S: Final = "SPANWISE_EXIT_TIMEOUT_S"
"""Seconds that exporters may take at exit."""

SPANWISE_RUN_ENDPOINT: Final = "SPANWISE_RUN_ENDPOINT"
"""Where spanwise run receives the spans of its child; set by it."""

SPANWISE_POLICY: Final = "SPANWISE_POLICY"
"""Path of the policy file; without it spanwise.yaml in the working directory is read."""

SPANWISE_PIPELINE: Final = "SPANWISE_PIPELINE"
"""Set to off to leave the tracer provider as it is."""

SPANWISE_PRICES: Final = "SPANWISE_PRICES"
"""Path of the price book to use, instead of the newest known."""

SPANWISE_PROMPTS: Final = "SPANWISE_PROMPTS"
"""Directory of the prompt files, instead of prompts."""

SPANWISE_FEEDBACK_KEY: Final = "SPANWISE_FEEDBACK_KEY"
"""Key that feedback tokens are signed with, as a line of a key file; instead of key_file or key_env of the policy."""

SPANWISE_STORE: Final = "SPANWISE_STORE"
"""Path of the store file."""

SPANWISE_BUDGETS: Final = "SPANWISE_BUDGETS"
"""Path of the file that keeps what budgets have spent, instead of budgets.sqlite beside the store; off keeps it in memory only."""

SPANWISE_RAISE: Final = "SPANWISE_RAISE"
"""Set to 1 in tests to let failures inside the error boundary through."""

SPANWISE_SUMMARY: Final = "SPANWISE_SUMMARY"
"""Set to 0 to leave out the summary line of spanwise run."""

SPANWISE_ENGINES: Final = "SPANWISE_ENGINES"
"""Directory whose bin has the engines that spanwise deploy starts and asks, before those on PATH."""
