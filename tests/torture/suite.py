"""The suites that are tried: what is installed for each, what switches it on, and what switches its content off."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tests.dialects.suite import environment
from tests.torture.sdk import tried


@dataclass(frozen=True, slots=True)
class Instrumentation:
    """A suite's instrumentation of one SDK.

    Args:
        instrumentors: `module:Class` of each.
        distributions: what they come from, pinned.
    """

    instrumentors: tuple[str, ...]
    distributions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suite:
    """One suite.

    Args:
        name: as on the command line.
        switches: environment variables that switch content off by the suite's documentation, and telemetry of its own.
        sdks: its instrumentation of each SDK that it has one for.
    """

    name: str
    switches: dict[str, str] = field(default_factory=dict)
    sdks: dict[str, Instrumentation] = field(default_factory=dict)

    def python(self, sdk: str) -> Path:
        """A Python with the suite's instrumentation of `sdk` and the release of the SDK that is installed here."""
        distributions = self.sdks[sdk].distributions
        return environment((sdk_distribution(sdk), *distributions)) if distributions else Path(sys.executable)


OWN: Final = "spanwise"

_UTIL: Final = "opentelemetry-util-genai==1.3b0"
_INFERENCE: Final = ("openinference-instrumentation==0.1.72", "openinference-semantic-conventions==0.1.42")

SUITES: Final = {
    suite.name: suite
    for suite in (
        Suite(
            "official",
            {
                "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "NO_CONTENT",
                "OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental",
            },
            {
                "openai": Instrumentation(
                    ("opentelemetry.instrumentation.genai.openai:OpenAIInstrumentor",),
                    ("opentelemetry-instrumentation-genai-openai==1.3b0", _UTIL),
                ),
                "anthropic": Instrumentation(
                    ("opentelemetry.instrumentation.genai.anthropic:AnthropicInstrumentor",),
                    ("opentelemetry-instrumentation-genai-anthropic==1.3b0", _UTIL),
                ),
            },
        ),
        Suite(
            "openllmetry",
            {"TRACELOOP_TRACE_CONTENT": "false", "TRACELOOP_TELEMETRY": "false"},
            {
                "openai": Instrumentation(
                    ("opentelemetry.instrumentation.openai:OpenAIInstrumentor",),
                    ("opentelemetry-instrumentation-openai==0.62.4",),
                ),
                "anthropic": Instrumentation(
                    ("opentelemetry.instrumentation.anthropic:AnthropicInstrumentor",),
                    ("opentelemetry-instrumentation-anthropic==0.62.4",),
                ),
            },
        ),
        Suite(
            "openinference",
            {"OPENINFERENCE_HIDE_INPUTS": "true", "OPENINFERENCE_HIDE_OUTPUTS": "true"},
            {
                "openai": Instrumentation(
                    ("openinference.instrumentation.openai:OpenAIInstrumentor",),
                    ("openinference-instrumentation-openai==0.1.66", *_INFERENCE),
                ),
                "anthropic": Instrumentation(
                    ("openinference.instrumentation.anthropic:AnthropicInstrumentor",),
                    ("openinference-instrumentation-anthropic==3.1.0", *_INFERENCE),
                ),
            },
        ),
    )
}
"""Every suite but ours, which has an instrumentor for whatever there is a module in `sdk/` for."""


def suite(name: str, sdks: tuple[str, ...]) -> Suite:
    """The suite called `name`.

    Raises:
        KeyError: there is none.
    """
    if name != OWN:
        return SUITES[name]
    return Suite(OWN, sdks={sdk: Instrumentation(tried(sdk).instrumentors, ()) for sdk in sdks})


def sdk_distribution(sdk: str) -> str:
    """The release of `sdk` that is tried, as a requirement: every suite is tried on the same one."""
    one = tried(sdk)
    return one.overlay[0] if one.overlay else f"{one.distribution}=={version(one.distribution)}"
