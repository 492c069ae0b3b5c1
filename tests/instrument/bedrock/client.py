"""Clients of `boto3` whose every call meets one scenario of the emulator."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

from tests.emulator import Emulator


Sdk: TypeAlias = Any
"""Clients, streams and bodies of an SDK that is installed where these tests run."""

KEYS: Any = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "k", "region_name": "us-east-1"}
MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
UNCLOSED = ("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
"""What Python says, with us or without, of the socket of a stream that was dropped before its end."""
MESSAGES: Any = [{"role": "user", "content": [{"text": "Where is my parcel?"}]}]


def config(**options: Sdk) -> Sdk:
    """A configuration with few attempts and short waits."""
    settings = {"retries": {"total_max_attempts": 1}, "read_timeout": 2, "connect_timeout": 1, **options}
    return import_module("botocore.config").Config(**settings)


class Clients:
    """Clients that are used again: to make one takes a second, most of it to read the model of its service."""

    def __init__(self) -> None:
        self._session = import_module("boto3").session.Session()
        self._made: dict[str, Sdk] = {}
        self._scenario = "default"

    def get(self, scenario: str, service: str, url: str, options: dict[str, Sdk]) -> Sdk:
        """A client whose calls meet `scenario` from now on."""
        self._scenario = scenario
        key = repr((service, url, options))
        if key not in self._made:
            made = self._session.client(service, endpoint_url=url, config=config(**options), **KEYS)
            made.meta.events.register("before-call", self._add_scenario)
            self._made[key] = made
            # What a service's model leaves in memory stays: no collection needs to look at it again.
            gc.collect()
            gc.freeze()
        return self._made[key]

    def close(self) -> None:
        """Close their connections."""
        for made in self._made.values():
            made.close()

    def _add_scenario(self, params: Sdk, **_: Sdk) -> None:
        params["headers"]["x-emulator"] = self._scenario


CLIENTS = cache(Clients)


@contextmanager
def client(
    emulator: Emulator, scenario: str = "default", *, service: str = "bedrock-runtime", url: str = "", **options: Sdk
) -> Iterator[Sdk]:
    """A client whose every call meets `scenario`."""
    yield CLIENTS().get(scenario, service, url or emulator.url, options)
