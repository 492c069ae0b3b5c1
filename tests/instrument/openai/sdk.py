"""Clients of the `openai` SDK whose calls meet a scenario, and the release that is installed."""

from __future__ import annotations

from typing import Any, TypeAlias

import openai

from tests.emulator import Emulator


Sdk: TypeAlias = Any
"""Clients and streams of an SDK: its overloads want literal arguments, tests have parameters."""

RELEASE = tuple(int(part) for part in openai.VERSION.split(".")[:2])


def client(emulator: Emulator, scenario: str = "default", **options: Sdk) -> Sdk:
    """A sync client whose every call meets `scenario`."""
    return openai.OpenAI(base_url=emulator.openai_url, api_key="k", default_headers={"x-emulator": scenario}, **options)


def aclient(emulator: Emulator, scenario: str = "default", **options: Sdk) -> Sdk:
    """An async client whose every call meets `scenario`."""
    return openai.AsyncOpenAI(
        base_url=emulator.openai_url, api_key="k", default_headers={"x-emulator": scenario}, **options
    )
