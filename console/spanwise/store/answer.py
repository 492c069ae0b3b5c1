"""`Answer`: what a view or a statement gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from spanwise.store.views.view import Column, View


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Value: TypeAlias = str | int | float | bool | Decimal | datetime | date | None
"""What a cell of a view can be; times have a zone."""
Found: TypeAlias = Any
"""What DuckDB hands over for a cell: of a person's statement it can be of any type."""

MAX_ROWS: Final = 1_000
"""Rows of a view at most."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows with what their columns mean.

    Attributes:
        columns: in the order of a row's cells.
        rows: at most as many as were asked for.
        all_rows: how many there are, shown or not; `None` where nobody counted and there are more.
        totals: the sums over all of them, by column, of those columns that add up; `None` where every cell is NULL.
    """

    columns: tuple[Column, ...]
    rows: list[tuple[Value, ...]]
    all_rows: int | None
    totals: dict[str, Value] = field(default_factory=dict)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are here."""
        return self.all_rows is None or self.all_rows > len(self.rows)

    def cells(self, name: str) -> list[Value]:
        """The cells of one column.

        Raises:
            ValueError: there is no such column.
        """
        place = [column.name for column in self.columns].index(name)
        return [row[place] for row in self.rows]


def read_view(
    connection: DuckDBPyConnection, view: View, *, since: datetime | None, until: datetime | None, limit: int
) -> Answer:
    """The first rows of `view`, at most `limit`, in its order, and the sums over all rows.

    Times are in UTC without a zone.
    """
    from spanwise.store.views import define

    define(connection, view.name, since=since, until=until)
    names = ", ".join(column.name for column in view.columns)
    rest = f"FROM {view.name} ORDER BY {view.order} LIMIT {min(limit, MAX_ROWS):d}"
    adding = [column.name for column in view.columns if column.adds]
    if not adding:
        # A view as long as the table: sorted first and read after, which a sum over all rows would forbid.
        first = connection.execute(f"SELECT {names} {rest}").fetchall()
        count = connection.execute(f"SELECT count(*) FROM {view.name}").fetchone()  # noqa: S608 - constants of the views
        return Answer(view.columns, [tuple(map(value, row)) for row in first], int(count[0]) if count else 0)
    sums = "".join(f", sum({name}) OVER ()" for name in adding)
    found = connection.execute(f"SELECT {names}, count(*) OVER (){sums} {rest}").fetchall()
    width = len(view.columns)
    rows = [tuple(map(value, row[:width])) for row in found]
    totals = dict(zip(adding, map(value, found[0][width + 1 :]), strict=True)) if found else {}
    return Answer(view.columns, rows, found[0][width] if found else 0, totals)


def value(cell: Found) -> Value:
    """`cell` as a report writes it: a time gets its zone, what has no form of its own becomes text."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=UTC) if cell.tzinfo is None else cell.astimezone(UTC)
    if cell is None or isinstance(cell, str | int | float | bool | Decimal | date):
        return cell
    return str(cell)
