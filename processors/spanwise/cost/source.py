"""The data of a genai-prices release, read without running it.

The release is Python source. It is parsed, never imported: only assignments of literals and of the constructors named
here are understood, and everything else is refused. What comes out are plain values.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple, TypeAlias


Value: TypeAlias = Any
"""A literal, a list, a dict, or something `Made`."""

MAX_SOURCE_BYTES: Final = 16 * 1024 * 1024
"""Largest file that is parsed. The largest of a release has about 1.6 million bytes."""

_MOST_DIGITS: Final = 30
_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "Provider": frozenset({
        "id", "name", "api_pattern", "pricing_urls", "description", "price_comments", "model_match", "provider_match",
        "extractors", "fallback_model_providers", "models", "tiers",
    }),
    "ModelInfo": frozenset({
        "id", "match", "name", "description", "context_window", "price_comments", "deprecated", "prices",
        "price_variants",
    }),
    "ConditionalPrice": frozenset({"constraint", "prices"}),
    "PriceVariant": frozenset({"when", "prices", "constraint"}),
    "StartDateConstraint": frozenset({"start_date"}),
    "TimeOfDateConstraint": frozenset({"start_time", "end_time"}),
    "TieredPrices": frozenset({"base", "tiers"}),
    "Tier": frozenset({"start", "price"}),
    "ClauseStartsWith": frozenset({"starts_with"}),
    "ClauseEndsWith": frozenset({"ends_with"}),
    "ClauseContains": frozenset({"contains"}),
    "ClauseEquals": frozenset({"equals"}),
    "ClauseRegex": frozenset({"regex"}),
    "ClauseOr": frozenset({"or_"}),
    "ClauseAnd": frozenset({"and_"}),
}  # fmt: skip
_PRICES: Final = "ModelPrice"
_PRICE_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_IGNORED: Final = frozenset({"extractors", "description", "price_comments", "pricing_urls"})
"""Fields that say nothing about prices; they are not even looked into."""
_MOMENT: Final = ("hour", "minute", "second", "microsecond")


class SourceError(Exception):
    """A release that cannot be read. Its message names the file, the line and what stands there."""


class Made(NamedTuple):
    """A call of a known constructor."""

    kind: str
    fields: dict[str, Value]

    def get(self, name: str) -> Value:
        """The field `name`, or `None`."""
        return self.fields.get(name)


class Second(NamedTuple):
    """A moment of the day in UTC."""

    second: int


def assigned(text: bytes, name: str, file: str) -> Value:
    """What the module `text` assigns to `name`; `file` is its name for messages.

    Raises:
        SourceError: it is too large, no Python, or holds anything but data of the known kinds.
    """
    if len(text) > MAX_SOURCE_BYTES:
        raise SourceError(f"{file} is larger than {MAX_SOURCE_BYTES} bytes")
    try:
        module = ast.parse(text, filename=file)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise SourceError(f"{file} cannot be parsed ({type(error).__name__})") from None
    found: ast.expr | None = None
    for statement in module.body:
        target = _target(statement)
        if target is None:
            raise _refusal(file, statement, "a statement that is no data")
        if target[0] == name:
            found = target[1]
    if found is None:
        raise SourceError(f"{file} assigns nothing to {name}")
    return _Reading(file).value(found)


def _target(statement: ast.stmt) -> tuple[str, ast.expr | None] | None:
    """The name that `statement` assigns to and the value; without a name for imports and texts."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return "", None
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return "", None
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value
    return None


class _Reading:
    """Turns expressions of one file into values."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._plain: dict[str, Callable[[ast.Call], Value]] = {
            "Decimal": self._decimal,
            "datetime.date": self._date,
            "datetime.time": self._time,
        }

    def value(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | None):
            return node.value
        if isinstance(node, ast.List | ast.Tuple):
            return [self.value(item) for item in node.elts]
        if isinstance(node, ast.Dict):
            return {self._text(key): self.value(item) for key, item in zip(node.keys, node.values, strict=True)}
        if isinstance(node, ast.Call):
            return self._call(node)
        raise _refusal(self._file, node, f"{type(node).__name__}, which is no data")

    def _call(self, node: ast.Call) -> Value:
        name = ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
        if name in self._plain:
            return self._plain[name](node)
        if name != _PRICES and name not in _FIELDS:
            raise _refusal(self._file, node, f"{name[:40] or 'a call'}(...), which is not known")
        if node.args:
            raise _refusal(self._file, node, f"{name}(...) with a value that has no name")
        fields: dict[str, Value] = {}
        for keyword in node.keywords:
            key = keyword.arg or ""
            if not (_PRICE_KEY.fullmatch(key) if name == _PRICES else key in _FIELDS[name]):
                raise _refusal(self._file, node, f"{name}({key[:40]}=...), which is not known")
            if key not in _IGNORED:
                fields[key] = self.value(keyword.value)
        return Made(name, fields)

    def _decimal(self, node: ast.Call) -> Decimal:
        text = self._text(node.args[0]) if len(node.args) == 1 and not node.keywords else ""
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if len(text) > _MOST_DIGITS or not number.is_finite() or number < 0 or abs(number.adjusted()) > _MOST_DIGITS:
            raise _refusal(self._file, node, "a price that is no decimal number of at least 0")
        return number

    def _date(self, node: ast.Call) -> date:
        numbers = [item.value for item in node.args if isinstance(item, ast.Constant)]
        try:
            year, month, day = (int(str(number)) for number in numbers)
            return date(year, month, day)
        except ValueError:
            raise _refusal(self._file, node, "a date that does not exist") from None

    def _time(self, node: ast.Call) -> Second:
        zones = [ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg == "tzinfo"]
        numbers = [item.value for item in node.args if isinstance(item, ast.Constant) and type(item.value) is int]
        moment = dict(zip(_MOMENT, (int(str(number)) for number in numbers), strict=False))
        known = len(node.keywords) == len(zones) and set(zones) <= {"datetime.timezone.utc", "datetime.UTC", "None"}
        if not known or len(numbers) != len(node.args) or moment.get("microsecond"):
            raise _refusal(self._file, node, "a time of day that is no whole second of UTC")
        second = moment.get("hour", 0) * 3600 + moment.get("minute", 0) * 60 + moment.get("second", 0)
        if not 0 <= second < 24 * 3600:
            raise _refusal(self._file, node, "a time of day that does not exist")
        return Second(second)

    def _text(self, node: ast.expr | None) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        raise _refusal(self._file, node, "something else where a text belongs")


def _refusal(file: str, node: ast.stmt | ast.expr | None, what: str) -> SourceError:
    line = f":{node.lineno}" if node is not None else ""
    return SourceError(f"{file}{line} holds {what}")
