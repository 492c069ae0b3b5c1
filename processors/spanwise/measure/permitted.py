"""Which attributes a policy may add as labels of metrics, and why others not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from spanwise.policy.problem import found
from spanwise.semconv import attributes as attr


USUAL: Final = (
    attr.SPANWISE_TENANT,
    attr.SPANWISE_FEATURE,
    attr.GEN_AI_PROMPT_NAME,
    attr.GEN_AI_PROMPT_VERSION,
    attr.GEN_AI_AGENT_NAME,
)
"""Attributes that are made for it."""

MOST_LABELS: Final = 8

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,127}")
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_IDS: Final = frozenset({"id", "ids", "uuid", "guid", "uid"})
_SOMEBODY: Final = frozenset(
    {
        "user",
        "users",
        "enduser",
        "username",
        "userid",
        "email",
        "mail",
        "session",
        "sessionid",
        "conversation",
        "thread",
    }
)
_TAKEN: Final = frozenset(
    {
        attr.GEN_AI_OPERATION_NAME,
        attr.GEN_AI_PROVIDER_NAME,
        attr.GEN_AI_REQUEST_MODEL,
        attr.GEN_AI_RESPONSE_MODEL,
        attr.GEN_AI_TOKEN_MODALITY,
        attr.GEN_AI_TOOL_NAME,
        attr.GEN_AI_TOOL_TYPE,
        attr.GEN_AI_WORKFLOW_NAME,
        attr.GEN_AI_EVALUATION_NAME,
        attr.SERVER_ADDRESS,
        attr.SERVER_PORT,
        attr.ERROR_TYPE,
        attr.SPANWISE_COST_STATUS,
        attr.SPANWISE_FINISH_REASON,
        attr.SERVICE_NAME,
        attr.SERVICE_INSTANCE_ID,
        attr.DEPLOYMENT_ENVIRONMENT_NAME,
    }
)
_KEPT: Final = frozenset({"job", "instance", "le", "quantile"})
"""Labels that Prometheus gives a meaning of its own."""
_PLAIN_TYPES: Final = frozenset({"string", "enum", "boolean"})


def refusal(name: str) -> str:
    """Why the attribute `name` may not be a label; empty when it may.

    A label makes a series of each of its values, which a store keeps for months and nobody can delete one by one. So
    what belongs to one person, one conversation or one call is no label, and neither is what somebody wrote.
    """
    if name in USUAL:
        return ""
    if not _NAME.fullmatch(name):
        return "is no name of an attribute"
    if name in _TAKEN:
        return "is a label already"
    if translated(name) in _KEPT or translated(name) in set(map(translated, _TAKEN)):
        return "would have the name of another label in Prometheus"
    words = [word.lower() for word in _WORD.findall(name)]
    if words and words[-1] in _SOMEBODY:
        return "belongs to one person or one conversation"
    if words and words[-1] in _IDS:
        return "is an id: a person, a conversation or a call has one of its own"
    return _registered(name)


def refusals(names: Sequence[str]) -> list[str]:
    """A clause for each of `names` that may not be a label, and for what is wrong with all of them together."""
    wrong = [f"{found(name)} {reason}" for name in names if (reason := refusal(name))]
    if len(names) > MOST_LABELS:
        wrong.append(f"{len(names)} labels are more than {MOST_LABELS}")
    if len({translated(name) for name in names}) < len(names):
        wrong.append("two of them are one label in Prometheus")
    return wrong


def translated(name: str) -> str:
    """The label that Prometheus makes of the attribute `name`."""
    return re.sub(r"[^A-Za-z0-9]+", "_", name)


def _registered(name: str) -> str:
    from spanwise.semconv.definitions import ATTRIBUTES  # only a policy that names labels needs it

    known = ATTRIBUTES.get(name)
    if known is None:
        return ""
    if known.sensitivity == "content":
        return "holds what somebody wrote"
    if known.sensitivity == "personal":
        return "belongs to one person or one conversation"
    return "" if known.type in _PLAIN_TYPES else "is no text: a label has few values"
