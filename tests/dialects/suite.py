"""The suites whose spans are recorded: what each needs, and the environment it runs in."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final


PROGRAMS: Final = Path(__file__).with_name("programs")
GOLDEN: Final = Path(__file__).with_name("golden")

_OPENAI: Final = "openai==3.57.0"
_ANTHROPIC: Final = "anthropic==2.13.0"
_RECORDER: Final = ("opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-common")


@dataclass(frozen=True, slots=True)
class Suite:
    """One suite: its name, which is that of its program and its golden file, and its distributions."""

    name: str
    distributions: tuple[str, ...]
    spans: int
    """How many spans its program makes."""


SUITES: Final = (
    Suite("agent_framework", ("agent-framework-core==1.23.0", "agent-framework-openai==1.17.0"), 4),
    Suite("anthropic_native", (_ANTHROPIC,), 3),
    Suite("google_adk", ("google-adk==2.13.0", "litellm==1.110.2"), 5),
    Suite("langchain", ("langchain-openai==1.7.4", "openinference-instrumentation-langchain==0.1.80"), 4),
    Suite("langfuse", (_OPENAI, "langfuse==5.0.4"), 3),
    Suite("langsmith", ("langchain-openai==1.7.4", "langsmith[otel]==0.15.1"), 3),
    Suite("litellm", ("litellm==1.110.2",), 4),
    Suite("official", (_OPENAI, _ANTHROPIC, "opentelemetry-instrumentation-genai-openai==1.3b0",
                       "opentelemetry-instrumentation-genai-anthropic==1.3b0"), 11),
    Suite("openai_v2", ("openai==1.109.1", "opentelemetry-instrumentation-openai-v2==2.3b0", "wrapt<2"), 5),
    Suite("openinference", (_OPENAI, _ANTHROPIC, "openinference-instrumentation-openai==0.1.66",
                            "openinference-instrumentation-anthropic==3.1.0"), 11),
    Suite("openlit", ("openai==2.54.0", "openlit==1.45.0"), 10),
    Suite("openllmetry", (_OPENAI, _ANTHROPIC, "opentelemetry-instrumentation-openai==0.62.4",
                          "opentelemetry-instrumentation-anthropic==0.62.4"), 11),
    Suite("pydantic_ai", ("pydantic-ai-slim[openai]==2.68.0",), 8),
    Suite("strands", ("strands-agents[openai]==1.62.0",), 6),
)  # fmt: skip


def environment(distributions: Sequence[str]) -> Path:
    """The Python of an environment with `distributions`, made with uv when it is not there yet: about a second each.

    Kept outside the checkout, by what is in it, so that a second run finds it.
    """
    wanted = "\n".join([sys.version, *distributions, *_RECORDER])
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spanwise-dialects"
    home = cache / hashlib.sha256(wanted.encode()).hexdigest()[:16]
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "-q", "--clear", "--python", sys.executable, str(home)], check=True)
        # The system's certificates, as pip has them: a proxy's own may be among them.
        install = [*uv, "pip", "install", "-q", "--system-certs", "--python", str(python), *distributions, *_RECORDER]
        subprocess.run(install, check=True)
        (home / "complete").touch()
    return python
