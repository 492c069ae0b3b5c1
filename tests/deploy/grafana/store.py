"""A Prometheus of its own, filled with a shop's past and with what the recording rules would have recorded."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import yaml

from spanwise.deploy.prometheus import compile_prometheus
from spanwise.deploy.prometheus.group import groups
from spanwise.plan import Plan
from tests.deploy.grafana.shop import Shop
from tests.stack.http import answers, send
from tests.stack.port import free_ports
from tests.stack.process import Process


Series: TypeAlias = "dict[str, Any]"
"""One series as Prometheus answers it: `metric` and `value` or `values`."""

STEP_S: Final = 60
_OTLP: Final = {"Content-Type": "application/x-protobuf"}
_REMOTE: Final = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}
_LITERAL: Final = 60_000
_DAY_S: Final = 86_400
_QUIET_S: Final = 7_200


class Store:
    """A client of one Prometheus."""

    def __init__(self, url: str) -> None:
        self.url = url

    def query(self, expression: str, *, at_s: float) -> list[Series]:
        """The answer of an instant query."""
        return self._ask("query", query=expression, time=f"{at_s:.3f}")

    def range(self, expression: str, *, since_s: float, until_s: float, step_s: float = STEP_S) -> list[Series]:
        """The answer of a range query."""
        times = {"start": f"{since_s:.3f}", "end": f"{until_s:.3f}", "step": f"{step_s:g}"}
        return self._ask("query_range", query=expression, **times)

    def exemplars(self, expression: str, *, since_s: float, until_s: float) -> list[Series]:
        """Single measurements behind an expression."""
        return self._ask("query_exemplars", query=expression, start=f"{since_s:.3f}", end=f"{until_s:.3f}")

    def send(self, export: bytes) -> None:
        """Take in one OTLP export."""
        status, body = send(f"{self.url}/api/v1/otlp/v1/metrics", body=export, headers=_OTLP)
        assert status == 200, body

    def write(self, found: list[Series], name: str, labels: Mapping[str, str]) -> None:
        """Take in the answer of a range query as series of their own."""
        if not found:
            return
        message = b"".join(_series(one, {**one["metric"], **labels, "__name__": name}) for one in found)
        status, body = send(f"{self.url}/api/v1/write", body=_snappy(message), headers=_REMOTE)
        assert status in {200, 204}, body

    def _ask(self, what: str, **query: str) -> list[Series]:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, body = send(f"{self.url}/api/v1/{what}", body=urlencode(query).encode(), headers=form)
        assert status == 200, f"{query['query']}: {body[:500]!r}"
        data = json.loads(body)["data"]
        result: list[Series] = data if isinstance(data, list) else data["result"]
        return result


@contextmanager
def filled(
    folder: Path, program: Path, plan: Plan, *, hours: float, native: bool = False
) -> Iterator[tuple[Store, float]]:
    """A running Prometheus with so many hours of the shop, and the second in which its past ends.

    With `native` it makes native histograms of the classic ones that it is sent, and there are no rules.

    Rules of the policy are loaded at the end: what they would have recorded is computed and written, each record after
    those it may ask for; alerts are Prometheus' own.
    """
    with _running(folder, program, native=native) as store:
        ends_s = _end_of_the_past()
        for exports in Shop(ends_s - hours * 3600).minutes(ends_s, step_s=STEP_S):
            for export in exports:
                store.send(export)
        if native:
            yield store, ends_s
            return
        record(store, plan, since_s=ends_s - hours * 3600, until_s=ends_s)
        _write_rules(folder, plan)
        status, body = send(f"{store.url}/-/reload", body=b"")
        assert status == 200, body
        yield store, ends_s


def record(store: Store, plan: Plan, *, since_s: float, until_s: float) -> None:
    """Write what the recording rules would have recorded, and the alerts that would have fired, without their hold."""
    made = groups(plan)
    for one in (record for group in made for record in group.records):
        found = store.range(one.expression, since_s=since_s, until_s=until_s)
        store.write(found, one.name, one.labels)
    for rule in (rule for group in made for rule in group.rules):
        found = store.range(rule.expression, since_s=since_s, until_s=until_s, step_s=STEP_S)
        for series in found:
            series["values"] = [[at, "1"] for at, _ in series["values"]]
        store.write(found, "ALERTS", {**rule.labels, "alertname": rule.alert.title, "alertstate": "firing"})


def _end_of_the_past() -> float:
    """Now, or before midnight (UTC) in the first two hours of a day: then nothing of its budgets is spent yet."""
    now_s = time.time() // STEP_S * STEP_S
    since_midnight_s = now_s % _DAY_S
    return now_s - since_midnight_s - 600 if since_midnight_s < _QUIET_S else now_s


@contextmanager
def _running(folder: Path, program: Path, *, native: bool) -> Iterator[Store]:
    (port,) = free_ports(1)
    config = folder / "prometheus.yaml"
    rendered = next(one for one in compile_prometheus(Plan()) if one.path.name == "prometheus.yaml")
    document = yaml.safe_load(rendered.text)
    document |= {"scrape_configs": [], "storage": {"tsdb": {"out_of_order_time_window": "8d"}}}
    document["otlp"]["convert_histograms_to_nhcb"] = native
    document.pop("alerting")
    config.write_text(yaml.safe_dump(document), encoding="utf-8")
    url = f"http://127.0.0.1:{port}"
    command: list[str | Path] = [
        program,
        f"--config.file={config}",
        f"--web.listen-address=127.0.0.1:{port}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--storage.tsdb.retention.time=90d",
        "--web.enable-otlp-receiver",
        "--web.enable-remote-write-receiver",
        "--web.enable-lifecycle",
        "--enable-feature=exemplar-storage",
    ]
    log = folder / "prometheus.log"
    with Process("prometheus", command, log=log, is_ready=lambda: answers(f"{url}/-/ready")):
        yield Store(url)


def _write_rules(folder: Path, plan: Plan) -> None:
    (folder / "rules").mkdir(exist_ok=True)
    for artefact in compile_prometheus(plan):
        if artefact.path.parts[0] == "rules":
            (folder / artefact.path).write_text(artefact.text, encoding="utf-8")


def _series(one: Series, labels: Mapping[str, str]) -> bytes:
    """A `TimeSeries` of the remote-write protocol, version 1, in protobuf."""
    named = b"".join(
        _field(1, _field(1, key.encode()) + _field(2, value.encode())) for key, value in sorted(labels.items())
    )
    samples = b"".join(
        _field(2, b"\x09" + struct.pack("<d", float(value)) + b"\x10" + _number(int(float(at) * 1000)))
        for at, value in one["values"]
    )
    return _field(1, named + samples)


def _field(number: int, value: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _number(len(value)) + value


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _snappy(data: bytes) -> bytes:
    """`data` in the block format of Snappy, all of it literal: valid, and not smaller."""
    parts = [_number(len(data))]
    for at in range(0, len(data), _LITERAL):
        piece = data[at : at + _LITERAL]
        parts.append(bytes([61 << 2]) + struct.pack("<H", len(piece) - 1) + piece)
    return b"".join(parts)
