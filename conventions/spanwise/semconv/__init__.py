"""Names of the GenAI semantic conventions, and what the conventions say about them.

`attributes`, `values`, `enums`, `metrics`, `spans`, `events`, `entities`, `definitions`, `deprecated`, `environment`
and `schema` are generated from the YAML in `registry/`. A module is imported when it is asked for, and none of the
generated ones imports `typing` when it runs. `provisional` holds names that are in flight upstream; it is not part of
the interface and has to be imported by its own name. `check` is the function of `checker`.
"""

from __future__ import annotations


TYPE_CHECKING = False
if TYPE_CHECKING:
    from spanwise.semconv import (
        attributes,
        definitions,
        deprecated,
        descriptor,
        entities,
        enums,
        environment,
        events,
        instrument,
        metrics,
        schema,
        schemas,
        spans,
        values,
    )
    from spanwise.semconv.checker import check


__all__ = [
    "attributes",
    "check",
    "definitions",
    "deprecated",
    "descriptor",
    "entities",
    "enums",
    "environment",
    "events",
    "instrument",
    "metrics",
    "schema",
    "schemas",
    "spans",
    "values",
]


if not TYPE_CHECKING:  # a checker that saw this would take any misspelt name for a module

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name == "check":
            from spanwise.semconv.checker import check

            return check
        # `importlib` would cost more than most modules here; importing a submodule binds its name in this package.
        __import__(f"{__name__}.{name}")
        return globals()[name]


def __dir__() -> list[str]:
    return sorted(__all__)
