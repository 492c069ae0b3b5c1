"""`NamedTuple` in class syntax without `typing`, whose import costs a bare interpreter several milliseconds."""

from __future__ import annotations

from collections import namedtuple


class _Fields(type):
    """Turns the annotations of a class body into the fields of a named tuple, as `typing.NamedTuple` does."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
        if not bases:
            return super().__new__(cls, name, bases, body)
        annotations = body["__annotations__"]
        assert isinstance(annotations, dict)
        fields = tuple(annotations)
        defaults = [body[field] for field in fields if field in body]
        made = namedtuple(name, fields, defaults=defaults, module=str(body["__module__"]))  # type: ignore[misc]  # noqa: PYI024
        made.__doc__ = str(body["__doc__"])
        made.__annotations__ = annotations
        return made


class NamedTuple(metaclass=_Fields):
    """Base of a class whose annotated names become the fields of a tuple. Methods are not carried over."""
