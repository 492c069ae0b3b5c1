"""All views, and how a connection gets them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Final

from spanwise.store import schema
from spanwise.store.score import has_table
from spanwise.store.views.call import CALL_VIEWS
from spanwise.store.views.cost import COST_VIEWS
from spanwise.store.views.failure import FAILURE_VIEWS
from spanwise.store.views.operation import OPERATION_VIEWS
from spanwise.store.views.prompt import PROMPT_VIEWS
from spanwise.store.views.score import EVALUATIONS, FROM_TABLE, SCORE_VIEWS, SCORES_COLUMNS
from spanwise.store.views.stream import STREAM_VIEWS
from spanwise.store.views.view import View


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


VIEWS: Final[tuple[View, ...]] = (
    *CALL_VIEWS,
    *COST_VIEWS,
    *SCORE_VIEWS,
    *PROMPT_VIEWS,
    *OPERATION_VIEWS,
    *FAILURE_VIEWS,
    *STREAM_VIEWS,
)
"""Every view, those before others that others read."""


def define(
    connection: DuckDBPyConnection, text: str, *, since: datetime | None = None, until: datetime | None = None
) -> None:
    """Make the views that `text` names, for this connection alone, of spans from `since` on and before `until` (UTC).

    The file is not written, so it may be open for reading only, and of an earlier release. About 2 ms each.
    """
    later, period = has_table(connection, SCORES_COLUMNS), _period(since, until)
    for view in _needed(text):
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {view.name} AS {_sql(view, later, period)}")


def keep(connection: DuckDBPyConnection) -> None:
    """Write every view into the file, for other programs that open it, unless they are there as they are here.

    A view with the name of a table is left out: the table stays what it is. Where a view cannot be made, because a
    table of another release differs, the file keeps the views that it has: they are a convenience.
    """
    import duckdb

    later = has_table(connection, SCORES_COLUMNS)
    wanted = {view.name: _sql(view, later, "true") for view in VIEWS}
    mark = hashlib.sha256(repr(wanted).encode()).hexdigest()
    connection.execute(f"CREATE TABLE IF NOT EXISTS {schema.VIEWS} (mark VARCHAR)")
    if connection.execute(f"SELECT mark FROM {schema.VIEWS}").fetchall() == [(mark,)]:  # noqa: S608 - a constant
        return
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    connection.begin()
    try:
        for name, sql in wanted.items():
            if name not in tables:
                connection.execute(f"CREATE OR REPLACE VIEW {name} AS {sql}")
    except (duckdb.BinderException, duckdb.CatalogException):
        connection.rollback()
        return
    connection.execute(f"DELETE FROM {schema.VIEWS}")  # noqa: S608 - a constant
    connection.execute(f"INSERT INTO {schema.VIEWS} VALUES (?)", [mark])  # noqa: S608 - a constant
    connection.commit()


def _needed(text: str) -> list[View]:
    """The views that `text` names and those that they read, in the order in which they can be made."""
    text = text.lower()
    found: list[View] = []
    for view in reversed(VIEWS):
        if view.name in text or any(view.name in other.sql for other in found):
            found.append(view)
    return found[::-1]


def _sql(view: View, later: bool, period: str) -> str:  # noqa: FBT001 - private
    sql = view.sql.replace("{period}", period)
    return sql + FROM_TABLE if later and view is EVALUATIONS else sql


def _period(since: datetime | None, until: datetime | None) -> str:
    """A condition on `start`. A view has no parameters; a time written by `isoformat` holds no quote."""
    ends = ((">=", since), ("<", until))
    said = [f"start {sign} TIMESTAMP '{moment.replace(tzinfo=None).isoformat()}'" for sign, moment in ends if moment]
    return " AND ".join(said) or "true"
