"""What one key does, for somebody at a terminal."""

from __future__ import annotations

import re
from typing import Final

from spanwise.plan.example import example
from spanwise.plan.outline import Keys, Line, lines
from spanwise.plan.wording import accepted, default
from spanwise.policy.entry import ANY_NAME
from spanwise.policy.problem import guess


_STEP: Final = re.compile(r"""\[(?:'([^']*)'|"([^"]*)"|[0-9]*)\]|([^.\[\]]+)""")
_LONGEST: Final = 500


class UnknownKeyError(ValueError):
    """No key of a policy has this name; the message says what is near it."""


def explain(key: str) -> str:
    """What the key does, what is accepted, what holds without it, and an example, on a few lines.

    `key` may be written as in a complaint or in the reference: `budgets.limit_usd`, `budgets[0].limit_usd`,
    `redact.actions.email`.

    Raises:
        UnknownKeyError: a policy has no such key.
    """
    line = find(key)
    inside = [inner.dotted for inner in lines() if inner.keys[:-1] == line.keys]
    parts = [
        line.dotted,
        f"  {line.entry.about}" if line.entry.about else "",
        f"  accepted: {accepted(line.entry)}",
        "  it must be there"
        if line.entry.required
        else f"  default: {words}"
        if (words := default(line.entry))
        else "",
        f"  environment: {line.entry.variable} comes before it" if line.entry.variable else "",
        f"  keys: {', '.join(inside)}" if inside else "",
        "  example:",
        *(f"    {row}" for row in example(line).splitlines()),
    ]
    return "\n".join(part for part in parts if part) + "\n"


def overview() -> str:
    """Every key with what it does, one per line."""
    found = [line for line in lines() if line.entry.about]
    width = max(len(line.dotted) for line in found)
    return "".join(f"{line.dotted:<{width}}  {line.entry.about}\n" for line in found)


def find(key: str) -> Line:
    """The line of the outline that `key` names.

    Raises:
        UnknownKeyError: a policy has no such key.
    """
    found = steps(key)
    for line in lines():
        if len(line.keys) == len(found) and all(map(_is_same, line.keys, found)):
            return line
    known = [".".join(line.keys) for line in lines()]
    near = guess(".".join(found), known)
    raise UnknownKeyError(f"found the key {key[:_LONGEST]!r}, which no policy has.{near} See: spanwise policy explain")


def steps(key: str) -> Keys:
    """The keys in `key`; indices of lists are left out."""
    found = _STEP.finditer(key[:_LONGEST])
    return tuple(word for match in found if (word := match[1] or match[2] or match[3]))


def _is_same(known: str, given: str) -> bool:
    return known in {ANY_NAME, given}
