"""What `spanwise run` puts into a program's environment, and what it leaves alone."""

from __future__ import annotations

import pytest

from spanwise.cli.child_environment import child_environment, service_name


RUN = "http://127.0.0.1:40000"


def test_nothing_set() -> None:
    """Without an endpoint of the user's, nothing is exported but to the run's own collector."""
    child = child_environment({}, ["python", "app.py"], RUN)
    assert child["SPANWISE_RUN_ENDPOINT"] == RUN
    assert child["OTEL_SERVICE_NAME"] == "app"
    exporters = [child[f"OTEL_{signal}_EXPORTER"] for signal in ("TRACES", "METRICS", "LOGS")]
    assert exporters == ["none", "none", "none"]


@pytest.mark.parametrize(
    ("endpoint", "protocol"),
    [("http://c:4318", "http/protobuf"), ("http://c:4317", "grpc"), ("https://c", "http/protobuf")],
)
def test_endpoint_of_the_user(endpoint: str, protocol: str) -> None:
    """The user's own export goes on, with the protocol of its port."""
    child = child_environment({"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}, ["app"], RUN)
    assert child["OTEL_TRACES_EXPORTER"] == "otlp"
    assert child["OTEL_EXPORTER_OTLP_PROTOCOL"] == protocol
    assert child["OTEL_EXPORTER_OTLP_ENDPOINT"] == endpoint


def test_what_is_set_stays() -> None:
    """Nothing that the user has set is overwritten."""
    mine = {
        "OTEL_TRACES_EXPORTER": "console",
        "OTEL_SERVICE_NAME": "shop",
        "OTEL_BSP_SCHEDULE_DELAY": "9",
        "SPANWISE_EXIT_TIMEOUT_S": "7",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTHER": "x",
    }
    child = child_environment(mine, ["python", "app.py"], RUN)
    assert {name: child[name] for name in mine} == mine


def test_service_name_among_resource_attributes() -> None:
    """A service name given as a resource attribute is the service's name."""
    child = child_environment({"OTEL_RESOURCE_ATTRIBUTES": "a=b, service.name=shop"}, ["app"], RUN)
    assert "OTEL_SERVICE_NAME" not in child


def test_configuration_file() -> None:
    """A declarative configuration decides about exporters alone."""
    child = child_environment({"OTEL_CONFIG_FILE": "otel.yaml"}, ["app"], RUN)
    assert "OTEL_TRACES_EXPORTER" not in child


def test_endpoint_of_an_outer_run() -> None:
    """Without a collector the endpoint of an outer run is not inherited."""
    assert "SPANWISE_RUN_ENDPOINT" not in child_environment({"SPANWISE_RUN_ENDPOINT": "http://old"}, ["app"], None)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["python", "app.py"], "app"),
        (["/usr/bin/python3.11", "-X", "dev", "-u", "src/shop.py", "--port", "1"], "shop"),
        (["python", "-m", "uvicorn", "shop:app"], "uvicorn"),
        (["python", "-c", "pass"], "python"),
        (["python"], "python"),
        (["/opt/bin/gunicorn", "shop:app"], "gunicorn"),
    ],
)
def test_service_name(command: list[str], name: str) -> None:
    """The service is called after what runs."""
    assert service_name(command) == name


def test_hook_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start-up hook precedes the user's own entries, once, however deep runs are nested."""
    first = child_environment({"PYTHONPATH": "/mine:/other"}, ["app"], RUN)["PYTHONPATH"].split(":")
    assert first[0].endswith("opentelemetry/instrumentation/auto_instrumentation")
    assert first[-2:] == ["/mine", "/other"]
    again = child_environment({"PYTHONPATH": ":".join(first)}, ["app"], RUN)["PYTHONPATH"].split(":")
    assert again == first
