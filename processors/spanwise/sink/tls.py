"""`Tls`: how a sink is trusted, and how it trusts us. Keys and certificates are files, never text in a policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Reader


LONGEST_PATH: Final = 4096


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of a connection; all of them are read where the stack runs, not here.

    Attributes:
        ca_file: Certificates of who may sign the server's; empty for those of the system.
        cert_file: Our certificate, for mutual TLS; empty without.
        key_file: The key of it.
        server_name: The name that the server's certificate must have; empty for the host of the endpoint.
    """

    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    server_name: str = ""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings under `tls`; complaints go to `reader`."""
        tls = cls(
            ca_file=reader.text(
                "ca_file", "", longest=LONGEST_PATH, about="File of the certificates that may sign the server's."
            ),
            cert_file=reader.text(
                "cert_file", "", longest=LONGEST_PATH, about="File of our own certificate, for mutual TLS."
            ),
            key_file=reader.text("key_file", "", longest=LONGEST_PATH, about="File of the key of cert_file."),
            server_name=reader.text(
                "server_name", "", longest=253, about="Name in the server's certificate, where it is not the host."
            ),
        )
        if reader.is_sound and bool(tls.cert_file) != bool(tls.key_file):
            reader.complain(None, "accepted are cert_file and key_file together, or neither.")
        reader.finish()
        return tls


def read_tls(reader: Reader) -> Tls | None:
    """What stands under `tls`; `None` when it is absent: the connection is then plain text."""
    if not reader.has("tls"):
        return None
    return Tls.read(reader.section("tls", about="Encrypts the connection; an empty mapping trusts the system's CAs."))
