"""`compile_collector`: the files of every role, for every release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.collector import setting
from spanwise.deploy.collector.ottl import generated
from spanwise.deploy.collector.release import RELEASES, Component, Release
from spanwise.deploy.collector.role import FOREIGN, ROLES, Role
from spanwise.deploy.collector.setting import Setting
from spanwise.deploy.header import header


if TYPE_CHECKING:
    from spanwise.plan import Plan


_NOT_EXERCISED: Final = (
    "Not exercised by our tests: this image cannot be built from modules here. Names of components and keys of "
    "their settings are checked against tables."
)


def compile_collector(plan: Plan) -> list[Artefact]:
    """Every role's file for the slim distribution, below `contrib/` for the contrib image, and what is `generated/`."""
    return [*role_files(plan), *generated(plan)]


def role_files(plan: Plan) -> list[Artefact]:
    """The same without prices and redaction rules, which both releases share and which take seconds to compile."""
    return [artefact for release in RELEASES for artefact in _of(plan, release)]


def _of(plan: Plan, release: Release) -> Iterator[Artefact]:
    for role in (*ROLES, FOREIGN):
        if role.exists(plan, release):
            file = role.build(plan, release)
            path = PurePosixPath(release.folder, f"{role.name}.yaml")
            yield Artefact(path, header(*_about(role, release, file.text())) + "\n" + file.text())


def _about(role: Role, release: Release, text: str) -> list[str]:
    """What stands at the top: what the file is, what it is for, what of it our tests exercise, what it can be told."""
    version = f"For the OpenTelemetry Collector {release.version}, {release.about}."
    exercised = role.exercised if release.is_exercised else _NOT_EXERCISED
    return [role.about, version, exercised, *_settings(text)]


def _settings(text: str) -> list[str]:
    """What the file reads from the environment, in the order in which it does."""
    known = {entry.name: entry.about for entry in vars(setting).values() if isinstance(entry, Setting)}
    names = dict.fromkeys(re.findall(r"\$\{env:([A-Z0-9_]+)", text))
    told = [f"  {name}: {known.get(name, 'Where the policy says, unless this says otherwise.')}" for name in names]
    return ["Settings of its environment; the defaults stand below:", *told] if told else []


def uses(release: Release) -> list[Component]:
    """The components that files of `release` may have."""
    return [component for component in Component if release.has(component)]
