"""`compile_kubernetes`: a gateway and samplers, by the operator or without it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.document import dump
from spanwise.deploy.header import header
from spanwise.deploy.kubernetes import network, operator, plain
from spanwise.deploy.kubernetes.injection import dockerfile, requirements
from spanwise.deploy.kubernetes.manifest import Manifest


if TYPE_CHECKING:
    from spanwise.plan import Plan


_EXERCISED: Final = (
    "Our tests check the form of every resource by schema, and that names, ports and secrets fit each other. No "
    "cluster was asked. Secrets are named and never written: deploy/README.md says which there must be."
)


def compile_kubernetes(plan: Plan) -> list[Artefact]:
    """`operator/*.yaml`, `plain/*.yaml`, `network.yaml`, and `image/` to build what the operator injects."""
    files = {**operator.files(plan), **plain.files(plan), **network.files(plan)}
    manifests = [_file(path, about, manifests) for path, (about, manifests) in files.items()]
    return [*manifests, dockerfile(), requirements()]


def _file(path: str, about: str, manifests: Sequence[Manifest]) -> Artefact:
    documents = [dump(manifest.value, manifest.comments) for manifest in manifests]
    return Artefact(PurePosixPath(path), header(about, _EXERCISED) + "\n" + "---\n".join(documents))
