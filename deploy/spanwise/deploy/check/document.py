"""`Documents`: a YAML or JSON file with the lines of its settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from spanwise.deploy.check.finding import Finding
from spanwise.deploy.check.kind import Parsed


_DEEPEST: Final = 100
_MOST_VALUES: Final = 1_000_000
_PATH: Final = re.compile(r"[A-Za-z_][\w/.\-]*(?:::[\w/.\-]+)+")
_NAME: Final = re.compile(r"['\"]([\w/.\-]{2,200})['\"]|\b([\w/.\-]{2,200})$")
"""A quoted name, or the last word: `has invalid keys: timout`."""


class _Loader(yaml.SafeLoader):
    """A safe loader that refuses what is nested deeply."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node.

        Raises:
            yaml.MarkedYAMLError: it is too deep.
        """
        self._depth += 1
        if self._depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"nested deeper than {_DEEPEST}", problem_mark=self.get_mark())
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of one file: their values, and the nodes that know the lines."""

    values: tuple[Parsed, ...]
    nodes: tuple[yaml.Node | None, ...]

    def line(self, document: int, path: tuple[str | int, ...]) -> int | None:
        """The line of the setting at `path`, or of the deepest one on the way to it that is there."""
        node = self.nodes[document] if document < len(self.nodes) else None
        line = None
        for step in path:
            found = _step(node, step)
            if found is None:
                break
            key, node = found
            line = key.start_mark.line + 1
        return line

    def line_of_message(self, message: str) -> int | None:
        """The line a message is about: of a path in it, as in `processors::batch`, or of a quoted key."""
        for path in _PATH.findall(message):
            if (line := self.line(0, tuple(path.split("::")))) is not None:
                return line
        for quoted, last in _NAME.findall(message):
            if (line := self._line_of_key(quoted or last)) is not None:
                return line
        return None

    def _line_of_key(self, name: str) -> int | None:
        return next((key.start_mark.line + 1 for key in _keys(self.nodes[0]) if key.value == name), None)


def parse(data: bytes, *, is_json: bool) -> Documents | Finding:
    """The documents in `data`, or why there are none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Finding(f"no UTF-8 at byte {error.start}", data.count(b"\n", 0, error.start) + 1)
    if is_json:
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            return Finding(error.msg, error.lineno)
        except RecursionError:
            return Finding("nested too deeply")
    try:
        return _documents(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Finding(error.problem or "cannot be read", None if mark is None else mark.line + 1)
    except (yaml.YAMLError, ValueError) as error:
        return Finding(str(error).splitlines()[0])


def _documents(text: str) -> Documents:
    loader = _Loader(text)
    nodes: list[yaml.Node | None] = []
    values: list[Parsed] = []
    while loader.check_node():
        node = loader.get_node()
        if node is not None and _weight(node, {}) > _MOST_VALUES:
            raise yaml.MarkedYAMLError(problem=f"more than {_MOST_VALUES:,} values", problem_mark=node.start_mark)
        nodes.append(node)
        values.append(None if node is None else loader.construct_document(node))
    return Documents(tuple(values), tuple(nodes))


def _weight(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a walk through `node` meets, those behind aliases each time."""
    if id(node) not in known:
        known[id(node)] = 1  # an alias may lead back to where it stands in
        inner: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            inner = [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            inner = node.value
        known[id(node)] = 1 + sum(_weight(part, known) for part in inner)
    return known[id(node)]


def _step(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _keys(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Every key in the document, from the top."""
    waiting = [node]
    while waiting:
        current = waiting.pop(0)
        if isinstance(current, yaml.MappingNode):
            yield from (key for key, _ in current.value if isinstance(key, yaml.ScalarNode))
            waiting += [value for _, value in current.value]
        elif isinstance(current, yaml.SequenceNode):
            waiting += current.value
