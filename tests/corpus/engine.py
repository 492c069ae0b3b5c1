"""The engines under test: each gives, text by text, what it takes out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from tests.corpus.align import Taken, align
from tests.corpus.text import Text


class Engine(Protocol):
    """What the evaluator asks of an engine.

    Attributes:
        name: Name and version.
        seconds: Time spent in the engine itself so far, without start-up, transport and alignment.
    """

    seconds: float

    @property
    def name(self) -> str:
        """Name and version of the engine."""

    def taken(self, texts: Iterable[Text]) -> Iterator[list[Taken]]:
        """For each text, the runs of characters that are taken out."""

    def family(self, kind: str) -> str:
        """The family of one of the engine's kinds."""


class Spanwise:
    """The redactor of this repository, asked through `Redactor.find`."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @cached_property
    def name(self) -> str:
        """Name and version of the engine."""
        return f"spanwise {version('spanwise')}"

    def taken(self, texts: Iterable[Text]) -> Iterator[list[Taken]]:
        """For each text, the runs of characters that are taken out."""
        from spanwise.redact import Redactor

        redactor = Redactor()
        redactor.find("warm up: joe@example.com")
        for text in texts:
            start = time.perf_counter()
            found = redactor.find(text.text)
            self.seconds += time.perf_counter() - start
            yield align(text.text, found.text, tuple(found.kinds), [(label.start, label.end) for label in text.labels])

    def family(self, kind: str) -> str:
        """The family of one of the engine's kinds."""
        return self._families.get(kind, "unknown")

    @cached_property
    def _families(self) -> dict[str, str]:
        import spanwise.redact

        rules = Path(spanwise.redact.__file__).with_name("rules.json")
        if not rules.exists():
            personal = {"email": "contact", "phone": "contact", "card": "payment", "iban": "payment", "ssn": "national",
                        "ipv4": "network", "ipv6": "network"}  # fmt: skip
            return {kind: personal.get(kind, "secret") for kind in spanwise.redact.ALL}
        return dict(_kinds(json.loads(rules.read_bytes())))


def _kinds(rules: object, family: str = "unknown") -> Iterator[tuple[str, str]]:
    """Every kind in compiled rules with its family, whatever else stands around them."""
    if isinstance(rules, dict):
        family = str(rules.get("family", family))
        if "kind" in rules:
            yield str(rules["kind"]), family
        for key, value in rules.items():
            yield from _kinds(value, family if not isinstance(value, list) or family != "unknown" else str(key))
    elif isinstance(rules, list):
        for value in rules:
            yield from _kinds(value, family)
