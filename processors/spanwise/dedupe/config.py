"""Settings of the dedupe step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self


if TYPE_CHECKING:
    from spanwise.policy import Reader

MOST_CALLS: Final = 1_000_000
MOST_SECONDS: Final = 3600
LEAST_SECONDS: Final = 0.001
MOST_NAMES: Final = 256

USAGE_NAMES: Final = (
    "ai.usage.*",
    "anthropic.usage.*",
    "cache_creation_tokens",
    "cache_read_tokens",
    "gen_ai.cost.*",
    "gen_ai.token.cost.*",
    "gen_ai.token.usage.*",
    "input_tokens",
    "langfuse.observation.cost_details",
    "langfuse.observation.usage_details",
    "litellm.cost.*",
    "llm.cost.*",
    "llm.token_count.*",
    "llm.usage.*",
    "mlflow.chat.tokenUsage",
    "mlflow.llm.cost",
    "operation.cost",
    "output_tokens",
    "usage.*",
)
"""Usage and cost in the dialects that `spanwise.normalise` reads; a test compares the two."""


@dataclass(frozen=True, slots=True)
class DedupeConfig:
    """What is remembered of the calls seen, and what a duplicate loses.

    Attributes:
        enabled: whether calls seen twice are looked for at all.
        max_calls: spans remembered; about 850 bytes each. At least the latest half of them is always there.
        window_s: seconds between the end of one span and the start of another after which they are two calls.
        usage_names: names that a duplicate loses beside those of the convention and of this distribution, so that a
            backend that reads another dialect does not count it. One that ends in `*` stands for all that begin so.
    """

    enabled: bool = True
    max_calls: int = 10_000
    window_s: float = 60.0
    usage_names: tuple[str, ...] = USAGE_NAMES

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        from spanwise.policy import Form  # only a policy needs it

        default = cls()
        settings = cls(
            enabled=reader.boolean(
                "enabled", default.enabled, about="Whether calls that two instrumentations saw are counted once."
            ),
            max_calls=reader.integer(
                "max_calls",
                default.max_calls,
                least=2,
                most=MOST_CALLS,
                about="Spans remembered; about 850 bytes each.",
            ),
            window_s=reader.number(
                "window_s",
                default.window_s,
                least=LEAST_SECONDS,
                most=MOST_SECONDS,
                about="Seconds between the end of one span and the start of another after which they are two calls.",
            ),
            usage_names=reader.texts(
                "usage_names",
                default.usage_names,
                form=Form(r"[^*]+\*?", "a name; a * may end it"),
                most=MOST_NAMES,
                about="Attributes that a duplicate loses beside those of the convention: nobody counts it twice.",
            ),
        )
        reader.finish()
        return settings

    def validate(self) -> list[str]:
        """Sentences naming each setting that cannot be used."""
        problems: list[str] = []
        if not isinstance(self.enabled, bool):
            problems.append(f"enabled: found {self.enabled!r}; accepted: true, false")
        if type(self.max_calls) is not int or not 2 <= self.max_calls <= MOST_CALLS:
            problems.append(f"max_calls: found {self.max_calls!r}; accepted: a whole number from 2 to {MOST_CALLS}")
        if type(self.window_s) not in {int, float} or not 0 < self.window_s <= MOST_SECONDS:
            problems.append(f"window_s: found {self.window_s!r}; accepted: seconds above 0, up to {MOST_SECONDS}")
        if not _are_names(self.usage_names):
            problems.append(
                f"usage_names: found {self.usage_names!r:.80}; accepted: a list of at most {MOST_NAMES} names; "
                "a * may end a name"
            )
        return problems


def _are_names(value: object) -> bool:
    if not isinstance(value, tuple) or len(value) > MOST_NAMES:
        return False
    return all(isinstance(name, str) and name.strip("*") and "*" not in name[:-1] for name in value)
