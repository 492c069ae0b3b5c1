"""The order and shape of a trace, before anything is drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from spanwise.store import StoredSpan


MAX_INDENT: Final = 24
"""Levels drawn; deeper spans stay at the last one."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One span of a tree. `rails` says for each level above whether more follows there; `last` ends its level."""

    span: StoredSpan
    rails: tuple[bool, ...]
    last: bool
    is_root: bool


def branches(spans: Sequence[StoredSpan]) -> Iterator[Branch]:
    """Every span once, parents before children, siblings in the given order.

    A span whose parent is not here is a root. Spans that are each other's ancestors cannot be reached from a root;
    the first of them becomes one.
    """
    known = {span.span_id for span in spans}
    children: dict[str, list[StoredSpan]] = defaultdict(list)
    roots: list[StoredSpan] = []
    for span in spans:
        if span.parent_span_id in known and span.parent_span_id != span.span_id:
            children[span.parent_span_id].append(span)
        else:
            roots.append(span)
    seen: set[str] = set()
    for root in [*roots, *spans]:
        if root.span_id not in seen:
            yield from _walk(root, children, seen)


def _walk(root: StoredSpan, children: dict[str, list[StoredSpan]], seen: set[str]) -> Iterator[Branch]:
    seen.add(root.span_id)
    stack = [Branch(root, (), last=True, is_root=True)]
    while stack:
        branch = stack.pop()
        yield branch
        below = [child for child in children[branch.span.span_id] if child.span_id not in seen]
        seen.update(child.span_id for child in below)
        rails = branch.rails if branch.is_root else (*branch.rails, not branch.last)[:MAX_INDENT]
        stack.extend(
            Branch(child, rails, last=index == 0, is_root=False) for index, child in enumerate(reversed(below))
        )
