"""A YAML file as plain values, and the line of each: bounded, without constructors, without surprises.

Of YAML only what configuration needs is read: mappings with text keys, lists, and the scalars of YAML 1.2's core
schema, so that `no` and `1:30` stay text. Aliases are followed. Duplicate keys, tags and merge keys are complaints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import yaml

from spanwise.policy.problem import Path, Problem, found


MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 32
MAX_NODES: Final = 100_000
"""Values of one file, those that aliases repeat included."""

_TAG: Final = "tag:yaml.org,2002:"
_TEXT: Final = f"{_TAG}str"


class _Refused(yaml.MarkedYAMLError):
    """A file over a bound."""


class _Loader(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser, yaml.composer.Composer,
              yaml.resolver.BaseResolver):  # fmt: skip
    """PyYAML's reader, scanner, parser and composer: it makes nodes, and has nothing that makes objects of them."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)
        yaml.composer.Composer.__init__(self)
        yaml.resolver.BaseResolver.__init__(self)
        self._depth = 0
        self._nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node.

        Raises:
            yaml.MarkedYAMLError: it is too deep, or one too many.
        """
        self._depth += 1
        self._nodes += 1
        if self._depth > MAX_DEPTH or self._nodes > MAX_NODES:
            bound = f"nested deeper than {MAX_DEPTH}" if self._depth > MAX_DEPTH else f"more than {MAX_NODES} values"
            raise _Refused(problem=bound, problem_mark=self.get_mark())
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


_SCALARS: Final = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]{1,40}", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]{1,40}|[0-9]{1,40}(?:\.[0-9]{0,40})?)(?:[eE][-+]?[0-9]{1,3})?", list("-+.0123456789")),
)
_KEY_TAGS: Final = {_TEXT} | {_TAG + name for name, _, _ in _SCALARS}
for _name, _form, _first in _SCALARS:
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_form})\Z"), _first)


@dataclass(slots=True)
class Document:
    """What a file holds.

    Attributes:
        value: mappings as `dict`, lists as `list`, scalars as `str`, `int`, `float`, `bool` or `None`.
        lines: the line of each key and list item, counted from 1.
        problems: what could not be taken over; the rest is there all the same.
    """

    value: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[tuple[int, Problem]] = field(default_factory=list)


def parse(data: bytes) -> Document:
    """The document that `data` holds; what is wrong with it is in its `problems`. Never raises, whatever it holds."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Document(problems=[(line, Problem((), "not UTF-8. Save the file in that encoding."))])
    loader = _Loader("")
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "it cannot be read"
        if what.startswith("but ") and error.context:
            what = f"{error.context}, {what}"
        return Document(problems=[(mark.line + 1 if mark else 1, Problem((), _sentence(error, what)))])
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return Document(problems=[(line, Problem((), "not YAML: a control character. Take it out."))])
    except (ValueError, OverflowError):  # an escape or a directive with a number that is none
        return Document(problems=[(loader.line + 1, Problem((), "not YAML: a number out of range."))])
    builder = _Builder()
    if node is not None:
        builder.document.value = builder.value(node, (), 0)
    return builder.document


def _sentence(error: yaml.MarkedYAMLError, what: str) -> str:
    if isinstance(error, _Refused):
        return f"{what}; the file is not read."
    hint = " Text that begins with * or & needs quotes." if "alias" in what or "anchor" in what else ""
    return f"not YAML: {' '.join(what.split())[:200]}.{hint}"


class _Builder:
    """Plain values out of nodes."""

    def __init__(self) -> None:
        self.document = Document()
        self._left = MAX_NODES
        self._overrun = False

    def value(self, node: yaml.Node, path: Path, depth: int) -> object:
        """The value of `node`; `None` for what is refused."""
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            if not self._overrun:
                self._complain(node, path, "an alias makes the file too large or contain itself. Write it out.")
            self._overrun = True
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if node.tag not in {f"{_TAG}map", f"{_TAG}seq"}:
            self._complain(node, path, f"found the tag {found(node.tag)}; tags are not accepted. Take it out.")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        items: list[object] = []
        for index, item in enumerate(node.value):
            self.document.lines[*path, index] = _line(item)
            items.append(self.value(item, (*path, index), depth + 1))
        return items

    def _mapping(self, node: yaml.MappingNode, path: Path, depth: int) -> dict[str, object]:
        values: dict[str, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._complain(key_node, path, "found a key that is a list or mapping; accepted is text.")
                continue
            key = str(key_node.value)
            if key_node.tag not in _KEY_TAGS:
                self._complain(key_node, path, f"found the tag {found(key_node.tag)}; tags are not accepted.")
            elif key == "<<" and key_node.style is None:
                self._complain(key_node, path, "found the merge key <<; it is not read. Repeat the keys instead.")
            elif key in values:
                first = self.document.lines[*path, key]
                self._complain(key_node, (*path, key), f"given twice, first in line {first}. Take one out.")
            else:
                self.document.lines[*path, key] = _line(key_node)
                values[key] = self.value(value_node, (*path, key), depth + 1)
        return values

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> object:
        text, tag = str(node.value), node.tag
        if tag == _TEXT:
            return text
        for name, form, _ in _SCALARS:
            if tag == _TAG + name and re.fullmatch(form, text):
                return _plain(name, text)
        self._complain(node, path, f"found the tag {found(tag)}; tags are not accepted. Take it out.")
        return None

    def _complain(self, node: yaml.Node, path: Path, message: str) -> None:
        self.document.problems.append((_line(node), Problem(path, message)))


def _plain(name: str, text: str) -> object:
    if name == "null":
        return None
    if name == "bool":
        return text.lower() == "true"
    return int(text) if name == "int" else float(text)


def _line(node: yaml.Node) -> int:
    line: int = node.start_mark.line
    return line + 1
