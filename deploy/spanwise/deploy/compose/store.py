"""ClickHouse, where content lies apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spanwise.deploy import image
from spanwise.deploy.clickhouse.name import database
from spanwise.deploy.compose.service import Block, asks, mount, port, service, volume
from spanwise.deploy.document import Path


if TYPE_CHECKING:
    from spanwise.plan import Plan


def clickhouse(plan: Plan) -> Block:
    """The service; in the profile `clickhouse` when the policy has no sink for it, else always."""
    user = "default" if plan.sinks.content is None else plan.sinks.content.username
    return {
        **service(image.CLICKHOUSE, cpus="2", memory="2048M", user=image.CLICKHOUSE_USER, is_read_only=False),
        **({"profiles": ["clickhouse"]} if plan.sinks.content is None else {}),
        "environment": {
            "CLICKHOUSE_DB": database(plan),
            "CLICKHOUSE_USER": user,
            "CLICKHOUSE_PASSWORD_FILE": "/run/secrets/clickhouse_password",
        },
        "ports": [port(8123)],
        "volumes": [
            mount("../clickhouse/schema.sql", "/docker-entrypoint-initdb.d/schema.sql"),
            volume("clickhouse", "/var/lib/clickhouse"),
        ],
        "secrets": ["clickhouse_password"],
        "healthcheck": asks("http://127.0.0.1:8123/ping"),
    }


def comments(plan: Plan) -> dict[Path, str]:
    """What stands above it."""
    text = "Its start writes to /etc, so its file system is not read-only. schema.sql runs when the volume is new."
    if plan.sinks.content is None:
        text = f"Nothing writes to it until the policy has sinks.content.clickhouse. {text}"
    return {("services", "clickhouse"): text}
