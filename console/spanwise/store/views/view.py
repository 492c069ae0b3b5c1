"""`View`: a question to the store as SQL that has a name, with what its columns mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What the values of a column are. It decides how they are written, wherever they are written."""

    TEXT = "text"
    ID = "id"
    FLAG = "flag"
    COUNT = "count"
    TOKENS = "tokens"
    COST = "cost"
    """Money that is unpriced where it is NULL."""
    MONEY = "money"
    """Money that is unknown where it is NULL."""
    DIFFERENCE = "difference"
    """Money with its sign, of which zero is none."""
    SECONDS = "seconds"
    RATE = "rate"
    SCORE = "score"
    NUMBER = "number"
    SPEED = "speed"
    MOMENT = "moment"
    DAY = "day"


_UNITS: Final = {
    Kind.TOKENS: "tokens",
    Kind.COST: "USD",
    Kind.MONEY: "USD",
    Kind.DIFFERENCE: "USD",
    Kind.SECONDS: "s",
    Kind.RATE: "0 to 1",
    Kind.SPEED: "tokens/s",
    Kind.MOMENT: "UTC",
    Kind.DAY: "UTC",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a view.

    Attributes:
        name: as in SQL, JSON and CSV.
        kind: what the values are.
        about: what they mean, and what NULL means.
        adds: whether the sum over all rows means something.
        of: what is counted, where the kind says no unit.
    """

    name: str
    kind: Kind
    about: str
    adds: bool = False
    of: str = ""

    @property
    def unit(self) -> str:
        """The unit of the values; empty where they have none."""
        return self.of or _UNITS.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class View:
    """A named query.

    Attributes:
        name: as in SQL.
        about: what a row is, and what is not in it.
        columns: in the order of the query.
        sql: the query. `{period}` stands for the condition on `start`, in views that read the table.
        order: how a report sorts the rows, as SQL.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    sql: str
    order: str

    def column(self, name: str) -> Column:
        """The column called `name`.

        Raises:
            KeyError: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def calls_counted(name: str, about: str) -> Column:
    """A column that counts calls."""
    return Column(name, Kind.COUNT, about, adds=True, of="calls")
