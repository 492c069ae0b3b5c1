"""`Route`: one endpoint of a wire."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.provider_error import ErrorShape
from tests.emulator.reply import Reply


def read_json(headers: Mapping[str, str], raw: bytes) -> Json | None:
    """The JSON object in a body; `None` where it is none. No body at all is an empty object."""
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: which paths, who answers, which error shapes apply, and which fields a request must have.

    Groups that `path` names are in `Call.path`; a group `model` or `deployment` stands for the field `model`.
    """

    path: re.Pattern[str]
    answer: Callable[[Call], Reply]
    errors: ErrorShape
    required: tuple[str, ...] = ()
    method: str = "POST"
    reads: Callable[[Mapping[str, str], bytes], Json | None] = read_json
