"""`Configuration`: one Collector file while it is put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from spanwise.deploy.collector.release import SECTIONS, Component, Release
from spanwise.deploy.document import Path, Value, dump


Block: TypeAlias = "Mapping[str, Value]"
"""The settings of a component, ready to be written."""

SECTION_ORDER: Final = ("receivers", "processors", "connectors", "exporters", "extensions")


class Pipeline(NamedTuple):
    """A pipeline, by the ids of what stands in it."""

    receivers: list[str]
    processors: list[str]
    exporters: list[str]


@dataclass(slots=True)
class Configuration:
    """Components and pipelines of one file; the names are those of `release`.

    Every pipeline begins with a memory limiter: it is put there, nobody has to think of it.
    """

    release: Release
    service_name: str
    sections: dict[str, dict[str, Block]] = field(default_factory=lambda: {name: {} for name in SECTION_ORDER})
    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    comments: dict[Path, str] = field(default_factory=dict)
    telemetry: Block = field(default_factory=dict)

    def add(self, component: Component, name: str, settings: Block, comment: str = "") -> str:
        """The id of a component, which is now in the file. Adding an id again replaces nothing.

        Raises:
            NotBuiltError: the release does not have it.
            ValueError: the id is there with other settings.
        """
        identity = self.release.identity(component, name)
        section = SECTIONS[component]
        present = self.sections[section].setdefault(identity, settings)
        if present != settings:
            raise ValueError(f"{identity} is there already with other settings")
        if comment:
            self.comments[section, identity] = comment
        return identity

    def block(self, section: str, identity: str, settings: Block, comment: str = "") -> str:
        """As `add`, for a block whose id is known already."""
        self.sections[section][identity] = settings
        if comment:
            self.comments[section, identity] = comment
        return identity

    def pipeline(
        self,
        name: str,
        *,
        receivers: Sequence[str],
        processors: Sequence[str] = (),
        exporters: Sequence[str],
        comment: str = "",
    ) -> None:
        """Add the pipeline `name`, as `traces/in`."""
        limiter = self.add(Component.MEMORY_LIMITER, "", MEMORY_LIMITER, MEMORY_LIMITER_COMMENT)
        self.pipelines[name] = Pipeline(list(receivers), [limiter, *processors], list(exporters))
        if comment:
            self.comments["service", "pipelines", name] = comment

    def comment(self, *path: str | int, text: str) -> None:
        """Say `text` above what stands at `path`."""
        self.comments[path] = text

    def text(self) -> str:
        """The YAML of it, without the header."""
        document: dict[str, Value] = {name: self.sections[name] for name in SECTION_ORDER if self.sections[name]}
        service: dict[str, Value] = {}
        if self.sections["extensions"]:
            service["extensions"] = list(self.sections["extensions"])
        if self.telemetry:
            service["telemetry"] = self.telemetry
        service["pipelines"] = {name: pipeline._asdict() for name, pipeline in self.pipelines.items()}
        return dump({**document, "service": service}, self.comments)


MEMORY_LIMITER: Final[Block] = {"check_interval": "1s", "limit_percentage": 80, "spike_limit_percentage": 25}
MEMORY_LIMITER_COMMENT: Final = (
    "First in every pipeline: at 80 % of the memory that the container may use, callers are told to come back later. "
    "Set GOMEMLIMIT to the same 80 %."
)
