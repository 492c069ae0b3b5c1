"""Modules of plain constants: attribute names, values, enumerations, environment variables, the upstream state."""

from __future__ import annotations

from spanwise.semconv.generate.python_source import class_name, constant, final, head, string
from spanwise.semconv.generate.registry import EXTENSION, Registry


_SENSITIVITIES = (
    ("content", "Attributes that may hold what a person or a model wrote."),
    ("personal", "Attributes that may identify a person."),
    ("safe", "Attributes that hold no user text; the ones kept when redaction fails."),
)


def attributes(registry: Registry) -> str:
    """The module of attribute names, with a set for each sensitivity that decides something."""
    text = head("Attribute names, and how sensitive each one is.")
    text += "\n".join(final(constant(a.name), string(a.name), a.brief) for a in registry.attributes.values())
    for sensitivity, meaning in _SENSITIVITIES:
        names = [constant(a.name) for a in registry.attributes.values() if a.sensitivity == sensitivity]
        text += "\n" + final_set(sensitivity.upper(), names) + f'"""{meaning}"""\n'
    return text


def values(registry: Registry) -> str:
    """The module of well-known values, and a set for each enumeration."""
    text = head("Well-known values of enumerated attributes; every enumeration is open.")
    for name, members in registry.members.items():
        text += f"\n# {name}: {registry.attributes[name].brief}\n"
        text += "".join(
            final(f"{constant(name)}_{constant(value)}", string(value), meaning) for value, meaning in members.items()
        )
        text += final_set(constant(name), [f"{constant(name)}_{constant(value)}" for value in members])
    return text


def enums(registry: Registry) -> str:
    """The module of the same values as `StrEnum` classes."""
    text = head("Enumerated attributes as classes; every enumeration is open.", "from enum import StrEnum", final=False)
    for name, members in registry.members.items():
        text += f'\n\nclass {class_name(name)}(StrEnum):\n    """Values of `{name}`."""\n\n'
        for value, meaning in members.items():
            text += f"    {constant(value)} = {string(value)}\n"
            text += f'    """{meaning}"""\n' if meaning else ""
    return text


def environment(registry: Registry) -> str:
    """The module of environment variables."""
    entries = registry.files[EXTENSION]["environment"]
    return head("Environment variables this distribution reads.") + "\n".join(
        final(constant(entry["name"]), string(entry["name"]), entry["brief"]) for entry in entries
    )


def schema(registry: Registry) -> str:
    """The module that says which upstream state the registry describes."""
    upstream = registry.files["gen_ai"]["upstream"]
    return head("The upstream state the registry describes.") + "\n".join(
        (
            final("SCHEMA_URL", string(upstream["schema_url"]), "Schema URL of the emitted conventions."),
            final("UPSTREAM_COMMIT", string(upstream["commit"]), f"Commit of {upstream['repository']}."),
        )
    )


def final_set(name: str, members: list[str]) -> str:
    """A constant set of constants."""
    body = "".join(f"        {member},\n" for member in members)
    return f"{name}: Final[frozenset[str]] = frozenset(\n    {{\n{body}    }}\n)\n"
