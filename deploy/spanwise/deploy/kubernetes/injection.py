"""The image that the operator copies into pods of applications."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.header import header


PYTHONS: Final = ("3.11", "3.12", "3.13")
"""Minor versions of Python that there is an image for."""

REGISTRY: Final = "registry.example.com/spanwise-python"
"""Where you push it to; a name that leads nowhere, so that nobody's image is taken by mistake."""

VERSION: Final = "0.1.0"

REQUIREMENTS: Final = (
    "google-re2>=1.1.20250805",
    "hyperscan>=0.8",
    "jsonschema>=4.21",
    "opentelemetry-api>=1.45,<2",
    "opentelemetry-distro>=0.66b0",
    "opentelemetry-exporter-otlp-proto-http>=1.45,<2",
    "opentelemetry-instrumentation>=0.66b0",
    "opentelemetry-proto>=1.45,<2",
    "opentelemetry-sdk>=1.45,<2",
    "orjson>=3.10",
    "phonenumbers>=9.0",
    "python-stdnum>=2.0",
    "pyyaml>=6",
    "wrapt>=1.16",
)
"""What the process of an application needs; not DuckDB, gRPC, Typer and Rich, which the command line has."""

_ABOUT: Final = (
    "What the operator copies into a pod, for one minor version of Python. From the root of this repository: "
    f"docker build -f deploy/kubernetes/image/Dockerfile --build-arg PYTHON=3.12 -t {REGISTRY}:{VERSION}-py3.12 ."
)
_COMPILED: Final = (
    "google-re2, hyperscan, orjson, wrapt and PyYAML are compiled, each for one minor version: an image for 3.12 in an "
    "application of 3.11 ends with an ImportError of re2, and the application runs without instrumentation. Hence an "
    "image and an Instrumentation for each, and an annotation that names the right one."
)
_MUSL: Final = (
    "Alpine: google-re2 has no wheel for musl, so that stage compiles it against Alpine's re2, which takes minutes. "
    "Leave it out where no application runs on Alpine: --build-arg MUSL=glibc."
)
_EXERCISED: Final = (
    "Not exercised by our tests: no image is built there. That a process needs no more than these libraries is tested."
)

_DOCKERFILE: Final = """
ARG PYTHON=3.12
# musl, or glibc for an image whose folder for Alpine is a copy that does not run there.
ARG MUSL=musl

FROM python:${PYTHON}-slim AS glibc
COPY . /source
RUN pip install --no-cache-dir --no-compile --only-binary=:all: --target /autoinstrumentation \\
      --requirement /source/deploy/kubernetes/image/requirements.txt \\
 && pip install --no-cache-dir --no-compile --no-deps --target /autoinstrumentation --upgrade /source \\
 && chmod -R go+rX /autoinstrumentation

FROM python:${PYTHON}-alpine AS musl
RUN apk add --no-cache build-base re2-dev abseil-cpp-dev py3-pybind11-dev
COPY . /source
RUN pip install --no-cache-dir --no-compile --target /autoinstrumentation \\
      --requirement /source/deploy/kubernetes/image/requirements.txt \\
 && pip install --no-cache-dir --no-compile --no-deps --target /autoinstrumentation --upgrade /source \\
 && chmod -R go+rX /autoinstrumentation

FROM ${MUSL} AS alpine

# The operator runs cp in it, as whoever the pod runs as.
FROM busybox:1.37
COPY --from=glibc /autoinstrumentation /autoinstrumentation
COPY --from=alpine /autoinstrumentation /autoinstrumentation-musl
USER 65534:65534
"""


def tag(python: str) -> str:
    """The image for a minor version of Python."""
    return f"{REGISTRY}:{VERSION}-py{python}"


def dockerfile() -> Artefact:
    """`image/Dockerfile`."""
    head = header(_ABOUT, _COMPILED, _MUSL, _EXERCISED)
    return Artefact(PurePosixPath("image/Dockerfile"), head + _DOCKERFILE)


def requirements() -> Artefact:
    """`image/requirements.txt`."""
    head = header("What the process of an application needs of the requirements of spanwise.")
    return Artefact(PurePosixPath("image/requirements.txt"), head + "".join(f"{line}\n" for line in REQUIREMENTS))
