"""`compile_tempo`: Tempo as one process."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.collector.receiver import MOST_MESSAGE_MIB
from spanwise.deploy.collector.setting import Setting
from spanwise.deploy.collector.tail import MOST_TRACE_BYTES
from spanwise.deploy.document import Path, dump
from spanwise.deploy.header import header


if TYPE_CHECKING:
    from spanwise.deploy.collector.configuration import Block
    from spanwise.plan import Plan


HOST: Final = Setting("SPANWISE_TEMPO_HOST", "127.0.0.1", "Address that it listens on; a container needs 0.0.0.0.")
"""Read only with `-config.expand-env=true`."""

_DIRECTORY: Final = "/var/tempo"
_ABOUT: Final = "Tempo 3 as one process, traces on its disk. Start it with -config.expand-env=true."
_EXERCISED: Final = (
    "Not exercised by our tests: Tempo is AGPL, so it is neither built nor shipped here, and its image is only named. "
    "The keys are checked against a table made from its documentation."
)
_OPEN: Final = (
    "Tempo has no log-in: on loopback it is this machine's, elsewhere it belongs behind a proxy. Its MCP server "
    "(query_frontend.mcp_server) stays off: spans hold text of strangers, which a model that reads them may obey."
)


def compile_tempo(plan: Plan) -> list[Artefact]:
    """`tempo.yaml`, with the policy's bounds and retention."""
    text = f"{header(_ABOUT, _EXERCISED, _OPEN)}\n{dump(_document(plan), _COMMENTS)}"
    return [Artefact(PurePosixPath("tempo.yaml"), text)]


def _document(plan: Plan) -> Block:
    host = f"${{{HOST.name}:-{HOST.default}}}"  # the shell's form, which Tempo expands itself
    return {
        "server": {"http_listen_address": host, "http_listen_port": 3200, "grpc_listen_address": "127.0.0.1"},
        "distributor": {
            "max_attribute_bytes": plan.pipeline.cap.max_attribute_bytes,
            "receivers": {
                "otlp": {
                    "protocols": {
                        "grpc": {"endpoint": f"{host}:4317", "max_recv_msg_size_mib": MOST_MESSAGE_MIB},
                    }
                }
            },
        },
        "storage": {
            "trace": {
                "backend": "local",
                "wal": {"path": f"{_DIRECTORY}/wal"},
                "local": {"path": f"{_DIRECTORY}/blocks"},
            }
        },
        "overrides": {
            "defaults": {
                "compaction": {"block_retention": f"{plan.retention.traces_days * 24}h"},
                "global": {"max_bytes_per_trace": MOST_TRACE_BYTES},
            }
        },
        "usage_report": {"reporting_enabled": False},
    }


_COMMENTS: Final[dict[Path, str]] = {
    ("distributor", "max_attribute_bytes"): (
        "cap.max_attribute_bytes of the policy. Tempo cuts at 2,048 unless told, which leaves no prompt whole."
    ),
    ("distributor", "receivers", "otlp", "protocols", "grpc", "max_recv_msg_size_mib"): "gRPC takes 4 MiB unless told.",
    ("overrides", "defaults", "compaction"): "retention.traces of the policy.",
    ("overrides", "defaults", "global"): "The bound that the Collector's tail sampling has too; the default is 5 MB.",
    ("usage_report",): "Nothing is reported to anybody.",
}
