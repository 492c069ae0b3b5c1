"""Python text: module heads, constants, literals."""

from __future__ import annotations

import re
from collections.abc import Iterable


_WIDTH = 100
_HEADER = '''"""{title}

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations
{imports}

{final}'''
_FINAL = """TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

"""
_HUMP = re.compile(r"([a-z])([A-Z])")


def constant(name: str) -> str:
    """The Python constant for a convention name: `gen_ai.request.model` gives `GEN_AI_REQUEST_MODEL`."""
    return re.sub(r"[^A-Z0-9]+", "_", _HUMP.sub(r"\1_\2", name).upper())


def class_name(name: str) -> str:
    """The Python class for a convention name: `gen_ai.output.type` gives `GenAiOutputType`."""
    return "".join(word.capitalize() for word in re.split(r"[^a-zA-Z0-9]+", name))


def head(title: str, imports: str = "", *, final: bool = True) -> str:
    """The start of a generated module. `typing` is left out of what runs: it would be most of the import's cost."""
    return _HEADER.format(title=title, imports=f"\n{imports}\n" if imports else "", final=_FINAL if final else "")


def string(text: str) -> str:
    """`text` as a literal, in several lines when it is long."""
    if len(text) <= _WIDTH:
        return _quoted(text)
    lines, line = [], ""
    for word in re.findall(r"\S+\s*", text):
        if len(line) + len(word) > _WIDTH:
            lines.append(line)
            line = ""
        line += word
    return "(" + "\n".join(_quoted(part) for part in (*lines, line)) + ")"


def strings(texts: Iterable[str]) -> str:
    """A tuple of string literals."""
    return group([string(text) for text in texts])


def group(sources: list[str]) -> str:
    """A tuple of expressions. The comma at the end stands only where it has to: it would force a line for each."""
    return f"({', '.join(sources)}{',' if len(sources) == 1 else ''})"


def final(name: str, value: str, brief: str) -> str:
    """A constant with its docstring, if it has one."""
    return f'{name}: Final = {value}\n"""{brief}"""\n' if brief else f"{name}: Final = {value}\n"


def call(name: str, arguments: dict[str, str], optional: dict[str, str]) -> str:
    """A call with keywords. An optional argument that says nothing is left out."""
    said = arguments | {key: value for key, value in optional.items() if value not in {'""', "()", "None", "False"}}
    return f"{name}(" + ", ".join(f"{key}={value}" for key, value in said.items()) + ")"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
