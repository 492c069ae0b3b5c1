"""The pipelines of each role: agent, gateway, sampler, all in one, writer of content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.deploy.collector import content, derived, exporter, receiver, setting, tail
from spanwise.deploy.collector.cap import caps
from spanwise.deploy.collector.configuration import Configuration
from spanwise.deploy.collector.release import Component, Release
from spanwise.deploy.collector.telemetry import watch


if TYPE_CHECKING:
    from collections.abc import Sequence

    from spanwise.plan import Plan


TRACES_IN: Final = "traces/in"
"""The pipeline that spans come in by; foreign.yaml puts its processors there."""

_ACCEPTED: Final = "accepted"
_KEPT: Final = "kept"


def agent(plan: Plan, release: Release) -> Configuration:
    """Beside the application: takes what it sends, holds it on disk, passes it on."""
    file = Configuration(release, "spanwise-agent")
    otlp = receiver.otlp(file, is_guarded=False)
    gateway = exporter.hop(file, "gateway", setting.GATEWAY)
    cleaned = [] if content.is_wanted(plan) else [content.drop_all(file)]
    file.pipeline(TRACES_IN, receivers=[otlp], processors=[caps(file, plan), *cleaned], exporters=[gateway])
    file.pipeline("metrics/in", receivers=[otlp], exporters=[gateway])
    logs = [caps(file, plan), *([] if content.is_wanted(plan) else [content.drop_from_logs(file)])]
    file.pipeline("logs/in", receivers=[otlp], processors=logs, exporters=[gateway])
    watch(file)
    return file


def gateway(plan: Plan, release: Release, *, to_kafka: bool = False) -> Configuration:
    """The one address of a site: checks who sends, makes metrics of all spans, shares traces out to samplers."""
    file = Configuration(release, "spanwise-gateway")
    otlp = receiver.otlp(file, is_guarded=True)
    following = exporter.kafka(file) if to_kafka else exporter.samplers(file)
    _accept(file, plan, [otlp])
    cleaned = [] if content.is_wanted(plan) else [content.drop_all(file)]
    file.pipeline(
        "traces/out",
        receivers=[file.add(Component.FORWARD, _ACCEPTED, {})],
        processors=cleaned,
        exporters=[following],
        comment=_SPLIT_LATER if content.is_wanted(plan) else "",
    )
    _metrics(file, plan, otlp)
    _logs(file, plan, otlp, waits=False)
    watch(file)
    return file


def sampler(plan: Plan, release: Release, *, from_kafka: bool = False) -> Configuration:
    """Sees whole traces and decides which are kept; the only one that writes to the stores of traces."""
    file = Configuration(release, "spanwise-sampler")
    source = receiver.kafka(file) if from_kafka else receiver.otlp(file, is_guarded=True)
    _sample(file, plan, [source], is_tier=True)
    watch(file)
    return file


def all_in_one(plan: Plan, release: Release) -> Configuration:
    """Gateway and sampler in one process, for one machine."""
    file = Configuration(release, "spanwise-collector")
    otlp = receiver.otlp(file, is_guarded=False)
    _accept(file, plan, [otlp])
    _sample(file, plan, [file.add(Component.FORWARD, _ACCEPTED, {})], is_tier=False)
    _metrics(file, plan, otlp)
    _logs(file, plan, otlp, waits=plan.sample.ratio < 1)
    watch(file)
    return file


def content_writer(plan: Plan, release: Release) -> Configuration:
    """Takes content from Collectors of the slim distribution and writes it to ClickHouse."""
    assert plan.sinks.content is not None
    file = Configuration(release, "spanwise-content")
    otlp = receiver.otlp(file, is_guarded=True)
    store = exporter.content(file, plan.sinks.content, waits=False)
    file.pipeline("traces/content", receivers=[otlp], exporters=[store])
    file.pipeline("logs/content", receivers=[otlp], exporters=[store])
    watch(file)
    return file


_SPLIT_LATER: Final = "Content passes here; the sampler takes it out of what goes to the stores of traces."


def _accept(file: Configuration, plan: Plan, receivers: Sequence[str]) -> None:
    """Spans as they come: bounded, measured, and passed on whole."""
    onward = [file.add(Component.FORWARD, _ACCEPTED, {})]
    if plan.sinks.trace("jaeger") and plan.sinks.metrics:
        onward.append(derived.requests(file))
    file.pipeline(
        TRACES_IN,
        receivers=receivers,
        processors=[caps(file, plan)],
        exporters=onward,
        comment="Metrics are made here, of every span: what is sampled away later has been counted.",
    )


def _sample(file: Configuration, plan: Plan, receivers: Sequence[str], *, is_tier: bool) -> None:
    """Whole traces: marked with the reason, decided on, then divided into content and the rest."""
    decides = is_tier or plan.sample.ratio < 1
    chosen = [tail.sampling(file, plan), tail.policy_names(file)] if decides else []
    kept = file.add(Component.FORWARD, _KEPT, {})
    file.pipeline(
        "traces/kept" if receivers == [file.release.identity(Component.FORWARD, _ACCEPTED)] else TRACES_IN,
        receivers=receivers,
        processors=[tail.marks(file, plan), *chosen],
        exporters=[kept],
        comment="" if decides else "sampling.ratio is 1: every trace is kept, so nothing waits for a decision.",
    )
    clean = content.drop_unredacted(file) if content.is_on_traces(plan) else content.drop_all(file)
    stores = exporter.traces(file, plan, waits=decides)
    file.pipeline("traces/out", receivers=[kept], processors=[clean], exporters=stores)
    if content.is_wanted(plan) and plan.sinks.content is not None:
        file.pipeline(
            "traces/content",
            receivers=[kept],
            processors=[content.drop_unredacted(file)],
            exporters=[exporter.content(file, plan.sinks.content, waits=decides)],
            comment="Content goes to a store of its own, which keeps it for retention.content.",
        )


def _metrics(file: Configuration, plan: Plan, otlp: str) -> None:
    store = exporter.metrics(file, plan)
    file.pipeline("metrics/in", receivers=[otlp], exporters=[store])
    made = [identity for identity in file.sections["connectors"] if not _is_forward(file, identity)]
    if made:
        file.pipeline("metrics/derived", receivers=made, processors=[derived.cumulative(file)], exporters=[store])


def _is_forward(file: Configuration, identity: str) -> bool:
    return identity.startswith(f"{file.release.identity(Component.FORWARD)}/")


def _logs(file: Configuration, plan: Plan, otlp: str, *, waits: bool) -> None:
    """Log records: content of events goes to the store of content, the rest to an OTLP sink when there is one."""
    other = plan.sinks.trace("otlp")
    store = exporter.nothing(file) if other is None else exporter.trace(file, other, waits=waits)
    processors = [caps(file, plan), content.drop_from_logs(file)]
    file.pipeline("logs/in", receivers=[otlp], processors=processors, exporters=[store])
    if content.is_wanted(plan) and plan.sinks.content is not None:
        store = exporter.content(file, plan.sinks.content, waits=waits)
        file.pipeline("logs/content", receivers=[otlp], processors=[caps(file, plan)], exporters=[store])
        file.comment("service", "pipelines", "logs/content", text=_LOGS_UNMARKED)


_LOGS_UNMARKED: Final = (
    "Log records carry no marker of redaction: let in only senders whose process has the pipeline of Spanwise."
)
