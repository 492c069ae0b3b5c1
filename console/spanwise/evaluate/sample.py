"""`Sample`: which stored calls are judged."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from spanwise.evaluate.error import EvaluateError
from spanwise.evaluate.example import Example, example_of
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values
from spanwise.store import Store


KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "model": (attr.GEN_AI_REQUEST_MODEL, attr.GEN_AI_RESPONSE_MODEL),
    "provider": (attr.GEN_AI_PROVIDER_NAME,),
    "prompt": (attr.GEN_AI_PROMPT_NAME,),
    "version": (attr.GEN_AI_PROMPT_VERSION,),
    "user": (attr.USER_ID,),
    "session": (attr.SESSION_ID, attr.GEN_AI_CONVERSATION_ID),
    "tenant": (attr.SPANWISE_TENANT,),
    "feature": (attr.SPANWISE_FEATURE,),
    "service": (attr.SERVICE_NAME,),
}
"""What `--where` accepts, and the attributes it looks at."""

_INFERENCE: Final = frozenset(
    {
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
    }
)


@dataclass(slots=True)
class Sample:
    """Calls that are judged, and what became of the others.

    Attributes:
        examples: in the order of their start.
        matched: calls that were looked for, before any were left out.
        without_content: of them, those whose answers were not captured.
        scored: of them, those that have a score of this name already.
    """

    examples: list[Example] = field(default_factory=list)
    matched: int = 0
    without_content: int = 0
    scored: int = 0


@dataclass(frozen=True, slots=True)
class SampleOptions:
    """Which calls.

    Attributes:
        since: calls that started since.
        until: calls that started before.
        where: pairs of a key of `KEYS` and what it has to be.
        size: how many at most.
        seed: the same calls are chosen for the same seed.
        again: whether those are judged that have a score of this name.
    """

    since: datetime | None = None
    until: datetime | None = None
    where: tuple[tuple[str, str], ...] = ()
    size: int = 50
    seed: int = 0
    again: bool = False


def condition(text: str) -> tuple[str, str]:
    """The key and the value in `key=value`.

    Raises:
        EvaluateError: it has another form, or the key is not known.
    """
    key, equals, value = text.partition("=")
    if not equals or key not in KEYS:
        raise EvaluateError(f"--where: found {text[:80]!r}; accepted: KEY=VALUE with one of {', '.join(KEYS)}")
    return key, value


def choose(store: Store, options: SampleOptions, name: str) -> Sample:
    """An even sample of the calls in `store` for scores called `name`; memory for as many as are chosen.

    Failed calls are not judged, nor are duplicates and calls that judge others.

    Raises:
        StoreError: the store cannot be used.
    """
    chance = random.Random(options.seed)  # noqa: S311 - a sample, not a secret
    known = set() if options.again else _scored(store, options, name)
    sample, usable = Sample(), 0
    for batch in store.calls(options.since, options.until):
        for call in (stored.record for stored in batch):
            if not _matches(call, options.where):
                continue
            sample.matched += 1
            if (call.trace_id, call.span_id) in known:
                sample.scored += 1
            elif (example := example_of(call)) is None:
                sample.without_content += 1
            else:
                usable += 1
                _keep(sample.examples, example, usable, options.size, chance)
    sample.examples.sort(key=lambda one: (one.call.start_unix_nano, one.call.span_id))
    return sample


def _keep(kept: list[Example], example: Example, number: int, size: int, chance: random.Random) -> None:
    """Keep the example that is the `number`th with the probability `size` / `number`, in place of any other."""
    if len(kept) < size:
        kept.append(example)
    elif (place := chance.randrange(number)) < size:
        kept[place] = example


def _matches(call: SpanRecord, where: Iterable[tuple[str, str]]) -> bool:
    found = call.attributes
    if found.get(attr.GEN_AI_OPERATION_NAME) not in _INFERENCE or attr.ERROR_TYPE in found:
        return False
    if attr.SPANWISE_EVALUATION_RUN in found:
        return False
    return all(_has(call, key, value) for key, value in where)


def _has(call: SpanRecord, key: str, value: str) -> bool:
    return any(
        carrier.get(name) == value for name in KEYS[key] for carrier in (call.attributes, call.resource.attributes)
    )


def _scored(store: Store, options: SampleOptions, name: str) -> set[tuple[int, int]]:
    return {
        (int(score.trace_id, 16), int(score.span_id, 16))
        for score in store.scores(options.since)
        if score.name == name and score.trace_id and score.span_id and not score.error_type
    }
