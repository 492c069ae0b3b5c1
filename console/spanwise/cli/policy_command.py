"""`spanwise policy`: is the policy file right?"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from spanwise.cli.output import say
from spanwise.policy import find_policy, read_policy
from spanwise.semconv import environment


WRONG_USE: Final = 2


def check_policy_file(file: Path | None) -> int:
    """Print a line about the policy in `file`, or in the one this directory and environment choose.

    The exit code: 0, or 2 when there is no policy.

    Raises:
        PolicyError: the policy has mistakes; all of them are in it.
    """
    from spanwise.pipeline import PipelineConfig

    path = file or find_policy(os.environ)
    if path is None:
        say(
            "spanwise: there is no policy: no FILE was given, "
            f"{environment.SPANWISE_POLICY} is not set and spanwise.yaml is not in this directory; the defaults apply"
        )
        return WRONG_USE
    policy = read_policy(path)
    PipelineConfig.from_policy(policy)
    sections = policy.sections()
    what = f"{len(sections)} sections ({', '.join(sections)})" if len(sections) > 1 else ", ".join(sections)
    sys.stdout.write(f"{path}: no mistakes; it sets {what or 'nothing'}\n")
    return 0
