"""Who may send to us, and how the next hop knows us: mutual TLS and bearer tokens, both from files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.deploy.collector import setting
from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.release import Component


if TYPE_CHECKING:
    from spanwise.sink import Tls


_NEWEST_TLS: Final = "1.3"
_RELOAD: Final = "1h"

HOW_TO_SECURE: Final = f"""Open to this machine only. Before it listens elsewhere, put this under grpc and under http:
tls: {{cert_file: DIR/server.crt, key_file: DIR/server.key, client_ca_file: DIR/ca.crt, min_version: "{_NEWEST_TLS}"}}
auth: {{authenticator: bearertokenauth}}
with the extension bearertokenauth: {{filename: FILE}}. gateway.yaml has both."""
"""What a receiver without TLS says above itself."""


def server(configuration: Configuration) -> Block:
    """TLS that asks callers for a certificate of our CA, and for the bearer token of a file."""
    folder = setting.TLS
    auth = configuration.add(
        Component.BEARER,
        "incoming",
        {"filename": str(setting.TOKEN)},
        "The file is read again when it changes, so a token can be replaced without a restart.",
    )
    return {
        "tls": {
            "cert_file": f"{folder}/server.crt",
            "key_file": f"{folder}/server.key",
            "client_ca_file": f"{folder}/ca.crt",
            "client_ca_file_reload": True,
            "min_version": _NEWEST_TLS,
            "reload_interval": _RELOAD,
        },
        "auth": {"authenticator": auth},
    }


def client(configuration: Configuration, *, proves: str = "") -> Block:
    """TLS with a certificate of our own, and a bearer token of a file, for the next hop of ours.

    `proves` is the name that the other side's certificate must hold, where it is called by another.
    """
    folder = setting.TLS
    named: Block = {"server_name_override": proves} if proves else {}
    auth = configuration.add(Component.BEARER, "outgoing", {"filename": str(setting.OUTGOING_TOKEN)})
    return {
        "tls": {
            "ca_file": f"{folder}/ca.crt",
            "cert_file": f"{folder}/client.crt",
            "key_file": f"{folder}/client.key",
            "min_version": _NEWEST_TLS,
            "reload_interval": _RELOAD,
            **named,
        },
        "auth": {"authenticator": auth},
    }


def sink_tls(tls: Tls | None, *, is_https: bool = False) -> Block:
    """The TLS settings of a sink of the policy; plain text where it has none."""
    if tls is None:
        return {} if is_https else {"tls": {"insecure": True}}
    names = {
        "ca_file": tls.ca_file,
        "cert_file": tls.cert_file,
        "key_file": tls.key_file,
        "server_name_override": tls.server_name,
    }
    found = {key: setting.literal(value) for key, value in names.items() if value}
    return {"tls": {**found, "min_version": "1.2"}}


def sink_headers(headers_file: str) -> Block:
    """The headers of a sink, from a file of `Name: value` lines, which is YAML."""
    return {"headers": f"${{file:{setting.literal(headers_file)}}}"} if headers_file else {}
