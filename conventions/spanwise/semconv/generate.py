"""Write the modules of `spanwise.semconv` from its registry.

Run as `python -m spanwise.semconv.generate` (`make generate`). Needs PyYAML, which only developers have.
`render()` is what the test compares with the committed files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import yaml


Entry: TypeAlias = dict[str, Any]
"""One parsed YAML mapping: the JSON border of this module."""

HERE = Path(__file__).parent
REGISTRY = ("core", "gen_ai", "spanwise")
HEADER = '"""{title}\n\nGenerated from registry/*.yaml by `make generate`; changes belong there.\n"""\n'


def constant(name: str) -> str:
    """The Python constant for a convention name: `gen_ai.request.model` gives `GEN_AI_REQUEST_MODEL`."""
    return name.replace(".", "_").replace("/", "_").upper()


def load() -> list[Entry]:
    """The registry files in dependency order, parsed."""
    return [yaml.safe_load((HERE / "registry" / f"{name}.yaml").read_text("utf-8")) for name in REGISTRY]


def render() -> dict[str, str]:
    """The text of every generated module by file name."""
    files = load()
    attributes = [entry for file in files for entry in file.get("attributes", [])]
    return {
        "attributes.py": _attributes(attributes),
        "values.py": _values(attributes),
        "metrics.py": _metrics(files),
        "events.py": _constants("Event names.", [e for f in files for e in f.get("events", [])]),
        "environment.py": _constants(
            "Environment variables this distribution reads.", [e for f in files for e in f.get("environment", [])]
        ),
        "schema.py": _schema(files),
    }


def _final(entry: Entry) -> str:
    line = f'{constant(entry["name"])}: Final = "{entry["name"]}"'
    return f'{line}\n"""{entry["brief"]}"""\n'


def _constants(title: str, entries: list[Entry]) -> str:
    body = "\n".join(_final(entry) for entry in entries)
    return HEADER.format(title=title) + "\nfrom typing import Final\n\n\n" + body


def _attributes(entries: list[Entry]) -> str:
    text = _constants("Attribute names, and how sensitive each one is.", entries)
    for level, meaning in (
        ("content", "Attributes that may hold what a person or a model wrote."),
        ("personal", "Attributes that may identify a person."),
        ("safe", "Attributes that hold no user text; the ones kept when redaction fails."),
    ):
        names = "".join(f"        {constant(e['name'])},\n" for e in entries if e["sensitivity"] == level)
        text += f'\n{level.upper()}: Final[frozenset[str]] = frozenset(\n    {{\n{names}    }}\n)\n"""{meaning}"""\n'
    return text


def _values(entries: list[Entry]) -> str:
    text = HEADER.format(title="Well-known values of enumerated attributes; every enumeration is open.")
    text += "\nfrom typing import Final\n\n"
    for entry in (e for e in entries if "members" in e):
        name = constant(entry["name"])
        text += f"\n# {entry['name']}: {entry['brief']}\n"
        text += "".join(f'{name}_{constant(member)}: Final = "{member}"\n' for member in entry["members"])
        members = "".join(f"        {name}_{constant(member)},\n" for member in entry["members"])
        text += f"{name}: Final[frozenset[str]] = frozenset(\n    {{\n{members}    }}\n)\n"
    return text


def _metrics(files: list[Entry]) -> str:
    text = HEADER.format(title="Metric names and their instruments.")
    text += "\nfrom typing import Final, NamedTuple\n\n\n"
    text += (
        "class Instrument(NamedTuple):\n"
        '    """What a meter needs to make the instrument of one metric."""\n\n'
        "    name: str\n    kind: str\n    unit: str\n    description: str\n"
        "    buckets: tuple[float, ...] | None\n\n\n"
    )
    buckets: dict[str, list[float]] = {k: v for file in files for k, v in file.get("buckets", {}).items()}
    for entry in (e for file in files for e in file.get("metrics", [])):
        advice = buckets.get(entry.get("buckets", ""))
        shown = "None" if advice is None else repr(tuple(advice))
        text += (
            f"{constant(entry['name'])}: Final = Instrument(\n"
            f'    "{entry["name"]}",\n    "{entry["instrument"]}",\n    "{entry["unit"]}",\n'
            f'    "{entry["brief"]}",\n    {shown},\n)\n'
        )
    return text


def _schema(files: list[Entry]) -> str:
    upstream = next(file["upstream"] for file in files if "upstream" in file)
    return HEADER.format(title="The upstream state the registry describes.") + (
        "\nfrom typing import Final\n\n\n"
        f'SCHEMA_URL: Final = "{upstream["schema_url"]}"\n"""Schema URL of the emitted conventions."""\n\n'
        f'UPSTREAM_COMMIT: Final = "{upstream["commit"]}"\n"""Commit of {upstream["repository"]}."""\n'
    )


def main() -> None:
    """Write every generated module beside this file."""
    for name, text in render().items():
        (HERE / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
