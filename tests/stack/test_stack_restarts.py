"""Engines that are killed in mid-run lose nothing that was accepted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack.deadline import until
from tests.stack.policy import WHOLE
from tests.stack.sender import Sender
from tests.stack.stack import Stack


COUNT = 'sum(gen_ai_client_inference_duration_seconds_count{service_name="shop-restarts"})'


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that keeps every trace: none of them waits for a decision in memory."""
    with Stack(tmp_path_factory.mktemp("whole"), WHOLE) as stack:
        yield stack


def missing(stack: Stack, sender: Sender) -> set[str]:
    """Ids of the accepted spans that Jaeger does not have."""
    return sender.accepted - {span.span_id for span in stack.jaeger.api.spans(sender.service)}


def assert_arrived(stack: Stack, sender: Sender) -> None:
    """Promise: every span that was accepted comes to Jaeger, within a minute."""
    until(
        lambda: not missing(stack, sender),
        within_s=60,
        what="every accepted span is in Jaeger",
        last_words=lambda: f"{len(missing(stack, sender))} of {len(sender.accepted)} are missing",
    )


def more(sender: Sender, spans: int) -> None:
    """Wait until so many more spans were accepted."""
    before = len(sender.accepted)
    until(lambda: len(sender.accepted) >= before + spans, within_s=30, what=f"{spans} more spans are accepted")


def test_killed_engines_lose_no_accepted_span(whole: Stack) -> None:
    """The Collector and Jaeger are killed while spans come: each span that was accepted is in Jaeger, by its id."""
    with Sender(whole.collector.otlp_url, service="restarts", pause_s=0.05) as sender:
        for _ in range(2):
            more(sender, 100)
            whole.collector.kill()
            whole.collector.start()
            more(sender, 100)
            whole.jaeger.kill()
            more(sender, 100)
            whole.collector.kill()
            whole.collector.start()
            whole.jaeger.start()
    assert sender.refusals > 0, "the Collector was never away"
    assert len(sender.accepted) > 500
    assert_arrived(whole, sender)


def test_a_collector_that_is_asked_to_stop_loses_no_accepted_span(whole: Stack) -> None:
    """While Jaeger is away the Collector is told to end, as in an update: the next one sends what waits on disk."""
    with Sender(whole.collector.otlp_url, service="updates", pause_s=0.05) as sender:
        whole.jaeger.kill()
        more(sender, 100)
        whole.collector.stop()
    whole.collector.start()
    whole.jaeger.start()
    assert_arrived(whole, sender)


def test_a_killed_prometheus_loses_no_count(whole: Stack) -> None:
    """What it had is still there after a kill; what came while it was away waits in the Collector's queue."""
    prometheus = whole.prometheus
    with whole.application("shop-restarts") as shop:
        shop.ask(10)
        until(lambda: prometheus.api.value(COUNT) == 10, within_s=20, what="10 calls are counted")
        at = prometheus.api.value("vector(time())")
        prometheus.kill()
        shop.ask(10)
        whole.collector.kill()
        whole.collector.start()
        shop.ask(10)
        prometheus.start()
        until(lambda: prometheus.api.value(COUNT) == 30, within_s=40, what="30 calls are counted")
    assert prometheus.api.value(COUNT, at_s=at) == 10
