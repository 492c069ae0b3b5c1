"""The files that are rendered: what each is, and which of its parts our tests run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from spanwise.deploy.collector import topology
from spanwise.deploy.collector.configuration import Configuration
from spanwise.deploy.collector.foreign import foreign
from spanwise.deploy.collector.release import Component, Release


if TYPE_CHECKING:
    from spanwise.plan import Plan


def _always(_: Plan, __: Release) -> bool:
    return True


def _writes_content(plan: Plan, release: Release) -> bool:
    return plan.sinks.content is not None and release.has(Component.CLICKHOUSE)


@dataclass(frozen=True, slots=True)
class Role:
    """One file of a release.

    Attributes:
        name: Of the file, without its ending.
        about: What the Collector does with it.
        exercised: Which of its parts our tests exercise with a real Collector, and which not.
        build: What makes it.
        exists: Whether there is such a file for a policy and a release.
    """

    name: str
    about: str
    exercised: str
    build: Callable[[Plan, Release], Configuration]
    exists: Callable[[Plan, Release], bool] = _always


_VALIDATED: Final = "Our tests validate this file with a real Collector of this version"

ROLES: Final = (
    Role(
        "all-in-one",
        "One process for one machine: takes OTLP on loopback, measures, samples, writes to the stores.",
        f"{_VALIDATED} and run it: OTLP over gRPC and HTTP, caps, content, reasons and tail sampling, queues on disk "
        "through kills of the Collector and of a store, metrics. Not run: sinks with TLS.",
        topology.all_in_one,
    ),
    Role(
        "agent",
        "Beside the application: takes OTLP on loopback, holds it on disk, passes it on to a gateway.",
        f"{_VALIDATED} and run it in front of gateway.yaml, with mutual TLS and tokens.",
        topology.agent,
    ),
    Role(
        "gateway",
        "The one address of a site: asks callers for a certificate and a token, makes metrics of all spans, passes "
        "whole traces to samplers.",
        f"{_VALIDATED} and run it between agent.yaml and sampler.yaml, with mutual TLS and tokens.",
        topology.gateway,
    ),
    Role(
        "sampler",
        "Decides which traces are kept, and writes them to the stores. All spans of a trace must come to one process.",
        f"{_VALIDATED} and run it behind gateway.yaml, one process.",
        topology.sampler,
    ),
    Role(
        "kafka-gateway",
        "As gateway.yaml, with Kafka between it and the samplers: a buffer as long as the topic keeps.",
        f"{_VALIDATED}; nothing of it is run, as the tests have no Kafka.",
        partial(topology.gateway, to_kafka=True),
    ),
    Role(
        "kafka-sampler",
        "As sampler.yaml, reading from Kafka: as many processes as the topic has partitions.",
        f"{_VALIDATED}; nothing of it is run, as the tests have no Kafka.",
        partial(topology.sampler, from_kafka=True),
    ),
    Role(
        "content",
        "Takes content from Collectors that have no exporter for ClickHouse, and writes it there.",
        "",
        topology.content_writer,
        _writes_content,
    ),
)

FOREIGN: Final = Role(
    "foreign",
    "An overlay for spans that no pipeline of Spanwise has been through: our metrics for them, and with the two files "
    "of generated/ their prices and a net of redaction. Opt-in: --config gateway.yaml (or kafka-gateway.yaml, or "
    "all-in-one.yaml), --config foreign.yaml, --config generated/price.yaml, --config generated/redaction.yaml, in "
    "this order.",
    f"{_VALIDATED}, over each of the three and with those two over it, and run all four with all-in-one.yaml.",
    foreign,
)
