"""Queues on disk: what was accepted survives a restart and a kill, and is sent until it is taken."""

from __future__ import annotations

from typing import Final

from spanwise.deploy.collector import setting
from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.release import Component


MOST_MESSAGE_BYTES: Final = 4_000_000
"""Bytes of one message to the next hop: less than the 4 MiB that gRPC servers take when nobody tells them."""

_COMMENT: Final = (
    "Queues live here, so that what was accepted survives a restart and a kill of this process. fsync: true would "
    "make it survive a power cut as well, at a sync of the disk for every request."
)


def storage(configuration: Configuration, *, name: str = "queue") -> str:
    """The id of the file storage of queues; each name has a directory of its own."""
    folder = str(setting.QUEUE) if name == "queue" else f"{setting.QUEUE}-{name}"
    return configuration.add(
        Component.STORAGE,
        name,
        {
            "directory": folder,
            "create_directory": True,
            "directory_permissions": "0700",
            "timeout": "5s",
            "fsync": False,
            # A file that a power cut has broken is put aside, or the Collector would not start any more.
            "recreate": True,
            "compaction": {"on_start": True, "on_rebound": True, "directory": folder},
        },
        _COMMENT if name == "queue" else "Content waits apart, so that its disk can be guarded and wiped apart.",
    )


def queue(store: str, *, waits: bool = False) -> Block:
    """A queue on disk that batches, and retries without end.

    Args:
        store: id of a file storage.
        waits: whether a full queue makes the sender wait. Otherwise it is told that we are full, and keeps its data.
            Behind tail sampling nobody could be told.
    """
    return {
        "sending_queue": {
            "enabled": True,
            "num_consumers": 4,
            "sizer": "bytes",
            "queue_size": str(setting.QUEUE_BYTES),
            "block_on_overflow": waits,
            "storage": store,
            "batch": {
                "flush_timeout": "200ms",
                "sizer": "bytes",
                "min_size": 1_000_000,
                "max_size": MOST_MESSAGE_BYTES,
            },
        },
        "retry_on_failure": {
            "enabled": True,
            "initial_interval": "1s",
            "max_interval": "30s",
            "max_elapsed_time": "0s",
        },
    }


RETRY_COMMENT: Final = "0s: never given up. What the next hop calls a permanent error is dropped and counted, though."
