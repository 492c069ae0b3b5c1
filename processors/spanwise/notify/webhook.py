"""Webhooks: the JSON of Alertmanager, version 4, so that what takes Alertmanager's posts takes ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from spanwise.alert import Webhook
from spanwise.notify.answer import Answer
from spanwise.notify.notice import Notice, rfc3339
from spanwise.notify.post import post
from spanwise.notify.secret_file import HIDDEN, SecretError, read_secret


_GROUPED_BY: Final = ("alertname", "service_name", "deployment_environment_name", "budget")
_NEVER: Final = "0001-01-01T00:00:00Z"
"""How Alertmanager writes the end of what has not ended."""


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Posts to `webhook.url`; notices of one alert that are told together are one post, as of Alertmanager."""

    receiver: str
    webhook: Webhook
    way: str = "webhook"
    groups: bool = True

    def rendered(self, notice: Notice, *others: Notice) -> dict[str, object]:
        """What would be sent, with the token replaced."""
        authorization = {"Authorization": f"Bearer {HIDDEN}"} if self.webhook.token_file else {}
        return {"url": self.webhook.url, "headers": authorization, "body": self._document(notice, *others)}

    def deliver(self, notice: Notice, *others: Notice, timeout_s: float) -> Answer:
        """Post `notice`."""
        headers: dict[str, str] = {}
        secrets: tuple[str, ...] = ()
        if self.webhook.token_file:
            try:
                token = read_secret(self.webhook.token_file)
            except SecretError as error:
                return Answer(accepted=False, again=False, text=str(error))
            if not token.isascii():
                return Answer(accepted=False, again=False, text=f"{self.webhook.token_file} holds no bearer token")
            headers, secrets = {"Authorization": f"Bearer {token}"}, (token,)
        return post(
            self.webhook.url, self._document(notice, *others), headers=headers, secrets=secrets, timeout_s=timeout_s
        )

    def _document(self, notice: Notice, *others: Notice) -> dict[str, object]:
        alerts = [_alert(each) for each in (notice, *others)]
        labels = _common([each.all_labels for each in (notice, *others)])
        grouped = {name: labels[name] for name in _GROUPED_BY if name in labels}
        written = ", ".join(f'{name}="{value}"' for name, value in sorted(grouped.items()))
        return {
            "version": "4",
            "groupKey": f'{{}}/{{severity="{notice.severity}"}}:{{{written}}}',
            "truncatedAlerts": 0,
            "status": notice.state,
            "receiver": self.receiver,
            "groupLabels": grouped,
            "commonLabels": labels,
            "commonAnnotations": _common([_annotations(each) for each in (notice, *others)]),
            "externalURL": "",
            "alerts": alerts,
        }


def _alert(notice: Notice) -> dict[str, object]:
    return {
        "status": notice.state,
        "labels": notice.all_labels,
        "annotations": _annotations(notice),
        "startsAt": rfc3339(notice.started_unix_s),
        "endsAt": _NEVER if notice.ended_unix_s is None else rfc3339(notice.ended_unix_s),
        "generatorURL": "",
        "fingerprint": notice.fingerprint,
    }


def _annotations(notice: Notice) -> dict[str, str]:
    return {"summary": notice.summary, "description": notice.description, "runbook_url": notice.runbook}


def _common(of: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What all of them say alike."""
    return {name: value for name, value in of[0].items() if all(each.get(name) == value for each in of)}
