"""What a compose file may say: the keys of the Compose specification, and the forms of those that stacks like ours use.

Source: the Compose specification (https://github.com/compose-spec/compose-spec), November 2026.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias


Schema: TypeAlias = dict[str, Any]
"""A JSON schema, or part of one."""

_TEXT: Final[Schema] = {"type": "string"}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}
_COMMAND: Final[Schema] = {"type": ["string", "array", "null"], "items": _TEXT}
_NUMBER: Final[Schema] = {"type": ["number", "string"]}
_SWITCH: Final[Schema] = {"type": ["boolean", "string"]}
_PAIRS: Final[Schema] = {
    "type": ["object", "array"],
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    "items": _TEXT,
}
_DURATION: Final[Schema] = {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?(us|ms|s|m|h))+$"}
_ANY: Final[Schema] = {}


def _keys(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
    }


_HEALTHCHECK: Final = _keys(
    test=_COMMAND,
    interval=_DURATION,
    timeout=_DURATION,
    retries=_NUMBER,
    start_period=_DURATION,
    start_interval=_DURATION,
    disable=_SWITCH,
)

_PORT: Final[Schema] = {
    "anyOf": [
        {"type": "string", "pattern": r"^(\[?[0-9a-fA-F.:]+\]?:)?([0-9$][^:]*:)?[0-9$][^:]*(/(tcp|udp))?$"},
        {"type": "integer"},
        _keys(
            name=_TEXT,
            mode=_TEXT,
            host_ip=_TEXT,
            target={"type": ["integer", "string"]},
            published={"type": ["integer", "string"]},
            protocol=_TEXT,
            app_protocol=_TEXT,
        ),
    ]
}

_MOUNT: Final[Schema] = {
    "anyOf": [
        _TEXT,
        {
            **_keys(
                type={"enum": ["bind", "volume", "tmpfs", "cluster", "npipe", "image"]},
                source=_TEXT,
                target=_TEXT,
                read_only=_SWITCH,
                consistency=_TEXT,
                bind=_ANY,
                volume=_ANY,
                tmpfs=_ANY,
                image=_ANY,
            ),
            "required": ["type"],
        },
    ]
}

_FILE: Final[Schema] = {
    "anyOf": [_TEXT, _keys(source=_TEXT, target=_TEXT, uid=_TEXT, gid=_TEXT, mode={"type": ["number", "string"]})]
}

_DEPENDS: Final[Schema] = {
    "anyOf": [
        _TEXTS,
        {
            "type": "object",
            "additionalProperties": {
                **_keys(
                    condition={
                        "enum": ["service_started", "service_healthy", "service_completed_successfully"],
                    },
                    restart=_SWITCH,
                    required={"type": "boolean"},
                ),
                "required": ["condition"],
            },
        },
    ]
}

_RESOURCES: Final = _keys(
    limits=_keys(cpus=_NUMBER, memory=_TEXT, pids={"type": ["integer", "string"]}),
    reservations=_keys(cpus=_NUMBER, memory=_TEXT, generic_resources=_ANY, devices=_ANY),
)

_DEPLOY: Final = _keys(
    mode=_TEXT,
    endpoint_mode=_TEXT,
    replicas={"type": ["integer", "string"]},
    labels=_PAIRS,
    resources=_RESOURCES,
    restart_policy=_ANY,
    placement=_ANY,
    update_config=_ANY,
    rollback_config=_ANY,
)

_SERVICE: Final = _keys(
    image=_TEXT,
    build={"type": ["string", "object"]},
    command=_COMMAND,
    entrypoint=_COMMAND,
    environment=_PAIRS,
    env_file={"type": ["string", "array"]},
    ports={"type": "array", "items": _PORT},
    expose={"type": "array", "items": {"type": ["string", "number"]}},
    volumes={"type": "array", "items": _MOUNT},
    secrets={"type": "array", "items": _FILE},
    configs={"type": "array", "items": _FILE},
    depends_on=_DEPENDS,
    healthcheck=_HEALTHCHECK,
    deploy=_DEPLOY,
    networks={"type": ["array", "object"]},
    profiles=_TEXTS,
    user=_TEXT,
    read_only=_SWITCH,
    cap_add=_TEXTS,
    cap_drop=_TEXTS,
    security_opt=_TEXTS,
    tmpfs={"type": ["string", "array"], "items": _TEXT},
    restart={"type": "string", "pattern": r"^(no|always|unless-stopped|on-failure(:[0-9]+)?)$"},
    logging=_keys(driver=_TEXT, options={"type": "object"}),
    extra_hosts=_PAIRS,
    extends={"type": ["string", "object"]},
    labels=_PAIRS,
    network_mode=_TEXT,
    stop_grace_period=_DURATION,
    ulimits={"type": "object"},
    sysctls=_PAIRS,
    **dict.fromkeys(
        (
            *("annotations", "attach", "blkio_config", "cgroup", "cgroup_parent", "container_name", "cpu_count"),
            *("cpu_percent", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpus"),
            *("cpuset", "credential_spec", "develop", "device_cgroup_rules", "devices", "dns", "dns_opt"),
            *("dns_search", "domainname", "external_links", "gpus", "group_add", "hostname", "init", "ipc"),
            *("isolation", "label_file", "links", "mac_address", "mem_limit", "mem_reservation", "mem_swappiness"),
            *("memswap_limit", "models", "oom_kill_disable", "oom_score_adj", "pid", "pids_limit", "platform"),
            *("post_start", "pre_stop", "privileged", "provider", "pull_policy", "runtime", "scale", "shm_size"),
            *("stdin_open", "stop_signal", "storage_opt", "tty", "use_api_socket", "userns_mode", "uts"),
            *("volumes_from", "working_dir"),
        ),
        _ANY,
    ),
)

_SOURCE: Final[Schema] = {
    **_keys(
        name=_TEXT,
        file=_TEXT,
        environment=_TEXT,
        content=_TEXT,
        external=_ANY,
        driver=_TEXT,
        driver_opts=_ANY,
        labels=_PAIRS,
        template_driver=_TEXT,
    ),
    "minProperties": 1,
}

COMPOSE: Final[Schema] = {
    **_keys(
        name={"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        version=_TEXT,
        include={"type": "array"},
        services={"type": "object", "minProperties": 1, "additionalProperties": _SERVICE},
        networks={"type": "object", "additionalProperties": {"type": ["object", "null"]}},
        volumes={"type": "object", "additionalProperties": {"type": ["object", "null"]}},
        secrets={"type": "object", "additionalProperties": _SOURCE},
        configs={"type": "object", "additionalProperties": _SOURCE},
        models={"type": "object"},
    ),
    "required": ["services"],
}
"""The whole file."""
