"""All generated files: where they go and what they hold."""

from __future__ import annotations

from pathlib import Path

from spanwise.semconv.generate import constants, descriptors, messages, pages, provisional
from spanwise.semconv.generate.registry import Registry


ROOT = Path(__file__).parents[3]
"""The folder `conventions`, below which everything generated lies."""

_PACKAGE = "spanwise/semconv"


def render(registry: Registry | None = None) -> dict[str, str]:
    """The text of every generated file by its path below `ROOT`; Python is not formatted yet.

    Raises:
        RegistryError: the registry contradicts itself.
    """
    registry = registry or Registry.load()
    modules = {
        "attributes": constants.attributes(registry),
        "values": constants.values(registry),
        "enums": constants.enums(registry),
        "environment": constants.environment(registry),
        "schema": constants.schema(registry),
        "definitions": descriptors.definitions(registry),
        "spans": descriptors.spans(registry),
        "metrics": descriptors.metrics(registry),
        "events": descriptors.events(registry),
        "entities": descriptors.entities(registry),
        "deprecated": descriptors.deprecated(registry),
        "provisional": provisional.module(registry),
    }
    files = {f"{_PACKAGE}/{name}.py": text for name, text in modules.items()}
    files |= {f"{_PACKAGE}/schemas/{name}.json": text for name, text in messages.documents(registry).items()}
    return files | {f"reference/{name}.md": text for name, text in pages.pages(registry).items()}


def write(root: Path = ROOT) -> None:
    """Write every generated file below `root`. Formatting the Python is left to `make generate`.

    Raises:
        RegistryError: the registry contradicts itself; nothing is written then.
        OSError: a file cannot be written.
    """
    for path, text in render().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
