"""The SDKs of one generator whose APIs are close to OpenAI's: how each is called, and what the emulator says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from inspect import signature
from typing import Any, TypeAlias

import httpx
from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]

from spanwise.instrument import CerebrasInstrumentor, GroqInstrumentor, TogetherInstrumentor, WriterInstrumentor
from tests.emulator import Emulator


Sdk: TypeAlias = Any
"""Modules, clients and streams of an SDK: older releases lack what newer ones have."""


@dataclass(frozen=True)
class Provider:
    """One SDK."""

    name: str
    """The provider's name on a span."""
    module: str
    sync: str
    root: str
    """What the base URL is, below the emulator's."""
    model: str
    """A model of the price book, where it has any of this provider."""
    instrumentor: Callable[[], BaseInstrumentor]
    chat: Callable[[Sdk], Callable[..., Sdk]] = lambda sdk: sdk.chat.completions.create
    chat_path: str = "/chat/completions"
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def sdk(self) -> Sdk:
        """The SDK's package."""
        return import_module(self.module)

    @property
    def base(self) -> Sdk:
        """The module of its base clients."""
        return import_module(f"{self.module}._base_client")

    def client(self, emulator: Emulator, scenario: str = "default", *, is_async: bool = False, **options: Any) -> Sdk:
        """A client whose every call meets `scenario`."""
        return self.at(f"{emulator.url}{self.root}", scenario, is_async=is_async, **options)

    def at(self, url: str, scenario: str = "default", *, is_async: bool = False, **options: Any) -> Sdk:
        """The same for any URL."""
        make = getattr(self.sdk, f"Async{self.sync}" if is_async else self.sync)
        # Without TLS: each client would read all certificates.
        http = httpx.AsyncClient(verify=False) if is_async else httpx.Client(verify=False)
        known = signature(make).parameters
        given = {**{name: value for name, value in self.options if name in known}, **options}
        return make(base_url=url, api_key="k", default_headers={"x-emulator": scenario}, http_client=http, **given)


PROVIDERS = (
    Provider("groq", "groq", "Groq", "/groq", "llama-3.1-8b-instant", GroqInstrumentor),
    Provider(
        "cerebras",
        "cerebras.cloud.sdk",
        "Cerebras",
        "/cerebras",
        "gpt-oss-120b",
        CerebrasInstrumentor,
        options=(("warm_tcp_connection", False),),
    ),
    Provider(
        "together_ai",
        "together",
        "Together",
        # The version went from the base URL into the paths with 3.0.
        "/together" if version("together") >= "3" else "/together/v1",
        "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        TogetherInstrumentor,
    ),
    Provider(
        "writer",
        "writerai",
        "Writer",
        "/writer",
        "palmyra-x5",
        WriterInstrumentor,
        chat=lambda sdk: sdk.chat.chat,
        chat_path="/chat",
    ),
)
"""The SDKs, each with what its tests need to know."""
