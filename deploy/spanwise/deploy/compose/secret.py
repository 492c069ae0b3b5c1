"""Which secrets the stack needs, by the names of their files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING

from spanwise.deploy.compose import buffer
from spanwise.deploy.compose.service import SECRETS


if TYPE_CHECKING:
    from spanwise.plan import Plan


@dataclass(frozen=True, slots=True)
class Secrets:
    """Names of files below `secrets/`.

    Attributes:
        alertmanager: What the receivers of the policy read.
        all: Every one, of all services.
    """

    alertmanager: tuple[str, ...]
    all: tuple[str, ...]


def secrets_of(plan: Plan) -> Secrets:
    """The secrets of a stack for `plan`. A file of the policy outside `/run/secrets/` is for its owner to mount."""
    receivers = tuple(dict.fromkeys(_names(list(plan.alerts.receivers.values()))))
    names = ["grafana_admin_password", *receivers, "clickhouse_password", *buffer.SECRETS]
    return Secrets(receivers, tuple(dict.fromkeys(names)))


def _names(value: object) -> Iterator[str]:
    """Of every setting `*_file` in `value` that is a secret of Compose."""
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _names(inner)
    elif is_dataclass(value):
        for entry in fields(value):
            inner = getattr(value, entry.name)
            if entry.name.endswith("_file") and isinstance(inner, str) and inner.startswith(SECRETS):
                yield inner.removeprefix(SECRETS)
            else:
                yield from _names(inner)
