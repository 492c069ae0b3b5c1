"""`compile_clickhouse`: the tables, the roles and the questions."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.clickhouse.access import ACCESS
from spanwise.deploy.clickhouse.name import filled
from spanwise.deploy.clickhouse.query import QUERIES
from spanwise.deploy.clickhouse.schema import SCHEMA
from spanwise.deploy.header import header


if TYPE_CHECKING:
    from spanwise.plan import Plan


_EXECUTED: Final = "Our tests execute this file with an embedded ClickHouse 26.9; no server, no cluster."
_PARSED: Final = "Our tests only parse this file: an embedded ClickHouse has no roles."


def compile_clickhouse(plan: Plan) -> list[Artefact]:
    """`schema.sql` with the retention of the policy, `access.sql`, and `queries/*.sql`."""
    return [
        _file("schema.sql", SCHEMA, plan, _EXECUTED),
        _file("access.sql", ACCESS, plan, _PARSED),
        *(_file(f"queries/{query.name}.sql", query.text, plan, _EXECUTED) for query in QUERIES),
    ]


def _file(path: str, template: str, plan: Plan, tested: str) -> Artefact:
    return Artefact(PurePosixPath(path), f"{header(tested, comment='--')}\n{filled(template, plan).strip()}\n")
