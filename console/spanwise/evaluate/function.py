"""A Python callable as what judges."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

from spanwise.evaluate.error import EvaluateError
from spanwise.evaluate.example import Example
from spanwise.evaluate.judgement import Judgement


Result: TypeAlias = Any
"""What a callable of the user's returns: the border of this module."""
Function: TypeAlias = Callable[[Example], Result]


def load(name: str) -> Function:
    """The callable `package.module:function`; modules of the working directory are found.

    Raises:
        EvaluateError: there is none of that name.
    """
    module_name, _, function_name = name.partition(":")
    if not module_name or not function_name:
        raise EvaluateError(f"--call: found {name!r}; accepted: package.module:function")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise EvaluateError(f"--call: the module {module_name} cannot be imported ({type(error).__name__})") from None
    function = getattr(module, function_name, None)
    if not callable(function):
        raise EvaluateError(f"--call: the module {module_name} has no callable {function_name}")
    found: Function = function
    return found


def judgement_of(result: Result) -> Judgement:
    """What a callable returned as a judgement: a number, a bool, a text, a pair with a reason, or `None` for none."""
    value, reason = result if isinstance(result, tuple) and len(result) == 2 else (result, "")
    if value is None:
        return Judgement()
    if not isinstance(value, bool | int | float | str):
        return Judgement(error_type="unusable_result")
    return Judgement(value=value, reason=reason if isinstance(reason, str) else "")
