"""`Quality`: checks of answers that need no model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from spanwise.quality import structure
from spanwise.quality.check import (
    EMPTY_OUTPUT,
    GROUNDEDNESS,
    HEURISTIC,
    LANGUAGE_MATCH,
    REFUSAL,
    REPETITION,
    SYSTEM_PROMPT_LEAK,
    TRUNCATION,
)
from spanwise.quality.config import ALL, QualityConfig
from spanwise.quality.score import Score, passed
from spanwise.record import AttributeValue, Event, SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import events, values


if TYPE_CHECKING:
    from spanwise.quality.exchange import Exchange
    from spanwise.quality.grounding import Retrieved
    from spanwise.quality.language import SmallWords
    from spanwise.quality.refusal import Refusals

_INFERENCE: Final = frozenset(
    {
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
    }
)
_NOT_THE_MODELS: Final = frozenset(
    {values.SPANWISE_STREAM_OUTCOME_CLOSED, values.SPANWISE_STREAM_OUTCOME_ABANDONED,
     values.SPANWISE_STREAM_OUTCOME_CANCELLED, values.SPANWISE_STREAM_OUTCOME_FAILED}
)  # fmt: skip
"""Streams that were not read to their end: what is missing there the model did not leave out."""

_MOST_DOCUMENTS: Final = 50

_MOST_VERDICTS: Final = 512

_PREPARING: Final[dict[str, AttributeValue]] = {
    attr.GEN_AI_OPERATION_NAME: values.GEN_AI_OPERATION_NAME_CHAT,
    attr.GEN_AI_INPUT_MESSAGES: '[{"role":"user","parts":[{"type":"text","content":"Where is the station?"}]}]',
    attr.GEN_AI_OUTPUT_MESSAGES: '[{"role":"assistant","parts":[{"type":"text","content":"It is on the left."}]}]',
}
"""A call that is checked for what has to be loaded for it."""


class Verdict(NamedTuple):
    """What a response says of itself, by whether the span holds the text of the answer, which may show it better.

    Attributes:
        written: scores that become events of the span.
        left: all others.
        written_by_text: those of `written` that no text shows better.
        left_by_text: those of `left` that no text shows better.
    """

    written: Sequence[Score]
    left: Sequence[Score]
    written_by_text: Sequence[Score]
    left_by_text: Sequence[Score]


class Quality:
    """Scores of one answer, in two halves: what the response says of itself, and what its text shows.

    `structure` is for the thread that ends the span; `content` for whoever has time, before anything is taken out of
    the text. Both write events of what they found on the span. For the metric they return scores: `structure` those
    that are no event, because whoever measures the span counts its events; `content`, which comes later, all of its
    own. A score comes from exactly one of the two. Failed calls, duplicates, and calls that judge others are not
    checked.

    Args:
        config: what is checked.
    """

    def __init__(self, config: QualityConfig | None = None) -> None:
        self._config = config or QualityConfig()
        self._checks = frozenset(self._config.checks) if self._config.enabled else frozenset[str]()
        self._all = self._config.events == ALL
        self._is_wanted = False
        self._verdicts: dict[tuple[frozenset[str], bool, Score | None], Verdict] = {}

    def structure(self, span: SpanRecord, /) -> Sequence[Score]:
        """Scores of what needs no text; 2 to 3 us. What the text may show better is left to `content`."""
        if not self._checks or not _concerns(span):
            return ()
        has_text = attr.GEN_AI_OUTPUT_MESSAGES in span.attributes
        self._is_wanted = self._is_wanted or has_text
        verdict = self._structural(span)
        for score in verdict.written_by_text if has_text else verdict.written:
            self._write(span, score)
        return verdict.left_by_text if has_text else verdict.left

    def prepare(self) -> None:
        """Load what reads text, 30 ms once, where a span with text has ended: before the time that exporters have."""
        if self._is_wanted:
            self.content(SpanRecord("", 0, 0, attributes=_PREPARING.copy()))

    def content(self, span: SpanRecord, /) -> list[Score]:
        """Scores of what the text of a call shows, once for a span; empty where it holds no text.

        A retrieval is remembered for the answers that follow in its trace.
        """
        if not self._checks or attr.SPANWISE_QUALITY_CHECKS in span.attributes:
            return []
        if attr.GEN_AI_RETRIEVAL_DOCUMENTS in span.attributes:
            self._remember(span)
        if attr.GEN_AI_OUTPUT_MESSAGES not in span.attributes or not _concerns(span):
            return []
        from spanwise.quality.exchange import Exchange

        exchange = Exchange(span)
        if exchange.answer is None:
            return []
        verdict = self._structural(span)
        before = [*verdict.written_by_text, *verdict.left_by_text]
        # Said already; a refusal is neither empty nor wrong JSON nor another language.
        declined = any(score.name == REFUSAL for score in before)
        found = () if declined else self._by_text(span, exchange, exchange.answer)
        scores = [score for score in found if score.name in self._checks]
        span.attributes[attr.SPANWISE_QUALITY_CHECKS] = [score.name for score in (*before, *scores)]
        for score in scores:
            if self._is_event(score):
                self._write(span, score)
        return scores

    def _is_event(self, score: Score) -> bool:
        return score.is_finding or self._all

    def _write(self, span: SpanRecord, score: Score) -> None:
        """Make `score` an event of the span."""
        span.events.append(Event(events.GEN_AI_EVALUATION_RESULT, span.end_unix_nano, score.attributes()))

    def _structural(self, span: SpanRecord) -> Verdict:
        """What the response says of itself; few things can be said, so each answer is made once."""
        is_marked = span.attributes.get(attr.SPANWISE_RESPONSE_REFUSED) is True
        is_counted = EMPTY_OUTPUT in self._checks and _is_whole(span)
        said = structure.ends_of(span), is_marked, structure.empty_output(span) if is_counted else None
        verdict = self._verdicts.get(said)
        if verdict is None:
            if len(self._verdicts) >= _MOST_VERDICTS:
                self._verdicts.clear()
            verdict = self._verdicts[said] = self._verdict(*said)
        return verdict

    def _verdict(self, ends: frozenset[str], is_marked: bool, empty: Score | None) -> Verdict:  # noqa: FBT001 - a key
        refused = structure.refusal(ends, is_marked=is_marked) if REFUSAL in self._checks else None
        cut = structure.truncation(ends) if TRUNCATION in self._checks else None
        scores = [score for score in (refused, cut, empty) if score is not None]
        with_text = [score for score in scores if not _is_better_by_text(score)]
        return Verdict(
            written=[score for score in scores if self._is_event(score)],
            left=[score for score in scores if not self._is_event(score)],
            written_by_text=[score for score in with_text if self._is_event(score)],
            left_by_text=[score for score in with_text if not self._is_event(score)],
        )

    def _by_text(self, span: SpanRecord, exchange: Exchange, answer: str) -> Iterator[Score]:
        refused = self._refusal(exchange, answer)
        yield refused
        if _is_whole(span):
            yield _empty(exchange)
        if exchange.is_empty:
            return
        if REPETITION in self._checks:
            from spanwise.quality.repetition import repetition

            yield repetition(answer)
        yield from _structured(span, exchange, answer, refused=refused.is_finding)
        if not refused.is_finding and answer:
            yield from self._compared(span, exchange, answer)

    def _refusal(self, exchange: Exchange, answer: str) -> Score:
        if exchange.refusal:
            return Score(REFUSAL, 0.0, "refused", "a part of the answer is marked as a refusal")
        language = self._refusals.find(answer) if REFUSAL in self._checks else None
        if language is not None:
            return Score(REFUSAL, 0.0, "refused", f"the answer begins with words of a refusal ({language})", HEURISTIC)
        return passed(REFUSAL, "neither marks nor the first words of the answer say that it is one", HEURISTIC)

    def _compared(self, span: SpanRecord, exchange: Exchange, answer: str) -> Iterator[Score]:
        """What compares the answer with the question, the instructions and what was retrieved."""
        from spanwise.quality.grounding import groundedness, hashed
        from spanwise.quality.language import language_match
        from spanwise.quality.leak import system_prompt_leak

        retrieved = self._retrieved.of(span.trace_id)
        documents = [*retrieved, *map(hashed, exchange.results[:_MOST_DOCUMENTS])]
        if GROUNDEDNESS in self._checks and (score := groundedness(answer, documents, numbered=len(retrieved))):
            yield score
        if LANGUAGE_MATCH in self._checks and not _is_json(span):
            score = language_match(answer, exchange.question, self._small_words)
            yield from (score,) if score else ()
        if SYSTEM_PROMPT_LEAK in self._checks:
            score = system_prompt_leak(answer, exchange.instructions, exchange.question, documents)
            yield from (score,) if score else ()

    def _remember(self, span: SpanRecord) -> None:
        from spanwise.quality.exchange import read, strings

        documents = read(span.attributes.get(attr.GEN_AI_RETRIEVAL_DOCUMENTS))
        if isinstance(documents, list):
            self._retrieved.add(span.trace_id, ["\n".join(strings(one)) for one in documents[:_MOST_DOCUMENTS]])

    @cached_property
    def _phrases(self) -> Any:
        return json.loads(files("spanwise.quality").joinpath("phrases.json").read_text("utf-8"))

    @cached_property
    def _small_words(self) -> SmallWords:
        from spanwise.quality.language import small_words_of

        return small_words_of(self._phrases)

    @cached_property
    def _refusals(self) -> Refusals:
        from spanwise.quality.refusal import Refusals

        return Refusals(self._phrases, self._config.refusal_languages)

    @cached_property
    def _retrieved(self) -> Retrieved:
        from spanwise.quality.grounding import Retrieved

        return Retrieved()


def _concerns(span: SpanRecord) -> bool:
    found = span.attributes
    return (
        found.get(attr.GEN_AI_OPERATION_NAME) in _INFERENCE
        and attr.ERROR_TYPE not in found
        and attr.SPANWISE_DUPLICATE_OF not in found
        and attr.SPANWISE_DUPLICATE_REASON not in found
        and attr.SPANWISE_EVALUATION_RUN not in found
    )


def _is_better_by_text(score: Score) -> bool:
    """Whether a text may show more: it always does where the response itself complains of nothing."""
    return score.name == EMPTY_OUTPUT or (score.name == REFUSAL and not score.is_finding)


def _is_whole(span: SpanRecord) -> bool:
    return span.attributes.get(attr.SPANWISE_STREAM_OUTCOME) not in _NOT_THE_MODELS


def _is_json(span: SpanRecord) -> bool:
    return span.attributes.get(attr.GEN_AI_OUTPUT_TYPE) == values.GEN_AI_OUTPUT_TYPE_JSON


def _empty(exchange: Exchange) -> Score:
    if exchange.is_empty:
        return Score(EMPTY_OUTPUT, 0.0, "empty", "the answer has neither text nor a tool call nor anything else")
    return passed(EMPTY_OUTPUT, "the answer has content")


def _structured(span: SpanRecord, exchange: Exchange, answer: str, *, refused: bool) -> Iterator[Score]:
    """What can be parsed. A call of a tool is no answer yet, and a refusal none in JSON."""
    from spanwise.quality.structured_output import schema_match, tool_arguments, valid_json

    if score := tool_arguments(exchange):
        yield score
    elif not refused and answer and _is_whole(span):
        if _is_json(span):
            yield valid_json(answer)
        if exchange.schema is not None and (score := schema_match(answer, exchange.schema)):
            yield score
