"""The policy: settings of every step, read from `spanwise.yaml` or from nested options, with every mistake named.

Names are resolved at first use: a process without a policy file never imports a YAML parser.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from spanwise.policy.form import Form
from spanwise.policy.problem import Problem, dotted
from spanwise.policy.reader import Reader


if TYPE_CHECKING:
    from spanwise.policy.error import PolicyError
    from spanwise.policy.place import find_policy
    from spanwise.policy.policy import Policy, read_policy

__all__ = ["Form", "Policy", "PolicyError", "Problem", "Reader", "dotted", "find_policy", "read_policy"]

_HOMES = {"Policy": "policy", "PolicyError": "error", "find_policy": "place", "read_policy": "policy"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
