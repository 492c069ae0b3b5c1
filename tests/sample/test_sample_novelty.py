"""The first span of a prompt's version is marked, once."""

from __future__ import annotations

import threading

from spanwise.pipeline import Pipeline
from spanwise.record import SpanRecord
from spanwise.sample import Novelty
from spanwise.semconv import attributes as attr


def call(number: int, version: str | None, name: str | None = "email") -> SpanRecord:
    """A chat with a prompt of `version`."""
    prompt = {attr.GEN_AI_PROMPT_NAME: name, attr.GEN_AI_PROMPT_VERSION: version}
    attributes = {key: value for key, value in prompt.items() if value is not None}
    return SpanRecord("chat m", 1, number, attributes={attr.GEN_AI_OPERATION_NAME: "chat", **attributes})


def marked(step: Novelty, *spans: SpanRecord) -> list[bool]:
    """Which of `spans` are marked."""
    return [attr.SPANWISE_PROMPT_FIRST_SEEN in step(span).attributes for span in spans]


def test_each_version_is_marked_once() -> None:
    """Name and version together are what is new; a call without a version is nothing."""
    spans = [call(1, "1"), call(2, "1"), call(3, "2"), call(4, "1", "other"), call(5, None), call(6, "7", None)]
    assert marked(Novelty(), *spans) == [True, False, True, True, False, True]


def test_a_repeated_call_is_not_the_first() -> None:
    """A span that repeats another does not take the mark from the one that counts."""
    repeat = call(1, "1")
    repeat.attributes[attr.SPANWISE_DUPLICATE_OF] = "0000000000000002"
    assert marked(Novelty(), repeat, call(2, "1")) == [False, True]


def test_what_is_remembered_is_bounded() -> None:
    """Ten thousand versions are not all remembered, and endless ones not at all."""
    step = Novelty()
    assert all(marked(step, *(call(number, str(number)) for number in range(1, 10_001))))
    assert marked(step, call(20_000, "10000"), call(20_001, "1")) == [False, True]
    assert marked(step, call(20_002, "v" * 10_000)) == [False]


def test_of_threads_at_once_one_marks() -> None:
    """Spans of one version that end on several threads carry one mark."""
    step, spans = Novelty(), [call(number, "1") for number in range(1, 401)]
    threads = [threading.Thread(target=marked, args=(step, *spans[start::4])) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(attr.SPANWISE_PROMPT_FIRST_SEEN in span.attributes for span in spans) == 1


def test_the_pipeline_marks() -> None:
    """A span that goes through the pipeline has the mark beside its cost."""
    pipeline = Pipeline()
    first, second = (pipeline.process(call(number, "3")) for number in (1, 2))
    assert first is not None and first.attributes[attr.SPANWISE_PROMPT_FIRST_SEEN] is True
    assert second is not None and attr.SPANWISE_PROMPT_FIRST_SEEN not in second.attributes
