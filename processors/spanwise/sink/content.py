"""`ContentSink`: a store of prompts and answers, apart from the traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Form, Reader
from spanwise.sink.tls import LONGEST_PATH, Tls, read_tls


CLICKHOUSE: Final = "clickhouse"

_ENDPOINT: Final = Form(
    r"(?:tcp|https?)://[^\s/@?#]{1,300}:[0-9]{1,5}/?", "tcp://host:port or https://host:port, without name or password",
    secret=True,
)  # fmt: skip
_NAME: Final = Form("[A-Za-z_][A-Za-z0-9_]{0,63}", "letters, digits and '_', no digit first")


@dataclass(frozen=True, slots=True)
class ContentSink:
    """Where content goes.

    Attributes:
        name: `clickhouse`.
        endpoint: `tcp://host:port`, or `https://host:port`.
        database: The database of the tables.
        tls: How the connection is trusted; `None` for plain text.
        username: Who logs in.
        password_file: File that holds the password; empty for none.
    """

    name: str = CLICKHOUSE
    endpoint: str = "tcp://clickhouse:9000"
    database: str = "otel"
    tls: Tls | None = None
    username: str = "default"
    password_file: str = ""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings under `clickhouse`; complaints go to `reader`."""
        default = cls()
        reader.forbids("password", "a secret does not belong in a policy. Put it in a file: password_file: FILE.")
        sink = cls(
            endpoint=reader.text("endpoint", default.endpoint, form=_ENDPOINT, about="Where ClickHouse listens."),
            database=reader.text("database", default.database, form=_NAME, about="The database of the tables."),
            tls=read_tls(reader),
            username=reader.text("username", default.username, form=_NAME, about="Who logs in."),
            password_file=reader.text(
                "password_file", "", longest=LONGEST_PATH, about="File that holds the password of username."
            ),
        )
        reader.finish()
        return sink


def read_content(reader: Reader) -> ContentSink | None:
    """The sink under `content`; `None` when there is none: content then stays where the traces are."""
    section = reader.section("content", about="A store for prompts and answers alone, with rights of its own.")
    about = "ClickHouse, with the tables that are rendered for it."
    sink = ContentSink.read(section.section(CLICKHOUSE, about=about)) if section.has(CLICKHOUSE) else None
    section.finish()
    return sink
