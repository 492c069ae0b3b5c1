"""The parts that services share: how they are confined, watched and looked after."""

from __future__ import annotations

from typing import Final, TypeAlias

from spanwise.deploy.document import Value


Block: TypeAlias = "dict[str, Value]"
"""A service, or part of one."""

SECRETS: Final = "/run/secrets/"
"""Where Compose puts secrets; a policy's `*_file` below it is mounted from `./secrets`."""

_MOST_PIDS: Final = 512


def service(image: str, *, cpus: str, memory: str, user: int | None = None, is_read_only: bool = True) -> Block:
    """The head of a service: without rights, without more than its share, started again when it ends.

    The file system is read-only unless `is_read_only` is false; what is written goes to volumes and to memory.
    """
    block: Block = {"image": image, "restart": "unless-stopped"}
    if user is not None:
        block["user"] = f"{user}:{user}"
    if is_read_only:
        block |= {"read_only": True, "tmpfs": ["/tmp"]}  # noqa: S108 - in the container
    return block | {
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "deploy": {"resources": {"limits": {"cpus": cpus, "memory": memory, "pids": _MOST_PIDS}}},
        "logging": {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}},
        "networks": ["spanwise"],
    }


def port(published: int, target: int | None = None) -> str:
    """A port that this machine alone can reach."""
    return f"127.0.0.1:{published}:{target or published}"


def mount(source: str, target: str) -> Block:
    """A file or folder of this repository, read-only. A missing one is an error, not an empty folder."""
    return {
        "type": "bind",
        "source": source,
        "target": target,
        "read_only": True,
        "bind": {"create_host_path": False},
    }


def volume(name: str, target: str) -> Block:
    """What outlives the container."""
    return {"type": "volume", "source": name, "target": target}


def asks(url: str) -> Block:
    """A health check by the `wget` that the image has."""
    return health("wget", "-q", "-T", "3", "-O", "/dev/null", url)


def health(*command: str) -> Block:
    """A health check by a command of the image."""
    return {
        "test": ["CMD", *command],
        "interval": "10s",
        "timeout": "5s",
        "retries": 6,
        "start_period": "30s",
    }


def after(*names: str, condition: str = "service_started") -> Block:
    """`depends_on` for these services."""
    return {name: {"condition": condition} for name in names}
