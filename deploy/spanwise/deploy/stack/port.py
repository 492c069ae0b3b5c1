"""`Ports`: where each engine listens, all on loopback."""

from __future__ import annotations

import socket
from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Final, Self


LOOPBACK: Final = "127.0.0.1"
MOST_OFFSET: Final = 9_000
"""So that the highest port stays a port."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of a stack; those that people know are the usual ones."""

    otlp_grpc: int = 4317
    otlp_http: int = 4318
    collector_health: int = 13133
    collector_telemetry: int = 8888
    collector_zpages: int = 55679
    collector_scrape: int = 9464
    jaeger_otlp: int = 14317
    jaeger_query: int = 16686
    jaeger_query_grpc: int = 16685
    jaeger_health: int = 13134
    jaeger_telemetry: int = 8889
    prometheus: int = 9090
    alertmanager: int = 9093

    @classmethod
    def shifted(cls, offset: int) -> Self:
        """Every port `offset` higher, for a second stack."""
        usual = cls()
        return cls(**{entry.name: getattr(usual, entry.name) + offset for entry in fields(cls)})

    def taken(self, engines: Collection[str]) -> dict[str, int]:
        """The ports of `engines` that somebody listens on already, by name."""
        named = {entry.name: getattr(self, entry.name) for entry in fields(self) if _engine(entry.name) in engines}
        return {name: port for name, port in named.items() if _is_taken(port)}


def _engine(port: str) -> str:
    """Whose port it is: the first word says so, but for those that applications send to."""
    engine = port.partition("_")[0]
    return "collector" if engine == "otlp" else engine


def _is_taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False
