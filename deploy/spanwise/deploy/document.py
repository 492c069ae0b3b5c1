"""YAML for people: values in the order they were put in, comments above them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias, TypeGuard

import yaml


Value: TypeAlias = "Mapping[str, Value] | Sequence[Value] | str | int | float | Decimal | bool | None"
"""What can be written: mappings with text keys, sequences, texts, numbers, truth values, nothing."""

Path: TypeAlias = "tuple[str | int, ...]"
"""Where a value stands, from the top: keys of mappings and indexes of sequences."""

_WIDTH: Final = 116
_FLOW_WIDTH: Final = 100
_LONGEST_KEY: Final = 1000

_PLAIN: Final = re.compile(
    r"[A-Za-z_/][A-Za-z0-9_./:+=@ -]*|[0-9]+(?:ms|s|m|h|d|w|y)|(?:[0-9]+\.){3}[0-9]+(?::[0-9]+)?"
)
# YAML 1.1 reads these as truth values or nothing, 1.2 as text; quoted, both read text.
_RESERVED: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


def dump(value: Value, comments: Mapping[Path, str] | None = None) -> str:
    """`value` as YAML text that ends with a newline.

    Block style, two spaces a level; a sequence of plain scalars that fits is one line. Texts of several lines are
    literal blocks. `yaml.safe_load` gives the value back, with a `Decimal` as a number. `comments` says by path what
    is to stand above a value; the empty path is the top of the document.

    Raises:
        TypeError: something is not a `Value`.
        ValueError: a comment's path leads nowhere, a number is not finite, a key is too long for YAML.
    """
    remarks = dict(comments or {})
    head = _comment(remarks, (), 0)
    line = _flow(value, (), remarks, 0)
    lines = [*head, *(_block(value, (), 0, remarks) if line is None else [line])]
    if remarks:
        raise ValueError(f"comments of values that are not there: {sorted(map(str, remarks))}")
    return "\n".join(lines) + "\n"


def scalar(value: Value) -> str:
    """One line of YAML for a text, number, truth value or nothing.

    Raises:
        TypeError: it is something else.
        ValueError: a number is not finite.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, str):
        return _text(value)
    raise TypeError(f"found {type(value).__name__}; YAML is written of mappings, sequences, texts, numbers and truth")


def _is_sequence(value: Value) -> TypeGuard[Sequence[Value]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)


def _is_collection(value: Value) -> bool:
    return isinstance(value, Mapping) or _is_sequence(value)


def _block(value: Value, path: Path, indent: int, remarks: dict[Path, str]) -> list[str]:
    """The lines of `value`, each with its indentation."""
    pad = " " * indent
    if isinstance(value, Mapping):
        return [line for key, inner in value.items() for line in _entry(key, inner, (*path, key), indent, remarks)]
    if _is_sequence(value):
        return [line for at, inner in enumerate(value) for line in _item(inner, (*path, at), indent, remarks)]
    return [pad + line if line else "" for line in _inline(value, 0)]


def _entry(key: object, value: Value, path: Path, indent: int, remarks: dict[Path, str]) -> Iterator[str]:
    if not isinstance(key, str):
        raise TypeError(f"found the key {key!r}; accepted are texts")
    name = scalar(key)
    if len(name) > _LONGEST_KEY:
        raise ValueError(f"a key of {len(name)} characters is too long for YAML")
    yield from _comment(remarks, path, indent)
    pad = " " * indent
    if (line := _flow(value, path, remarks, indent + len(name) + 2)) is not None:
        yield f"{pad}{name}: {line}"
    elif _is_collection(value):
        yield f"{pad}{name}:"
        yield from _block(value, path, indent + 2, remarks)
    else:
        first, *rest = _inline(value, indent + 2)
        yield f"{pad}{name}: {first}"
        yield from rest


def _item(value: Value, path: Path, indent: int, remarks: dict[Path, str]) -> Iterator[str]:
    yield from _comment(remarks, path, indent)
    pad = " " * indent
    if (line := _flow(value, path, remarks, indent + 2)) is not None:
        yield f"{pad}- {line}"
    elif isinstance(value, Mapping):
        # What is said of the first key stands above the dash, or the dash would be alone on its line.
        yield from _comment(remarks, (*path, next(iter(value))), indent)
        lines = _block(value, path, indent + 2, remarks)
        yield f"{pad}- {lines[0].lstrip(' ')}"
        yield from lines[1:]
    elif _is_sequence(value):
        yield f"{pad}-"
        yield from _block(value, path, indent + 2, remarks)
    else:
        first, *rest = _inline(value, indent + 2)
        yield f"{pad}- {first}"
        yield from rest


def _flow(value: Value, path: Path, remarks: Mapping[Path, str], used: int) -> str | None:
    """An empty collection, or a short sequence of scalars without comments, on one line; `None` when it is neither."""
    if isinstance(value, Mapping):
        return None if value else "{}"
    if not _is_sequence(value) or any((*path, at) in remarks for at in range(len(value))):
        return None
    cells = []
    for cell in value:
        if _is_collection(cell) or (isinstance(cell, str) and "\n" in cell):
            return None
        cells.append(scalar(cell))
    line = f"[{', '.join(cells)}]"
    return line if not value or len(line) + used <= _FLOW_WIDTH else None


def _inline(value: Value, indent: int) -> list[str]:
    """A scalar: one line, or the head of a literal block and its lines."""
    if not isinstance(value, str) or not _can_be_literal(value):
        return [scalar(value)]
    body = value.rstrip("\n")
    ends = len(value) - len(body)
    pad = " " * indent
    mark = "|-" if not ends else "|" if ends == 1 else "|+"
    return [mark, *(pad + line if line else "" for line in (body + "\n" * max(ends - 1, 0)).split("\n"))]


def _can_be_literal(text: str) -> bool:
    lines = text.split("\n")
    if len(lines) < 2 or not text.strip("\n") or text[0] in " \n\t":
        return False
    return all(line.isprintable() and line == line.rstrip() for line in lines)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and ": " not in text and text[-1] not in ": " and text.lower() not in _RESERVED:
        return text
    if text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    quoted: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf"))
    return quoted.rstrip("\n")


def _number(value: float | Decimal) -> str:
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if not number.is_finite():
        raise ValueError(f"found {value}; YAML files hold finite numbers")
    # Never an exponent: YAML 1.1 takes `1e-05` for a text.
    digits = f"{number:f}"
    return digits if isinstance(value, Decimal) or "." in digits else f"{digits}.0"


def _comment(remarks: dict[Path, str], path: Path, indent: int) -> list[str]:
    """The comment of `path`, taken out of `remarks`."""
    text = remarks.pop(path, "")
    width = max(_WIDTH - indent - 2, 40)
    lines = [
        part
        for line in text.splitlines()
        for part in textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
    ]
    return [" " * indent + f"# {_printable(line)}".rstrip() for line in lines]


def _printable(line: str) -> str:
    return line if line.isprintable() else "".join(sign if sign.isprintable() else " " for sign in line)
