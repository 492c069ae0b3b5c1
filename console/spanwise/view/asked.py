"""`Asked`: the parameters of a request, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from spanwise.view.refusal import Refusal


MAX_QUERY: Final = 4_096
"""Characters of a query string at most."""
MAX_VALUE: Final = 1_024
"""Characters of one value: typed columns hold no more."""

_MOST_PARAMETERS: Final = 40
_RANGES_S: Final = {"1h": 3_600, "24h": 86_400, "7d": 604_800, "30d": 2_592_000, "all": None}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query string said, by name. A parameter that is empty is absent."""

    values: Mapping[str, str]

    @classmethod
    def read(cls, query: str) -> Asked:
        """The parameters in `query`.

        Raises:
            Refusal: 400 or 414, it is too long or has a name twice.
        """
        if len(query) > MAX_QUERY:
            raise Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, f"a query has at most {MAX_QUERY:,} characters")
        try:
            pairs = parse_qsl(query, max_num_fields=_MOST_PARAMETERS, errors="replace")
        except ValueError:
            raise _bad(f"a query has at most {_MOST_PARAMETERS} parameters") from None
        values: dict[str, str] = {}
        for name, value in pairs:
            if name in values:
                raise _bad("a parameter was given twice")
            if len(value) > MAX_VALUE:
                raise _bad(f"a value has at most {MAX_VALUE:,} characters")
            values[name] = value.replace("\0", "")
        return cls(values)

    def text(self, name: str) -> str | None:
        """The value of `name`; `None` when it is absent."""
        return self.values.get(name) or None

    def choice(self, name: str, accepted: tuple[str, ...], default: str) -> str:
        """One of `accepted`.

        Raises:
            Refusal: 400, it is another.
        """
        found = self.values.get(name) or default
        if found not in accepted:
            raise _bad(f"{name} is one of {', '.join(accepted)}")
        return found

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number from `least` to `most`.

        Raises:
            Refusal: 400, it is none or out of bounds.
        """
        found = self.values.get(name)
        if not found:
            return default
        if not (found.isascii() and found.isdigit() and len(found) <= 19 and least <= int(found) <= most):
            raise _bad(f"{name} is a whole number from {least} to {most}")
        return int(found)

    def since(self, default: str = "all", now: datetime | None = None) -> datetime | None:
        """The beginning of the time that `range` names, in UTC without a zone, to the minute; `None` for all of it.

        Raises:
            Refusal: 400, it is no range.
        """
        age_s = _RANGES_S[self.choice("range", tuple(_RANGES_S), default)]
        if age_s is None:
            return None
        moment = (now or datetime.now(UTC)).replace(tzinfo=None) - timedelta(seconds=age_s)
        return moment.replace(second=0, microsecond=0)


def _bad(message: str) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, message)
