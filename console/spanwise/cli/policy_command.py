"""`spanwise policy`: is the policy file right, what can stand in it, and a file to begin with."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from spanwise.cli.output import say
from spanwise.policy import find_policy, read_policy
from spanwise.semconv import environment


WRONG_USE: Final = 2


def check_policy_file(file: Path | None, *, here: bool = True) -> int:
    """Print a line about the policy in `file`, or in the one this directory and environment choose.

    All sections are read, also those that a process itself does not need. Without `here`, files and variables that the
    policy names are not looked at. The exit code: 0, or 2 when there is no policy.

    Raises:
        PolicyError: the policy has mistakes; all of them are in it.
    """
    from spanwise.plan import Plan

    path = file or find_policy(os.environ)
    if path is None:
        say(
            "spanwise: there is no policy: no FILE was given, "
            f"{environment.SPANWISE_POLICY} is not set and spanwise.yaml is not in this directory; the defaults apply"
        )
        return WRONG_USE
    policy = read_policy(path)
    Plan.from_policy(policy, here=here)
    sections = policy.sections()
    what = f"{len(sections)} sections ({', '.join(sections)})" if len(sections) > 1 else ", ".join(sections)
    sys.stdout.write(f"{path}: no mistakes; it sets {what or 'nothing'}\n")
    return 0


def print_schema() -> int:
    """Print the JSON Schema of a policy; the exit code: 0."""
    from spanwise.plan.schema import schema_text

    sys.stdout.write(schema_text())
    return 0


def explain_key(key: str | None) -> int:
    """Print what `key` does, or without one every key with a line about it.

    The exit code: 0, or 2 when no policy has that key.
    """
    from spanwise.plan.explanation import UnknownKeyError, explain, overview

    try:
        sys.stdout.write(overview() if key is None else explain(key))
    except UnknownKeyError as error:
        say(f"spanwise: {error}")
        return WRONG_USE
    return 0


def write_policy(example: str, directory: Path) -> int:
    """Write the worked example `example` as the policy of `directory`; a file that is there stays.

    The exit code: 0, or 2 when there is one, no such example, or no way to write.
    """
    from spanwise.plan.example import EXAMPLES, example_text
    from spanwise.policy.place import FILE_NAME
    from spanwise.policy.problem import guess

    if example not in EXAMPLES:
        say(f"spanwise: found the example {example!r}; accepted: {', '.join(EXAMPLES)}.{guess(example, EXAMPLES)}")
        return WRONG_USE
    path = directory / FILE_NAME
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(example_text(example, is_copy=True))
    except FileExistsError:
        say(f"spanwise: {path} is there already and stays as it is; move it away first, or write elsewhere")
        return WRONG_USE
    except OSError as error:
        say(f"spanwise: {path} cannot be written: {error.strerror}")
        return WRONG_USE
    sys.stdout.write(f"{path}: written; change its amounts and addresses, then: spanwise policy check\n")
    return 0
