"""`spanwise deploy list` and `render`: what is made of a policy, and writing it."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.policy import find_policy, read_policy


if TYPE_CHECKING:
    from spanwise.deploy import Outcome
    from spanwise.plan import Plan


WRONG_USE: Final = 2
DIFFERENT: Final = 1


def plan_of(policy: Path | None) -> tuple[Plan, str]:
    """The plan of `policy`, or of the file this directory and environment choose, or the defaults; and a name for it.

    Raises:
        PolicyError: the file has mistakes, or there is none.
    """
    from spanwise.plan import Plan

    path = policy or find_policy(os.environ)
    return (Plan(), "the defaults") if path is None else (Plan.from_policy(read_policy(path)), str(path))


def list_targets(policy: Path | None, *, as_json: bool) -> int:
    """Print every target with what it renders; the exit code: 0.

    Raises:
        PolicyError: the policy has mistakes.
    """
    from spanwise.deploy import targets

    plan, source = plan_of(policy)
    found = [(target, [str(artefact.path) for artefact in target.compile(plan)]) for target in targets()]
    if as_json:
        show_json([{"target": target.name, "about": target.about, "files": files} for target, files in found])
        return 0
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("target", no_wrap=True)
    table.add_column("files", justify="right")
    table.add_column("what", overflow="fold")
    for target, files in found:
        table.add_row(target.name, str(len(files)), target.about)
    show_table(table)
    say(f"by {source}; next: spanwise deploy render all --out deploy")
    return 0


def render_targets(names: Sequence[str], out: Path, policy: Path | None, *, check: bool, as_json: bool) -> int:
    """Write the files of the targets `names` below `out`, or with `check` print how those on disk differ.

    The exit code: 0; 1 when a check finds a difference; 2 when a target is unknown or a file cannot be written.

    Raises:
        PolicyError: the policy has mistakes; nothing was written.
    """
    from spanwise.deploy import UnknownTargetError, targets
    from spanwise.deploy.render import render

    try:
        wanted = targets(names)
    except UnknownTargetError as error:
        say(f"spanwise: {error}")
        return WRONG_USE
    plan, source = plan_of(policy)
    try:
        outcomes = render(plan, wanted, out, check=check)
    except OSError as error:
        say(f"spanwise: {error.filename or out}: {error.strerror or type(error).__name__}; not everything is written")
        return WRONG_USE
    if as_json:
        show_json([{"file": str(outcome.path), "state": outcome.state.value} for outcome in outcomes])
    else:
        _show(outcomes, check=check)
        say(*_notes(outcomes), f"{_counted(outcomes)} in {out}, by {source}")
    return DIFFERENT if check and _is_outdated(outcomes) else 0


def _show(outcomes: Sequence[Outcome], *, check: bool) -> None:
    from spanwise.deploy import State

    for outcome in outcomes:
        if check:
            sys.stdout.write(outcome.difference)
        elif outcome.state is State.WRITTEN:
            sys.stdout.write(f"{outcome.path}\n")


def _notes(outcomes: Sequence[Outcome]) -> list[str]:
    """What a person has to know of files that were left as they are."""
    from spanwise.deploy import State

    notes = {
        State.FOREIGN: "left as it is: it does not carry our mark, so it is yours",
        State.LEFT_OVER: "no longer rendered: an earlier render wrote it; delete it when nothing reads it",
    }
    return [f"{outcome.path}: {notes[outcome.state]}" for outcome in outcomes if outcome.state in notes]


def _counted(outcomes: Sequence[Outcome]) -> str:
    """`3 written, 12 same`."""
    counts = Counter(outcome.state for outcome in outcomes)
    return ", ".join(f"{count} {state}" for state, count in counts.items()) or "nothing"


def _is_outdated(outcomes: Sequence[Outcome]) -> bool:
    """Whether a render would write, or something is left of an earlier one; files of somebody else do not count."""
    from spanwise.deploy import State

    return any(outcome.state in {State.MISSING, State.DIFFERENT, State.LEFT_OVER} for outcome in outcomes)
