"""ClickHouse: where spans lie without their content, content apart with its own retention, and questions to both."""

from spanwise.deploy.clickhouse.compiler import compile_clickhouse
from spanwise.deploy.clickhouse.name import CONTENT, EVENTS, INBOX, TRACES


__all__ = ["CONTENT", "EVENTS", "INBOX", "TRACES", "compile_clickhouse"]
