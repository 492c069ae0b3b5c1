"""The engines under test: each gives, text by text, what it takes out."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

from tests.corpus.align import Taken, align
from tests.corpus.text import Text


CHILD: Final = Path(__file__).with_name("presidio.py")


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


# Entities of Presidio in our families. PERSON, LOCATION and NRP are names, ORGANIZATION and DATE_TIME are none of ours.
_ENTITIES: Final[dict[str, str]] = {
    "EMAIL_ADDRESS": "contact", "PHONE_NUMBER": "contact", "CREDIT_CARD": "payment", "IBAN_CODE": "payment",
    "US_BANK_NUMBER": "payment", "ABA_ROUTING_NUMBER": "payment", "IP_ADDRESS": "network", "MAC_ADDRESS": "network", "CRYPTO": "crypto",
    "UK_NHS": "health", "AU_MEDICARE": "health", "MEDICAL_LICENSE": "health", "US_NPI": "health", "US_MBI": "health",
    "VIN": "vehicle", "PERSON": "name", "LOCATION": "name", "NRP": "name", "IN_VEHICLE_REGISTRATION": "vehicle",
    "UK_VEHICLE_REGISTRATION": "vehicle", "UK_POSTCODE": "contact", "DATE_OF_BIRTH": "birth",
}  # fmt: skip


class Presidio:
    """Microsoft Presidio's analyzer in an environment of its own, with every recogniser it has for the text's language."""

    def __init__(self, python: Path) -> None:
        self.seconds = 0.0
        self._python = python
        self._name = "presidio"
        self.entities: list[str] = []

    @property
    def name(self) -> str:
        """Name and version of the engine."""
        return self._name

    def taken(self, texts: Iterable[Text]) -> Iterator[list[Taken]]:
        """For each text, the runs of characters that are taken out; names and places are left out of them."""
        lines = "".join(json.dumps({"text": text.text, "locale": text.locale}) + "\n" for text in texts)
        ran = subprocess.run([self._python, CHILD], input=lines, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise RuntimeError(ran.stderr[-2000:])
        about, *answers = map(json.loads, ran.stdout.splitlines())
        self._name, self.seconds, self.entities = about["name"], about["seconds"], about["entities"]
        for answer in answers:
            yield [Taken(*found) for found in answer if self.family(found[2]) not in ("name", "none")]

    def family(self, kind: str) -> str:
        """The family of one of Presidio's entities."""
        if kind in ("DATE_TIME", "URL", "ORGANIZATION"):
            return "none"
        return _ENTITIES.get(kind, "national")
