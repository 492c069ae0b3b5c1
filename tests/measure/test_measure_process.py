"""What a process says of itself: exports, lost content, the day of its price book."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from opentelemetry._logs import LogRecord
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

from spanwise.cost import PriceBook
from spanwise.pipeline import Pipeline, PipelineConfig, PipelineHost, SpanwiseExporter, counters, logs
from spanwise.pipeline.loopback import LoopbackExporter
from tests.measure.metering import by, points, span


@pytest.fixture(autouse=True)
def _fresh_counters(reader: InMemoryMetricReader) -> Iterator[None]:
    """The process's counters are those of the test's reader."""
    cached = (counters._counter, counters._gauge, counters._begin_dropped, counters._begin_exports)
    gc.collect()  # pipelines of other tests are no longer observed
    before = set(counters._using)
    for each in before:
        counters._using.discard(each)
    for each_cached in cached:
        each_cached.cache_clear()
    yield
    for each_cached in cached:
        each_cached.cache_clear()
    for each in before:
        counters._using.add(each)


class Inner(SpanExporter):
    """An exporter that answers as it is told."""

    def __init__(self, verdict: SpanExportResult | Exception) -> None:
        self.verdict = verdict

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """The verdict, or the exception."""
        if isinstance(self.verdict, Exception):
            raise self.verdict
        return self.verdict


def readable(count: int = 1) -> list[ReadableSpan]:
    """Spans of an application that have ended."""
    ended: list[ReadableSpan] = []
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("t")
    for _ in range(count):
        one = tracer.start_span("chat", attributes={"gen_ai.operation.name": "chat"})
        one.end()
        assert isinstance(one, ReadableSpan)
        ended.append(one)
    return ended


def outcomes(reader: InMemoryMetricReader) -> dict[str, int]:
    """Exported spans by what became of them."""
    return by(reader, "spanwise.export.spans", "spanwise.outcome")


def test_our_exporter_says_what_became_of_spans(reader: InMemoryMetricReader) -> None:
    """Taken, refused and failed exports are counted; an exception of the wrapped exporter still reaches its caller."""
    for verdict in (SpanExportResult.SUCCESS, SpanExportResult.FAILURE):
        assert SpanwiseExporter(forward=Inner(verdict)).export(readable(2)) is verdict
    with pytest.raises(ConnectionError):
        SpanwiseExporter(forward=Inner(ConnectionError())).export(readable())
    assert outcomes(reader) == {"success": 2, "failure": 3, "dropped": 0}


def test_spans_that_cannot_be_processed_are_dropped(
    reader: InMemoryMetricReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A span of which not even a record could be made is counted as dropped, not as exported."""
    monkeypatch.delenv("SPANWISE_RAISE", raising=False)
    exporter = SpanwiseExporter(forward=Inner(SpanExportResult.SUCCESS))
    monkeypatch.setattr("spanwise.pipeline.exporter.from_readable", lambda _: 1 / 0)
    exporter.export(readable(3))
    assert outcomes(reader) == {"success": 0, "failure": 0, "dropped": 3}


def test_the_way_to_the_parent_process_is_counted(reader: InMemoryMetricReader) -> None:
    """Spans that nobody at the loopback address takes are failures."""
    assert LoopbackExporter("http://127.0.0.1:9", timeout_s=0.2).export(readable(2)) is SpanExportResult.FAILURE
    assert outcomes(reader) == {"success": 0, "failure": 2, "dropped": 0}


def lost(reader: InMemoryMetricReader) -> dict[str, int]:
    """Items that lost content, by reason; those at 0 left out."""
    return {
        reason: count for reason, count in by(reader, "spanwise.pipeline.dropped", "spanwise.reason").items() if count
    }


def test_lost_content_is_counted_by_reason(reader: InMemoryMetricReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each span that loses content counts once under the reason, and every reason begins with 0."""
    monkeypatch.delenv("SPANWISE_RAISE", raising=False)
    good = Pipeline()
    good.process(span())
    assert set(by(reader, "spanwise.pipeline.dropped", "spanwise.reason").values()) == {0}
    Pipeline(redact=lambda _: 1 / 0).process(span())  # type: ignore[arg-type]
    Pipeline(cap=lambda _: 1 / 0).process(span())  # type: ignore[arg-type]
    Pipeline(PipelineConfig(withheld="the policy has mistakes")).process(span())
    good.process(span(**{"spanwise.content.dropped": "stream too large to keep"}))
    Pipeline(PipelineConfig.from_options({"redact": {"max_span_bytes": 1024}})).process(span(note="word " * 10_000))
    assert lost(reader) == {
        "redaction_failed": 1, "cap_failed": 1, "withheld": 1, "stream_too_large": 1, "over_bound": 1,
    }  # fmt: skip


def test_a_log_record_that_loses_content_is_counted(reader: InMemoryMetricReader) -> None:
    """Under a policy with mistakes a record goes out without its body, and is counted."""
    provider = LoggerProvider(shutdown_on_exit=False)
    logs.install(provider, Pipeline(PipelineConfig(withheld="the policy has mistakes")))
    provider.get_logger("app").emit(LogRecord(body="what somebody wrote"))
    assert lost(reader) == {"withheld": 1}


def test_the_day_of_the_price_book(reader: InMemoryMetricReader) -> None:
    """Nothing is observed before a call was priced; then the midnight, UTC, of the book's day."""
    pipeline = Pipeline()
    assert "spanwise.cost.book.time" not in points(reader)
    pipeline.account(span(**{"spanwise.cost.status": None}))
    day = PriceBook.bundled().date
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    assert [value for _, value in points(reader)["spanwise.cost.book.time"]] == [midnight]
    del pipeline
    gc.collect()
    assert "spanwise.cost.book.time" not in points(reader)


def test_of_several_books_the_oldest_is_observed(reader: InMemoryMetricReader) -> None:
    """A process with two pipelines shows the book that is stale."""

    class Using:
        def __init__(self, time_s: int | None) -> None:
            self.book_time_s = time_s

        def flush_counts(self) -> None:
            """Nothing is held."""

    users = [Using(300), Using(200), Using(None)]
    for user in users:
        counters.watch_book(user)
    assert [value for _, value in points(reader)["spanwise.cost.book.time"]] == [200]


def test_spans_of_others_connect_an_agent_with_its_calls(reader: InMemoryMetricReader) -> None:
    """In an application, a span of a web framework between agent and call breaks nothing."""
    provider = TracerProvider(shutdown_on_exit=False)
    PipelineHost(Pipeline()).install(provider)
    provider.add_span_processor(SimpleSpanProcessor(Inner(SpanExportResult.SUCCESS)))
    tracer = provider.get_tracer("app")
    agent = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk"}
    with tracer.start_as_current_span("invoke_agent clerk", attributes=agent):
        with tracer.start_as_current_span("GET /answer"), tracer.start_as_current_span("step"):
            tracer.start_span("chat", attributes={"gen_ai.operation.name": "chat"}).end()
        tracer.start_span("chat", attributes={"gen_ai.operation.name": "chat"}).end()
    assert by(reader, "gen_ai.invoke_agent.inference_calls", "gen_ai.agent.name") == {"clerk": 2}
    provider.shutdown()
