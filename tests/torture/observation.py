"""What a program's caller sees: results, types, identities, exceptions, warnings, output. Standard library only."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeAlias


Seen: TypeAlias = Any
"""What was seen, as JSON has it."""

MAX_DEPTH = 6
_PROGRAMS = re.compile(r"/torture/(case|sdk)/")
"""Where the programs are whose last own frame is looked at."""
_VARYING = (
    (re.compile(r"emu[-_]?\d+"), "emu-1"),
    (re.compile(r"resp_[A-Za-z0-9+/=]{60,}"), "resp_1"),
    (re.compile(r"""(["']?)(Expecting|Unterminated) .*?\(char \d+\)\1"""), "malformed JSON"),
    (re.compile(r"0x[0-9a-f]{6,}"), "0x1"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "uuid"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:1"),
    (re.compile(r"\b(created|created_at|completed_at)(\W{1,3})\d{9,}(\.\d+)?"), r"\1\g<2>1"),
)


class Caught:
    """A block whose exception is kept instead of raised; exits and cancellations pass."""

    error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        self.error = error
        return isinstance(error, Exception)


class Logged(logging.Handler):
    """A block whose warnings and errors on the logger `name` are kept."""

    def __init__(self, name: str) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        self._logger = logging.getLogger(name)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.messages.append(record.getMessage())

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)


def observe(program: Callable[[], object]) -> Seen:
    """Everything the caller of `program` sees: what it returns or raises, warnings, and what it prints."""
    out, err = io.StringIO(), io.StringIO()
    returned: object = None
    with (
        warnings.catch_warnings(record=True) as warned,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        Caught() as caught,
    ):
        warnings.simplefilter("always")
        # Python says it of the socket of a stream that was left, with us or without, whenever the collector finds it.
        warnings.filterwarnings("ignore", message="unclosed <socket", category=ResourceWarning)
        # LiteLLM's reports, which it drops with the loop they were made in, whenever the collector finds them.
        warnings.filterwarnings("ignore", message="coroutine 'Logging\\.", category=RuntimeWarning)
        returned = program()
    seen = {
        "returned": describe(returned),
        "raised": describe_error(caught.error),
        "warnings": sorted(f"{warning.category.__name__}: {_steady(str(warning.message))}" for warning in warned),
        "stdout": _steady(out.getvalue()),
        "stderr": _steady(err.getvalue()),
    }
    caught.error = None
    return seen


def describe(value: object, depth: int = 0) -> Seen:
    """A value by its type, where that type is found under its own name, and its contents."""
    if value is None or isinstance(value, bool | int | float | str):
        return _steady(value) if isinstance(value, str) else value
    kind = type(value)
    if depth >= MAX_DEPTH:
        return kind.__qualname__
    if isinstance(value, list | tuple):
        return [kind.__qualname__, *(describe(item, depth + 1) for item in value)]
    if isinstance(value, Mapping):
        return {
            "type": kind.__qualname__,
            "items": {str(key): describe(item, depth + 1) for key, item in value.items()},
        }
    found = {"type": describe_type(kind)}
    dump = getattr(value, "model_dump_json", None)
    if callable(dump):
        found["json"] = _steady(dump(warnings=False))
    return found


def describe_type(kind: type) -> Seen:
    """A type by its names and bases, and whether it is what its module has under its name."""
    home = vars(sys.modules.get(kind.__module__, object())) if kind.__module__ in sys.modules else {}
    bases = [f"{base.__module__}.{base.__qualname__}" for base in kind.__mro__]
    return {"bases": bases, "own": home.get(kind.__qualname__) is kind}


def describe_error(error: BaseException | None) -> Seen:
    """An exception by type, arguments, cause and context, and the line of the program that saw it."""
    if error is None:
        return None
    own = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if _PROGRAMS.search(frame.filename)]
    return {
        "type": describe_type(type(error)),
        "args": [_steady(repr(argument)) for argument in error.args],
        "text": _steady(str(error)),
        "cause": None if error.__cause__ is None else type(error.__cause__).__qualname__,
        "context": None if error.__context__ is None else type(error.__context__).__qualname__,
        "notes": list(getattr(error, "__notes__", ())),
        "line": own[-1] if own else None,
    }


def _steady(text: str) -> str:
    for pattern, constant in _VARYING:
        text = pattern.sub(constant, text)
    return text
