"""What a Collector says of itself: health, zPages, its own metrics and log."""

from __future__ import annotations

from spanwise.deploy.collector import setting
from spanwise.deploy.collector.configuration import Configuration
from spanwise.deploy.collector.release import Component
from spanwise.semconv import attributes as attr


def watch(configuration: Configuration) -> None:
    """Add health check, zPages and the Collector's own telemetry."""
    configuration.add(Component.HEALTH, "", {"endpoint": f"{setting.HEALTH_HOST}:{setting.HEALTH_PORT}"})
    configuration.add(
        Component.ZPAGES,
        "",
        {"endpoint": f"127.0.0.1:{setting.ZPAGES_PORT}"},
        "Shows spans of the Collector itself; on loopback always.",
    )
    configuration.telemetry = {
        "resource": {"attributes": [{"name": attr.SERVICE_NAME, "value": configuration.service_name}]},
        "logs": {"level": "info", "encoding": "json"},
        "metrics": {
            "level": "normal",
            "readers": [
                {
                    "pull": {
                        "exporter": {
                            "prometheus": {
                                "host": str(setting.TELEMETRY_HOST),
                                "port": str(setting.TELEMETRY_PORT),
                            }
                        }
                    }
                }
            ],
        },
    }
    configuration.comment(
        "service",
        "telemetry",
        "metrics",
        text="Scraped, names end without _total; our rules take both forms.",
    )
