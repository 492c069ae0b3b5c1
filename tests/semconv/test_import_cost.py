"""What importing the conventions loads. Time is not asserted here; what is not loaded costs none."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from spanwise import semconv


HEAVY = {
    "asyncio", "dataclasses", "duckdb", "importlib.metadata", "importlib.resources", "inspect", "json", "jsonschema",
    "logging", "opentelemetry", "orjson", "pathlib", "re", "typing", "yaml",
}  # fmt: skip
GENERATED = (
    "attributes", "values", "enums", "metrics", "spans", "events", "entities", "definitions", "deprecated",
    "environment", "schema",
)  # fmt: skip


def loaded(code: str) -> set[str]:
    """The modules that `code` loads in a bare interpreter, beyond those it starts with."""
    program = f"import sys; before = set(sys.modules)\n{code}\nafter = set(sys.modules) - before\n"
    program += "import json; print(json.dumps(sorted(after)))"
    paths = [path for path in sys.path if path]
    program = f"import sys; sys.path[:] = {paths!r}\n{program}"
    # -S: what site-packages load through .pth files is not ours.
    ran = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True)
    names: list[str] = json.loads(ran.stdout)
    return set(names)


def test_the_package_alone_loads_no_names() -> None:
    """`import spanwise.semconv` loads none of its modules."""
    assert {name for name in loaded("import spanwise.semconv") if name.startswith("spanwise.semconv.")} == set()


def test_names_load_nothing_heavy() -> None:
    """Everything generated together loads neither `typing` nor `re`, nor any dependency."""
    assert loaded(f"from spanwise.semconv import {', '.join(GENERATED)}") & HEAVY == set()


@pytest.mark.parametrize("name", ["attributes", "values", "environment", "schema", "deprecated"])
def test_constants_load_themselves_only(name: str) -> None:
    """Plain constants come without `enum` and without another module of the package."""
    found = loaded(f"from spanwise.semconv import {name}")
    assert {one for one in found if one.startswith("spanwise.")} == {"spanwise.semconv", f"spanwise.semconv.{name}"}
    assert "enum" not in found


def test_descriptors_load_one_another_only() -> None:
    """Spans, metrics and events need the descriptors' classes and nothing of the checker or the schemas."""
    found = loaded("from spanwise.semconv import attributes, metrics, spans, events")
    assert {one for one in found if one.startswith("spanwise.semconv.")} == {
        f"spanwise.semconv.{name}" for name in ("attributes", "metrics", "spans", "events", "descriptor", "named_tuple")
    }


def test_what_is_in_flight_has_to_be_asked_for() -> None:
    """No module of the interface loads the provisional names, and they are not offered."""
    found = loaded(f"from spanwise.semconv import {', '.join(GENERATED)}")
    assert "spanwise.semconv.provisional" not in found
    assert "provisional" not in dir(semconv)


@pytest.mark.parametrize("name", semconv.__all__)
def test_everything_offered_is_there(name: str) -> None:
    """Each name of the interface can be had from the package."""
    assert getattr(semconv, name) is not None


def test_other_names_are_attribute_errors() -> None:
    """A misspelt name fails as on any module."""
    with pytest.raises(AttributeError, match="no attribute 'atributes'"):
        semconv.atributes  # type: ignore[attr-defined]  # noqa: B018
