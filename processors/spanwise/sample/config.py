"""`SampleConfig`: which traces are kept whatever happens, and what share of the rest."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final, Self

from spanwise.policy import Reader


_HOUR_S: Final = 3600.0
_MOST_USD: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class SampleConfig:
    """Settings of tail sampling. A limit that is `None` keeps nothing.

    Attributes:
        ratio: Share of traces kept of those that no rule keeps; 1 keeps every trace.
        errors: Whether traces with a failed span are kept.
        slower_than_s: Traces that took longer are kept, in seconds.
        dearer_than_usd: Traces with a call that cost more are kept, in US dollars.
        score_below: Traces with an evaluation under this score are kept.
        refused: Whether traces with a refused or filtered answer are kept.
        new_prompt_version: Whether the first traces of a prompt version are kept.
        tokens_above: Traces with a call of more tokens, in and out together, are kept.
        spans_above: Traces of more spans are kept.
        decision_wait_s: Seconds from a trace's first span until it is decided on.
    """

    ratio: float = 1.0
    errors: bool = True
    slower_than_s: float | None = 15.0
    dearer_than_usd: Decimal | None = Decimal("0.05")
    score_below: float | None = 0.5
    refused: bool = True
    new_prompt_version: bool = True
    tokens_above: int | None = 50_000
    spans_above: int | None = 60
    decision_wait_s: float = 30.0

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        default = cls()
        ratio = reader.number(
            "ratio",
            default.ratio,
            least=0.0,
            most=1.0,
            about="Share kept of the traces that no rule of keep concerns. Metrics count all of them either way.",
        )
        wait_s = reader.number(
            "decision_wait_s",
            default.decision_wait_s,
            least=1.0,
            most=_HOUR_S,
            about="Seconds from the first span of a trace until it is decided on; spans wait in memory that long.",
        )
        kept = _kept(reader.section("keep", about="Traces that are kept whatever the ratio; false turns a rule off."))
        config = cls(ratio=ratio, decision_wait_s=wait_s, **kept)  # type: ignore[arg-type] # one entry per field
        if not config.keeps_anything and reader.is_sound:
            reader.complain(
                "ratio", "found 0 with every rule of keep off, which keeps no trace. Raise it, or keep some."
            )
        reader.finish()
        return config

    @property
    def keeps_anything(self) -> bool:
        """Whether any trace can be kept."""
        rules = (getattr(self, entry.name) for entry in fields(self) if entry.name not in {"ratio", "decision_wait_s"})
        return self.ratio > 0 or any(rule is not None and rule is not False for rule in rules)


def _kept(reader: Reader) -> dict[str, bool | float | Decimal | int | None]:
    default = SampleConfig()
    dearer = None if reader.is_off("dearer_than_usd") else reader.decimal(
        "dearer_than_usd", default.dearer_than_usd, least=Decimal(0), most=_MOST_USD,
        about="Keep traces with a call that cost more US dollars.",
    )  # fmt: skip
    kept: dict[str, bool | float | Decimal | int | None] = {
        "errors": reader.boolean("errors", default.errors, about="Keep traces with a failed span."),
        "slower_than_s": _number(
            reader, "slower_than_s", default.slower_than_s, most=_HOUR_S, about="Keep traces that took more seconds."
        ),
        "dearer_than_usd": dearer,
        "score_below": _number(
            reader,
            "score_below",
            default.score_below,
            most=1.0,
            about="Keep traces with an evaluation under this score.",
        ),
        "refused": reader.boolean(
            "refused", default.refused, about="Keep traces with an answer that was refused or filtered."
        ),
        "new_prompt_version": reader.boolean(
            "new_prompt_version", default.new_prompt_version, about="Keep the first traces of a prompt version."
        ),
        "tokens_above": _integer(
            reader, "tokens_above", default.tokens_above, "Keep traces with a call of more tokens, in and out together."
        ),
        "spans_above": _integer(
            reader, "spans_above", default.spans_above, "Keep traces of more spans: agents that run in circles."
        ),
    }
    reader.finish()
    return kept


def _number(reader: Reader, key: str, default: float | None, *, most: float, about: str) -> float | None:
    return None if reader.is_off(key) else reader.number(key, default, least=0.0, most=most, about=about)


def _integer(reader: Reader, key: str, default: int | None, about: str) -> int | None:
    return None if reader.is_off(key) else reader.integer(key, default, least=1, most=1_000_000_000, about=about)
