"""Microsoft Presidio as an engine: asked in an environment of its own, its entities in our families."""

# ruff: noqa: E501

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.corpus.align import Taken
from tests.corpus.text import Text


CHILD: Final = Path(__file__).with_name("presidio_child.py")

# What is not listed is a number of a person. Names, and what nobody asked for, do not count for or against it.
_FAMILIES: Final[dict[str, str]] = {
    entity: family
    for family, entities in {
        "contact": "EMAIL_ADDRESS PHONE_NUMBER ZA_MOBILE_NUMBER ZA_TELEPHONE_NUMBER UK_POSTCODE EMAIL",
        "payment": "CREDIT_CARD IBAN_CODE US_BANK_NUMBER ABA_ROUTING_NUMBER",
        "network": "IP_ADDRESS MAC_ADDRESS",
        "crypto": "CRYPTO",
        "health": "UK_NHS AU_MEDICARE MEDICAL_LICENSE US_NPI US_MBI DE_HEALTH_INSURANCE DE_LANR US_HEALTH_INSURANCE_MEMBER_ID "
                  "US_CLAIM_NUMBER US_PRIOR_AUTHORIZATION_NUMBER US_PRESCRIPTION_NUMBER US_REFERRAL_NUMBER",
        "vehicle": "IN_VEHICLE_REGISTRATION UK_VEHICLE_REGISTRATION NG_VEHICLE_REGISTRATION DE_KFZ TR_LICENSE_PLATE "
                   "ZA_LICENSE_PLATE ZA_TRAFFIC_REGISTER_NUMBER",
        "name": "PERSON LOCATION NRP",
        "none": "DATE_TIME URL ORGANIZATION UUID AGE ID",
    }.items()
    for entity in entities.split()
}  # fmt: skip


class Presidio:
    """Microsoft Presidio's analyzer: with `all` recognisers in the language of each text, or as it is `installed`.

    Attributes:
        seconds: Time spent in the analyzer.
        name: Versions of Presidio, spaCy and the models.
        entities: What it says it can find in English.
    """

    def __init__(self, python: Path, *, which: str, least_score: float, answers: Path | None = None) -> None:
        """An engine that runs under `python`; `answers` keeps what it said, to judge it again at another `least_score`."""
        self.seconds = 0.0
        self.name = "presidio"
        self.entities: list[str] = []
        self._python = python
        self._which = which
        self._least_score = least_score
        self._answers = answers

    def taken(self, texts: Iterable[Text]) -> Iterator[list[Taken]]:
        """For each text, the runs of characters that are taken out; names and places are left out of them."""
        about, *answers = map(json.loads, self._lines(texts))
        self.name = f"{about['name']}, score >= {self._least_score}"
        self.seconds, self.entities = about["seconds"], about["entities"]
        for answer in answers:
            yield merged([Taken(start, end, kind) for start, end, kind, sure in sorted(answer, key=lambda one: -one[3])
                          if sure >= self._least_score and self.family(kind) not in ("name", "none")])  # fmt: skip

    def _lines(self, texts: Iterable[Text]) -> list[str]:
        if self._answers and self._answers.exists():
            return self._answers.read_text(encoding="utf-8").splitlines()
        lines = "".join(json.dumps({"text": text.text, "locale": text.locale}) + "\n" for text in texts)
        ran = subprocess.run(
            [self._python, CHILD, self._which], input=lines, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise RuntimeError(ran.stderr[-2000:])
        if self._answers:
            self._answers.write_text(ran.stdout, encoding="utf-8")
        return ran.stdout.splitlines()

    def family(self, kind: str) -> str:
        """The family of one of Presidio's entities."""
        return _FAMILIES.get(kind, "national")


def merged(found: list[Taken]) -> list[Taken]:
    """`found` without overlaps: what touches something surer is one redaction with it."""
    result: list[Taken] = []
    for one in found:
        touching = [other for other in result if other.start < one.end and one.start < other.end]
        kept = one
        if touching:
            result = [other for other in result if other not in touching]
            kept = Taken(
                min(one.start, *(o.start for o in touching)), max(one.end, *(o.end for o in touching)), touching[0].kind
            )
        result.append(kept)
    return sorted(result)
