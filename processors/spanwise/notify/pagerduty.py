"""PagerDuty: one event of Events API v2, which opens or resolves an incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spanwise.alert import PagerDuty
from spanwise.notify.answer import Answer
from spanwise.notify.notice import FIRING, Notice, rfc3339
from spanwise.notify.post import is_private, post
from spanwise.notify.secret_file import HIDDEN, SecretError, read_secret
from spanwise.notify.text import cut


_ENQUEUE: Final = "https://events.pagerduty.com/v2/enqueue"
_SEVERITIES: Final = {"page": "critical", "ticket": "warning"}
_MOST_SUMMARY: Final = 1_024
_SOURCES: Final = ("service_name", "budget", "instance")


@dataclass(frozen=True, slots=True)
class PagerDutyChannel:
    """Sends to the service of an integration key. The fingerprint of a notice is the key of its incident.

    Notices of one alert are events of their own: each ends by itself.
    """

    pagerduty: PagerDuty
    way: str = "pagerduty"
    groups: bool = False

    def rendered(self, notice: Notice, *_: Notice) -> dict[str, object]:
        """What would be sent, with the integration key replaced."""
        return {"url": self.pagerduty.url or _ENQUEUE, "body": _document(notice, HIDDEN)}

    def deliver(self, notice: Notice, *_: Notice, timeout_s: float) -> Answer:
        """Send `notice`. PagerDuty answers 202; 429 and 5xx may be tried again, 400 never works."""
        try:
            key = read_secret(self.pagerduty.routing_key_file)
        except SecretError as error:
            return Answer(accepted=False, again=False, text=str(error))
        url = self.pagerduty.url or _ENQUEUE
        if not is_private(url):
            return Answer(accepted=False, again=False, text="url is no https address; the integration key is not sent")
        return post(url, _document(notice, key), secrets=(key,), timeout_s=timeout_s)


def _document(notice: Notice, key: str) -> dict[str, object]:
    event: dict[str, object] = {
        "routing_key": key,
        "event_action": "trigger" if notice.state == FIRING else "resolve",
        "dedup_key": f"spanwise-{notice.fingerprint}",
    }
    if notice.state != FIRING:
        return event
    links = [{"href": notice.runbook, "text": "Runbook"}] if notice.runbook.startswith(("http://", "https://")) else []
    source = next((notice.labels[name] for name in _SOURCES if notice.labels.get(name)), "spanwise")
    payload = {
        "summary": cut(notice.summary, _MOST_SUMMARY),
        "source": source,
        "severity": _SEVERITIES[notice.severity],
        "timestamp": rfc3339(notice.started_unix_s),
        "class": notice.id,
        "custom_details": {
            "description": notice.description,
            "value": notice.value,
            "runbook": notice.runbook,
            **{f"label {name}": value for name, value in notice.labels.items()},
        },
    }
    return {**event, "payload": payload, "client": "Spanwise", "links": links}
